namespace NetGen.Generator.Model;

/// <summary>A network as the user wrote it. Immutable, value-equal, free of Roslyn types: it is the incremental cache key.</summary>
/// <remarks>Everything that is generated is a pure function of this record, so equal declarations need no second look.</remarks>
/// <param name="Type">The class to complete.</param>
/// <param name="Network">The <c>[Network]</c> attribute: its <c>inputShape</c> and the defaults for the layers.</param>
/// <param name="Layers">Layer and loss attributes in source order.</param>
internal sealed record NetworkDecl(TypeDecl Type, LayerDecl Network, EquatableArray<LayerDecl> Layers);

/// <summary>The class to complete.</summary>
/// <param name="Namespace">Full namespace, each part with @ where it is a keyword, or empty for the global one.</param>
/// <param name="Name">Simple name, with @ where it is a keyword.</param>
/// <param name="Accessibility">Its C# accessibility keyword or keywords.</param>
internal sealed record TypeDecl(string Namespace, string Name, string Accessibility)
{
    /// <summary>How many classes before it have the same name but for upper and lower case.</summary>
    public int Twins { get; init; }

    /// <summary>Namespace and name without any @, the prefix of the generated files' names; unique without regard to case.</summary>
    public string FullName =>
        (Namespace.Length == 0 ? Name : $"{Namespace}.{Name}").Replace("@", "")
        + (Twins == 0 ? "" : FormattableString.Invariant($"-{Twins + 1}"));
}

/// <summary>One attribute of the declaration.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Dense</c>.</param>
/// <param name="Arguments">Constructor arguments under their parameter names, then the named ones. Only what the user wrote
/// and the constructor's own defaults; what is absent takes the network's default.</param>
internal sealed record LayerDecl(string Kind, EquatableArray<ArgumentDecl> Arguments)
{
    /// <summary>The insertion of a block that it belongs to; null for the network's own layers.</summary>
    public BlockDecl? Block { get; init; }

    /// <summary>The argument's value, or the default where the user gave none.</summary>
    public T Get<T>(string name, T otherwise)
    {
        foreach (ArgumentDecl argument in Arguments)
        {
            if (argument.Name == name && argument.Value is T value)
                return value;
        }

        return otherwise;
    }
}

/// <summary>A named constant.</summary>
/// <param name="Name">Parameter or property name as the attribute declares it: <c>units</c>, <c>Bias</c>.</param>
/// <param name="Value">An int, float, bool or string, the int of an enum,
/// or an <see cref="EquatableArray{T}"/> of int or float; never null.</param>
internal sealed record ArgumentDecl(string Name, object Value);
