namespace NetGen.Generator.Model;

/// <summary>Names of layers: the given one, or the kind in lower case (or the word for its family) and its number: <c>dense2</c>,
/// <c>norm1</c>; inside a block behind the block's name.</summary>
internal static class LayerNames
{
    /// <summary>One name per entry of <paramref name="layers"/>, in the same order.</summary>
    /// <remarks>A kind is counted over all its layers, named or not: to name one layer does not rename the ones behind it.</remarks>
    public static IReadOnlyList<string> Of(IReadOnlyList<LayerDecl> layers)
    {
        Dictionary<(int Instance, string Prefix), int> counts = [];
        List<string> names = new(layers.Count);
        foreach (LayerDecl layer in layers)
        {
            (int Instance, string Prefix) key = (layer.Block?.Instance ?? 0, PrefixOf(layer.Kind));
            counts.TryGetValue(key, out int count);
            counts[key] = ++count;
            names.Add(layer.Block?.Prefix + (GivenTo(layer) ?? FormattableString.Invariant($"{key.Prefix}{count}")));
        }

        return names;
    }

    /// <summary>What the automatic names of a kind start with; several kinds may be counted together.</summary>
    private static string PrefixOf(string kind) => kind switch
    {
        "Conv1D" or "Conv2D" => "conv",
        "ConvTranspose2D" => "deconv",
        "DepthwiseConv2D" => "depthwise",
        "SeparableConv2D" => "separable",
        "BatchNorm" or "LayerNorm" or "GroupNorm" or "RMSNorm" => "norm",
        _ => kind.ToLowerInvariant(),
    };

    /// <summary>The name the user gave, or null.</summary>
    public static string? GivenTo(LayerDecl layer) => layer.Get<string?>("Name", null);

    /// <summary>Whether a name can prefix a parameter's: ASCII letters, digits and _, in parts joined by single dots.</summary>
    public static bool IsValid(string name)
    {
        foreach (string part in name.Split('.'))
        {
            if (part.Length == 0)
                return false;
            foreach (char c in part)
            {
                if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_'))
                    return false;
            }
        }

        return true;
    }
}
