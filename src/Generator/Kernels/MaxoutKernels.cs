using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>y[g] = max x[g · k + j] for blocks of samples.</summary>
/// <param name="axis">Where the groups lie in y.</param>
/// <param name="pieces">k, units of a group.</param>
internal sealed class MaxoutKernel(UnitAxis axis, int pieces) : Kernel
{
    public override string Name => $"Maxout{pieces}To{axis.Suffix}";

    public override string Summary =>
        $"y[g] = max x[{pieces} g + j], j to {pieces - 1}, for blocks of samples. Shapes: x [{pieces * axis.Length}], y [{axis.Length}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa) => MaxoutGroups.ForEach(w, isa, axis, pieces, ["x"], ["y"], width =>
    {
        w.Line($"{isa.Type} largest = {isa.At("xs", "i")};");
        w.Line($"for (int j = {width}; j < {pieces * width}; j += {width})");
        w.Line($"    largest = {isa.Max("largest", isa.At("xs", "i + j"))};");
        w.Line($"{isa.At("ys", "i")} = largest;");
    });
}

/// <summary>dx[g · k + j] = dy[g] for the first largest of the group, else 0, for blocks of samples.</summary>
/// <param name="axis">Where the groups lie in y.</param>
/// <param name="pieces">k, units of a group.</param>
internal sealed class MaxoutGradientKernel(UnitAxis axis, int pieces) : Kernel
{
    public override string Name => $"Maxout{pieces}To{axis.Suffix}Gradient";

    public override string Summary =>
        $"dx[{pieces} g + j] = dy[g] for the first j with x[{pieces} g + j] = y[g], else 0, for blocks of samples. "
        + $"Shapes: dy, y [{axis.Length}], x, dx [{pieces * axis.Length}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Block("dx"),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa) => MaxoutGroups.ForEach(w, isa, axis, pieces, ["x", "dx"], ["dy", "y"], width =>
    {
        w.Line("// What no unit has claimed yet: the first largest one takes it all.");
        w.Line($"{isa.Type} left = {isa.At("dys", "i")}, largest = {isa.At("ys", "i")};");
        using (w.Open($"for (int j = 0; j < {pieces * width}; j += {width})"))
        {
            w.Line($"{isa.Type} xj = {isa.At("xs", "i + j")};");
            w.Line($"{isa.At("dxs", "i + j")} = {isa.Select(isa.GreaterThan("largest", "xj"), isa.Zero, "left")};");
            w.Line($"left = {isa.Select(isa.GreaterThan("largest", "xj"), "left", isa.Zero)};");
        }
    });
}

/// <summary>y[g] = max x[g · k + j] for one sample. Writes y and nothing behind it.</summary>
/// <param name="axis">Where the groups lie in y.</param>
/// <param name="pieces">k, units of a group.</param>
internal sealed class MaxoutSingle(UnitAxis axis, int pieces) : Kernel
{
    public override string Name => $"Maxout{pieces}To{axis.Suffix}Single";

    public override string Summary =>
        $"y[g] = max x[{pieces} g + j], j to {pieces - 1}, for one sample. Shapes: x [{pieces * axis.Length}], y [{axis.Length}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } = [KernelParameter.Shared("x"), KernelParameter.Shared("y")];

    /// <summary>Images have neighbours of one unit for vectors; elsewhere the units of a group lie side by side, so floats are
    /// taken.</summary>
    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (axis.Inner == 1)
        {
            EmitScalar(w);
            return;
        }

        using (w.Open($"for (int g = 0; g < {axis.Units}; g++)"))
        {
            w.Line($"ref float xs = ref Unsafe.Add(ref x, g * {pieces * axis.Inner});");
            w.Line($"ref float ys = ref Unsafe.Add(ref y, g * {axis.Inner});");
            LaneGroup.ForEach(w, LaneGroup.Split(isa, axis.Inner), (group, o) =>
            {
                w.Line($"ref float c = ref {Address.At("ys", o)};");
                for (int v = 0; v < group.Vectors.Count; v++)
                {
                    LaneVector vector = group.Vectors[v];
                    string at = group.Position(o, vector);
                    w.Line($"{vector.Isa.Type} largest{v} = {vector.Isa.At("xs", at)};");
                    w.Line($"for (int j = {axis.Inner}; j < {pieces * axis.Inner}; j += {axis.Inner})");
                    w.Line($"    largest{v} = {vector.Isa.Max($"largest{v}", vector.Isa.At("xs", $"j + {at}"))};");
                    vector.EmitStore(w, $"largest{v}", "c", vector.Offset);
                }
            });
        }
    }

    /// <summary>The groups of a vector or of a sequence lie one after the other, whatever the row.</summary>
    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open($"for (int g = 0; g < {axis.Outer * axis.Units}; g++)"))
        using (w.OpenIf(axis.Inner > 1, $"for (int i = 0; i < {axis.Inner}; i++)"))
        {
            string inner = axis.Inner > 1 ? " + i" : "";
            w.Line($"ref float xs = ref Unsafe.Add(ref x, g * {pieces * axis.Inner}{inner});");
            w.Line("float largest = xs;");
            w.Line($"for (int j = {axis.Inner}; j < {pieces * axis.Inner}; j += {axis.Inner})");
            w.Line("    largest = MathF.Max(largest, Unsafe.Add(ref xs, j));");
            w.Line($"Unsafe.Add(ref y, g * {axis.Inner}{inner}) = largest;");
        }
    }
}

/// <summary>The loop that Maxout's kernels share.</summary>
internal static class MaxoutGroups
{
    /// <summary>Prints a body for every group and vector i of samples, with references to the group's first unit (or the group itself): xs
    /// for x.</summary>
    /// <param name="w">Receives the text.</param>
    /// <param name="isa">The rung.</param>
    /// <param name="axis">Where the groups lie.</param>
    /// <param name="pieces">Units of a group.</param>
    /// <param name="unitValues">What has a place for every unit.</param>
    /// <param name="groupValues">What has a place for every group.</param>
    /// <param name="body">Takes the floats from one unit to the next.</param>
    public static void ForEach(
        SourceWriter w, InstructionSet isa, UnitAxis axis, int pieces, string[] unitValues, string[] groupValues, Action<int> body)
    {
        int width = axis.Inner * Panel.Lanes;
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        using (w.Open($"for (int g = 0; g < {axis.Outer * axis.Units}; g++)"))
        {
            w.Line($"int start = {Panel.Start} + g * {width}, units = {Panel.Start} + g * {pieces * width};");
            foreach (string value in unitValues)
                w.Line($"ref float {value}s = ref Unsafe.Add(ref {value}, units);");
            foreach (string value in groupValues)
                w.Line($"ref float {value}s = ref Unsafe.Add(ref {value}, start);");
            using (w.Open($"for (int i = 0; i < {width}; i += {isa.Lanes})"))
                body(width);
        }
    }
}
