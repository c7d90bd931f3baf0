using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>dw[c, ky, kx, o] = Σ x[c, py · stride + ky · dilation - padding, …] · dy[o, py, px] over positions and samples, for the rows of one worker.</summary>
/// <remarks>
/// Vectors run over the samples and are summed at the end; lanes of nobody hold 0. A row of the gradient is all that belongs to one (c, ky),
/// or, in a transposed convolution, to one o: rows lie back to back. Every element is summed in a fixed order, whatever the split.
/// </remarks>
internal sealed class ConvolutionWeightGradient(ConvolutionGeometry geometry) : Kernel
{
    /// <summary>Floats of the gradients that are computed before the optimizer takes them: they then still are in the first-level cache.</summary>
    private const int ChunkFloats = 4096;

    /// <summary>Rows of the gradient.</summary>
    public int Rows => geometry.IsTransposed ? geometry.Outputs : geometry.InputsPerGroup * geometry.Y.Kernel;

    /// <summary>Floats of a row.</summary>
    public int RowLength => geometry.IsTransposed ? geometry.OutputStride : geometry.RowStride;

    /// <summary>Rows that stay together where the work is split.</summary>
    public int Granularity => 1;

    /// <summary>Rows of a chunk.</summary>
    public int ChunkRows => Math.Max(1, ChunkFloats / (Granularity * RowLength)) * Granularity;

    public override string Name => geometry.Key + "WeightGradient";

    public override string Summary =>
        $"dw[c, ky, kx, o] = Σ {Input}[c, py · stride + ky · dilation - padding, …] · {Output}[o, py, px] over the batch, for rows first to last, the first at target; update stores it or applies it to the weights. Shapes: {geometry.Shapes(Input, Output)}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("x"), KernelParameter.Block("dy"), KernelParameter.Shared("target"), KernelParameter.Shared("state"),
        KernelParameter.Update(), KernelParameter.Int("stride"), KernelParameter.Int("samples"), KernelParameter.Int("first"),
        KernelParameter.Int("last"),
    ];

    /// <summary>What lies on the side of the convolution's input.</summary>
    private string Input => geometry.IsTransposed ? "dy" : "x";

    private string Output => geometry.IsTransposed ? "x" : "dy";

    public override void EmitVector(SourceWriter w, InstructionSet isa) => EmitLoops(w, isa);

    public override void EmitScalar(SourceWriter w) => EmitLoops(w, InstructionSet.Scalar);

    /// <summary>The textbook loops, one weight at a time.</summary>
    private void EmitLoops(SourceWriter w, InstructionSet isa)
    {
        using (w.Open("for (int row = first; row < last; row++)"))
        using (w.OpenIf(!geometry.IsTransposed, $"for (int o = 0; o < {geometry.Outputs}; o++)"))
        using (w.OpenIf(geometry.IsTransposed, $"for (int c = 0; c < {geometry.InputsPerGroup}; c++)"))
        using (w.OpenIf(geometry.IsTransposed, $"for (int ky = 0; ky < {geometry.Y.Kernel}; ky++)"))
        using (w.Open($"for (int kx = 0; kx < {geometry.X.Kernel}; kx++)"))
        {
            if (geometry.IsTransposed)
                w.Line("int o = row;");
            else
                w.Line($"int c = row / {geometry.Y.Kernel}, ky = row % {geometry.Y.Kernel};");
            w.Line($"{isa.Type} sum = {isa.Zero};");
            string channel = geometry.Groups == 1 ? "c" : $"(o / {geometry.OutputsPerGroup} * {geometry.InputsPerGroup} + c)";
            using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
            using (w.Open($"for (int py = 0; py < {geometry.Y.Output}; py++)"))
            {
                EmitPosition(w, "y", geometry.Y);
                using (w.Open($"for (int px = 0; px < {geometry.X.Output}; px++)"))
                {
                    EmitPosition(w, "x", geometry.X);
                    w.Line($"int at = {Panel.Lane} + (({channel} * {geometry.Y.Input} + iy) * {geometry.X.Input} + ix) * {Panel.Lanes};");
                    w.Line($"int other = {Panel.Lane} + ((o * {geometry.Y.Output} + py) * {geometry.X.Output} + px) * {Panel.Lanes};");
                    w.Line($"sum = {isa.MultiplyAdd(isa.At(Input, "at"), isa.At(Output, "other"), "sum")};");
                }
            }

            string offset = geometry.IsTransposed
                ? $"(row - first) * {RowLength} + (c * {geometry.Y.Kernel} + ky) * {geometry.X.Kernel} + kx"
                : $"(row - first) * {RowLength} + kx * {geometry.Outputs} + o";
            w.Line($"update.Apply(ref target, ref state, {offset}, {(isa.IsScalar ? "sum" : "Sum(sum)")});");
        }
    }

    private static void EmitPosition(SourceWriter w, string axisName, ConvolutionAxis axis)
    {
        w.Line($"int i{axisName} = p{axisName} * {axis.Stride} + k{axisName} * {axis.Dilation} - {axis.Padding};");
        w.Line($"if ((uint)i{axisName} >= {axis.Input})");
        w.Line("    continue;");
    }
}
