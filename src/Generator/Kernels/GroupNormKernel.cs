using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y[c] = f(weight[c] · (x[c] - mean) / √(variance + ε) + bias[c]) with mean and variance over each group of each sample, for
/// blocks of samples: each lane is a sample. RMSNorm takes the mean square in place of the variance, and 0 as mean.</summary>
/// <remarks>
/// Two passes, the second of which corrects what rounding left in the mean: Chan, Golub and LeVeque, Algorithms for computing the sample
/// variance, 1983, equation 1.7. Where the derivative is needed, mean and 1 / √(variance + ε) are kept.
/// </remarks>
internal sealed class GroupNormKernel(
    NormShape shape, float epsilon, bool isCentered, bool hasBias, bool saves, ElementwiseFunction? activation) : Kernel
{
    public override string Name => NameOf(shape, epsilon, isCentered, hasBias, activation) + (saves ? "Saving" : "");

    public override string Summary =>
        $"{Formula(isCentered, hasBias, activation)} for blocks of samples. Shapes: x, y {shape}, weight [{shape.Channels}].";

    public override IReadOnlyList<KernelParameter> Parameters
    {
        get
        {
            List<KernelParameter> parameters = [KernelParameter.Block("x"), KernelParameter.Shared("weight")];
            if (hasBias)
                parameters.Add(KernelParameter.Shared("bias"));
            parameters.Add(KernelParameter.Block("y"));
            if (saves && isCentered)
                parameters.Add(KernelParameter.Block("mean"));
            if (saves)
                parameters.Add(KernelParameter.Block("root"));
            return [.. parameters, KernelParameter.Int("stride"), KernelParameter.Int("samples")];
        }
    }

    /// <summary>A name that says every constant.</summary>
    public static string NameOf(NormShape shape, float epsilon, bool isCentered, bool hasBias, ElementwiseFunction? activation) =>
        $"{(isCentered ? "GroupNorm" : "RMSNorm")}{shape.Name}{(hasBias || !isCentered ? "" : "NoBias")}E{Identifier.Of(epsilon)}{activation?.Name}";

    /// <summary>The textbook form.</summary>
    public static string Formula(bool isCentered, bool hasBias, ElementwiseFunction? activation)
    {
        string value =
            $"weight[c] · {(isCentered ? "(x[c] - mean x) / √(variance x + ε)" : "x[c] / √(mean x² + ε)")}{(hasBias ? " + bias[c]" : "")}";
        return $"y[c] = {(activation is null ? value : $"{activation.Name}({value})")}";
    }

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        LaneTile tile = new(isa);
        GroupLoops loops = new(shape, tile);
        loops.ForEachGroup(w, ["x", "y"], () =>
        {
            EmitStatistics(w, isa, tile);
            if (saves)
                EmitSaves(w, tile, loops);
            EmitValues(w, isa, tile, loops);
        });
    }

    private void EmitStatistics(SourceWriter w, InstructionSet isa, LaneTile tile)
    {
        string share = isa.Constant(1f / shape.GroupLength), epsilonVector = isa.Constant(epsilon);
        string loop = $"for (int i = 0; i < {shape.GroupLength * Panel.Lanes}; i += {Panel.Lanes})";
        if (isCentered)
        {
            tile.ForEach(v => w.Line($"{isa.Type} mean{v} = {isa.Zero};"));
            using (w.Open(loop))
                tile.ForEach(v => w.Line($"mean{v} += {tile.At("xs", "i", v)};"));
            tile.ForEach(v => w.Line($"mean{v} *= {share};"));
            tile.ForEach(v => w.Line($"{isa.Type} left{v} = {isa.Zero};"));
        }

        tile.ForEach(v => w.Line($"{isa.Type} squares{v} = {isa.Zero};"));
        using (w.Open(loop))
        {
            tile.ForEach(v =>
            {
                w.Line($"{isa.Type} d{v} = {tile.At("xs", "i", v)}{(isCentered ? $" - mean{v}" : "")};");
                if (isCentered)
                    w.Line($"left{v} += d{v};");
                w.Line($"squares{v} = {isa.MultiplyAdd($"d{v}", $"d{v}", $"squares{v}")};");
            });
        }

        tile.ForEach(v =>
        {
            string variance = $"squares{v} * {share}";
            if (isCentered)
            {
                w.Line($"left{v} *= {share};");
                w.Line($"mean{v} += left{v};");
                variance = isa.Max($"{variance} - left{v} * left{v}", isa.Zero);
            }

            w.Line($"{isa.Type} root{v} = {isa.Constant(1f)} / {isa.Sqrt($"{variance} + {epsilonVector}")};");
        });
    }

    private void EmitSaves(SourceWriter w, LaneTile tile, GroupLoops loops)
    {
        w.Line($"int kept = {loops.Kept};");
        tile.ForEach(v =>
        {
            if (isCentered)
                w.Line($"{tile.At("mean", "kept", v)} = mean{v};");
            w.Line($"{tile.At("root", "kept", v)} = root{v};");
        });
    }

    private void EmitValues(SourceWriter w, InstructionSet isa, LaneTile tile, GroupLoops loops) => loops.ForEachValue(
        w,
        channel =>
        {
            w.Line($"{isa.Type} scale = {isa.Create($"Unsafe.Add(ref weight, {channel})")};");
            tile.ForEach(v => w.Line($"{isa.Type} scale{v} = scale * root{v};"));
            if (hasBias)
                w.Line($"{isa.Type} shift = {isa.Create($"Unsafe.Add(ref bias, {channel})")};");
        },
        v =>
        {
            string d = $"{tile.At("xs", "i", v)}{(isCentered ? $" - mean{v}" : "")}";
            string value = hasBias ? isa.MultiplyAdd(isCentered ? $"({d})" : d, $"scale{v}", "shift") : $"({d}) * scale{v}";
            w.Line($"{isa.Type} y{v} = {value};");
            w.Line($"{tile.At("ys", "i", v)} = {activation?.Value(isa, $"y{v}") ?? $"y{v}"};");
        });
}
