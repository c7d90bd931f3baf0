using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>The loops of a normalisation over groups of channels, for blocks of samples.</summary>
/// <param name="shape">The groups.</param>
/// <param name="tile">Vectors of samples that one round takes.</param>
internal sealed class GroupLoops(NormShape shape, LaneTile tile)
{
    /// <summary>Offset of a value that every group has one of.</summary>
    public string Kept => $"{tile.Start}{(shape.GroupCount > 1 ? $" + g * {Panel.Lanes}" : "")}";

    /// <summary>Prints a body for every group, with references to the group's first float: xs for x.</summary>
    public void ForEachGroup(SourceWriter w, string[] operands, Action body)
    {
        using (tile.OpenLoop(w))
        using (w.OpenIf(shape.GroupCount > 1, $"for (int g = 0; g < {shape.GroupCount}; g++)"))
        {
            string group = shape.GroupCount > 1 ? $"{tile.Start} + g * {shape.GroupLength * Panel.Lanes}" : tile.Start;
            foreach (string operand in operands)
                w.Line($"ref float {operand}s = ref Unsafe.Add(ref {operand}, {group});");
            body();
        }
    }

    /// <summary>Prints what is done for every channel of a group, and a body for every offset i of the channel's values.</summary>
    /// <param name="w">Takes the text.</param>
    /// <param name="start">What comes first; it takes the channel's place among the parameters.</param>
    /// <param name="body">What is done with the vectors at i.</param>
    public void ForEachValue(SourceWriter w, Action<string> start, Action<int> body)
    {
        using (w.Open($"for (int c = 0; c < {shape.GroupChannels}; c++)"))
        {
            start(shape.Groups > 1 ? $"g * {shape.GroupChannels} + c" : "c");
            string first = $"c * {shape.Inner * Panel.Lanes}";
            if (shape.Inner == 1)
                w.Line($"int i = {first};");
            using (w.OpenIf(shape.Inner > 1, $"for (int i = {first}; i < (c + 1) * {shape.Inner * Panel.Lanes}; i += {Panel.Lanes})"))
                tile.ForEach(body);
        }
    }
}
