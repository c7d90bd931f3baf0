using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>A convolution, or the input gradient of one, for blocks of samples: each lane is a sample.</summary>
/// <remarks>
/// The two are one loop nest: every position of the result sums over channels and taps of the operand. A transposed convolution is the
/// input gradient of the convolution that describes it, and the other way round.
/// </remarks>
internal sealed class ConvolutionProduct : Kernel
{
    private readonly ConvolutionGeometry geometry;
    private readonly bool gathers, isForward, hasBias, isScaled;
    private readonly ElementwiseFunction? activation;
    private readonly string operand, result;

    private ConvolutionProduct(ConvolutionGeometry geometry, bool isForward, bool hasBias, bool isScaled, ElementwiseFunction? activation)
    {
        this.isScaled = isScaled;
        this.geometry = geometry;
        this.isForward = isForward;
        this.hasBias = hasBias;
        this.activation = activation;
        gathers = isForward != geometry.IsTransposed;
        operand = isForward ? "x" : "dy";
        result = isForward ? "y" : "dx";
    }

    public override string Name =>
        geometry.Key + (isForward ? hasBias ? "" : "NoBias" : "InputGradient") + OutputScaling.Name(isScaled) + activation?.Name;

    public override string Summary
    {
        get
        {
            string sum = gathers
                ? $"Σ w[c, k, o] · {operand}[c, position · stride + k · dilation - padding]{(hasBias ? " + b[o]" : "")}"
                : $"Σ w[c, k, o] · {operand}[o, (position + padding - k · dilation) / stride]{(hasBias ? " + b[c]" : "")}";
            sum = OutputScaling.Formula(isScaled, sum);
            string whole = activation is null ? sum
                : isForward ? $"{activation.Name}({sum})" : $"{sum}, then times the derivative of {activation.Name}";
            (string input, string output) = gathers ? (operand, result) : (result, operand);
            return $"{result}[{(gathers ? "o" : "c")}, position] = {whole}, for blocks of samples. Shapes: {geometry.Shapes(input, output)}.";
        }
    }

    public override bool SplitsTail => true;

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Block(operand), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(), .. OutputScaling.Parameters(isScaled),
        .. !isForward && activation is not null ? [KernelParameter.Block("saved")] : Array.Empty<KernelParameter>(),
        KernelParameter.Block(result), KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    /// <summary>y = f(w ⋆ x + b), or f(scale · (w ⋆ x + b) + shift).</summary>
    public static ConvolutionProduct Forward(ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation, bool isScaled = false) =>
        new(geometry, isForward: true, hasBias, isScaled, activation);

    /// <summary>The gradient of x from that of y, times the derivative of the activation before the layer where that is fused.</summary>
    public static ConvolutionProduct InputGradient(ConvolutionGeometry geometry, ElementwiseFunction? activation) =>
        new(geometry, isForward: false, hasBias: false, isScaled: false, activation);

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (!ConvolutionTiles.Fit(geometry, isa, gathers))
        {
            EmitLoops(w, isa);
            return;
        }

        new ConvolutionTiles(geometry, isa, gathers, hasBias, operand, result, (sum, saved) => Finish(isa, sum, saved))
        {
            ReadsSaved = !isForward && activation is not null,
            IsScaled = isScaled,
        }.Emit(w);
    }

    public override void EmitScalar(SourceWriter w) => EmitLoops(w, InstructionSet.Scalar);

    /// <summary>The textbook loops, one result at a time.</summary>
    private void EmitLoops(SourceWriter w, InstructionSet isa)
    {
        ConvolutionLoops loops = new(geometry, gathers, operand, isa);
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        {
            w.Line($"ref float operand = ref Unsafe.Add(ref {operand}, {Panel.Lane});");
            w.Line($"ref float result = ref Unsafe.Add(ref {result}, {Panel.Lane});");
            loops.Emit(w, hasBias, (sum, at, channel) => Finish(
                isa, OutputScaling.Broadcast(isScaled, isa, sum, $"Unsafe.Add(ref scale, {channel})", $"Unsafe.Add(ref shift, {channel})"),
                isa.At("saved", $"{Panel.Lane} + {at}")));
        }
    }

    private string Finish(InstructionSet isa, string sum, string saved) => activation is null
        ? sum
        : isForward ? activation.Value(isa, sum) : activation.Gradient(isa, sum, saved);
}
