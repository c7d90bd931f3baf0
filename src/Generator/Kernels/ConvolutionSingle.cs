using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>A convolution of one sample, which lies as documented: [channel][row][column].</summary>
internal sealed class ConvolutionSingle(ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation) : Kernel
{
    public override string Name => $"{geometry.Key}{(hasBias ? "" : "NoBias")}{activation?.Name}Single";

    public override string Summary => $"y = {activation?.Name}(w ⋆ x{(hasBias ? " + b" : "")}) for one sample. Shapes: "
        + (geometry.IsTransposed ? geometry.Shapes("y", "x") : geometry.Shapes("x", "y")) + ".";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Shared("x"), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(), KernelParameter.Shared("y"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => EmitScalar(w);

    public override void EmitScalar(SourceWriter w)
    {
        w.Line("ref float operand = ref x;");
        w.Line("ref float result = ref y;");
        new ConvolutionLoops(geometry, 1, !geometry.IsTransposed, "x", InstructionSet.Scalar)
            .Emit(w, hasBias, (sum, _) => activation is null ? sum : activation.Value(InstructionSet.Scalar, sum));
    }
}
