using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>Copies an image into a frame of zeros, or back out of it.</summary>
/// <param name="geometry">The two images.</param>
/// <param name="lanes">Samples of a block, or 1 for a single sample.</param>
/// <param name="pads">Into the frame.</param>
internal sealed class FrameKernel(FrameGeometry geometry, int lanes, bool pads) : Kernel
{
    public override string Name =>
        $"{(pads ? "ZeroPad" : "Crop")}{geometry.Channels}x{geometry.Height}x{geometry.Width}In{geometry.OuterHeight}x{geometry.OuterWidth}"
        + $"At{geometry.Top}x{geometry.Left}{(lanes == 1 ? "Single" : "")}";

    public override string Summary => pads
        ? $"y = x inside a frame of zeros. Shapes: {Inner} → {Outer}."
        : $"y = x without its frame. Shapes: {Outer} → {Inner}.";

    public override IReadOnlyList<KernelParameter> Parameters => lanes == 1
        ? [KernelParameter.Shared("x"), KernelParameter.Shared("y")]
        : [KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    private string Inner => $"[{geometry.Channels}, {geometry.Height}, {geometry.Width}]";

    private string Outer => $"[{geometry.Channels}, {geometry.OuterHeight}, {geometry.OuterWidth}]";

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.OpenIf(lanes > 1, $"for (int s = 0; s < samples; s += {lanes})"))
        {
            string start = lanes > 1 ? Panel.Start : "0";
            int row = geometry.Width * lanes, outerRow = geometry.OuterWidth * lanes;
            if (pads)
            {
                w.Line($"ref float frame = ref {Address.At("y", start)};");
                EmitRow(w, isa, geometry.Channels * geometry.OuterHeight * outerRow, "frame", (own, _) => own.Zero, "0f");
            }

            using (w.Open($"for (int c = 0; c < {geometry.Channels}; c++)"))
            using (w.Open($"for (int i = 0; i < {geometry.Height}; i++)"))
            {
                string inner = $"(c * {geometry.Height} + i) * {row}";
                string outer = $"(c * {geometry.OuterHeight} + i + {geometry.Top}) * {outerRow} + {geometry.Left * lanes}";
                string block = lanes > 1 ? start + " + " : "";
                w.Line($"ref float source = ref Unsafe.Add(ref x, {block}{(pads ? inner : outer)});");
                w.Line($"ref float target = ref Unsafe.Add(ref y, {block}{(pads ? outer : inner)});");
                EmitRow(w, isa, row, "target", (own, at) => own.At("source", at), "Unsafe.Add(ref source, k)");
            }
        }
    }

    /// <summary>Sets neighbouring floats: whole vectors, of which the last one starts earlier where it would run over the end, or single
    /// floats where they do not fill one.</summary>
    private static void EmitRow(
        SourceWriter w, InstructionSet isa, int floats, string target, Func<InstructionSet, string, string> vector, string scalar)
    {
        InstructionSet own = isa;
        while (own.Lanes > 4 && own.Lanes > floats)
            own = isa.Narrow(own.Lanes / 2);
        int whole = floats / own.Lanes * own.Lanes;
        if (whole > own.Lanes)
        {
            w.Line($"for (int k = 0; k < {whole}; k += {own.Lanes})");
            w.Line($"    {own.At(target, "k")} = {vector(own, "k")};");
        }
        else if (whole > 0)
        {
            w.Line($"{own.At(target, 0)} = {vector(own, "0")};");
        }

        if (whole == floats)
            return;
        if (whole > 0)
        {
            string last = Identifier.Text(floats - own.Lanes);
            w.Line($"{own.At(target, last)} = {vector(own, last)};");
            return;
        }

        w.Line($"for (int k = 0; k < {floats}; k++)");
        w.Line($"    Unsafe.Add(ref {target}, k) = {scalar};");
    }
}
