using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>A loss for blocks of samples, each lane a sample; with <paramref name="withGradient"/> also its gradient times
/// <c>scale</c>.</summary>
internal sealed class LossKernel(LossFunction function, int outputs, bool withGradient) : Kernel
{
    public override string Name =>
        $"{function.Name}{(function.PositiveWeight == 1f ? "" : Identifier.Of(function.PositiveWeight) + "_")}{outputs}{(withGradient ? "Gradient" : "")}";

    public override string Summary => $"loss = {function.Formula} for blocks of samples"
        + (withGradient ? $"; dx = scale · ({function.GradientFormula}) with scale = 1 / samples" : "") + $". Shapes: x, t [{outputs}].";

    public override IReadOnlyList<KernelParameter> Parameters
    {
        get
        {
            List<KernelParameter> parameters =
                [KernelParameter.Block("x"), KernelParameter.Block("targets"), KernelParameter.Block("losses")];
            if (withGradient)
                parameters.AddRange([KernelParameter.Block("dx"), KernelParameter.Float("scale")]);
            parameters.AddRange([KernelParameter.Int("stride"), KernelParameter.Int("samples")]);
            return parameters;
        }
    }

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) => function.Name switch
    {
        "CrossEntropy" or "KLDivergence" => [(MathFunctions.Exp, isa), (MathFunctions.Log, isa)],
        "BinaryCrossEntropy" => [(MathFunctions.Exp, isa), (MathFunctions.Log, isa), (MathFunctions.Sigmoid, isa)],
        _ => function.Term is not { } term ? [] : withGradient ? [(term.Math, isa), (term.GradientMath, isa)] : [(term.Math, isa)],
    };

    private int End => outputs * Panel.Lanes;

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        {
            w.Line($"int lane = {Panel.Lane};");
            w.Line("ref float xs = ref Unsafe.Add(ref x, lane);");
            w.Line("ref float ts = ref Unsafe.Add(ref targets, lane);");
            if (withGradient)
                w.Line("ref float dxs = ref Unsafe.Add(ref dx, lane);");
            switch (function.Name)
            {
                case "CrossEntropy":
                case "KLDivergence":
                    EmitCrossEntropy(w, isa);
                    break;
                case "BinaryCrossEntropy":
                    EmitBinaryCrossEntropy(w, isa);
                    break;
                case var _ when function.Term is { } term:
                    EmitTerms(w, isa, term);
                    break;
                default:
                    EmitSquaredError(w, isa);
                    break;
            }
        }
    }

    /// <summary>What the sum of squares, and each difference in the gradient, is multiplied with.</summary>
    public static (float Loss, float Gradient) SquaredErrorFactors(LossFunction function, int outputs) =>
        function == LossFunction.MeanSquaredError ? (1f / outputs, 2f / outputs) : (0.5f, 1f);

    private void EmitSquaredError(SourceWriter w, InstructionSet isa)
    {
        (float lossFactor, float gradientFactor) = SquaredErrorFactors(function, outputs);
        w.Line($"{isa.Type} sum = {isa.Zero};");
        using (OpenClasses(w))
        {
            w.Line($"{isa.Type} d = {isa.At("xs", "c")} - {isa.At("ts", "c")};");
            w.Line($"sum = {isa.MultiplyAdd("d", "d", "sum")};");
            if (withGradient)
            {
                string factor = isa.Create("scale" + (gradientFactor == 1f ? "" : $" * {Literal.Of(gradientFactor)}"));
                w.Line($"{isa.At("dxs", "c")} = d * {factor};");
            }
        }

        w.Line($"{isa.At("losses", "lane")} = sum * {isa.Constant(lossFactor)};");
    }

    private void EmitTerms(SourceWriter w, InstructionSet isa, FormulaLoss term)
    {
        string mean = outputs == 1 ? "" : $" * {Literal.Of(1f / outputs)}";
        w.Line($"{isa.Type} sum = {isa.Zero};");
        using (OpenClasses(w))
        {
            w.Line($"{isa.Type} y = {isa.At("xs", "c")}, t = {isa.At("ts", "c")};");
            w.Line($"sum += {term.Name}(y, t);");
            if (withGradient)
                w.Line($"{isa.At("dxs", "c")} = {term.GradientName}(y, t) * {isa.Create("scale" + mean)};");
        }

        w.Line($"{isa.At("losses", "lane")} = sum{(outputs == 1 ? "" : $" * {isa.Constant(1f / outputs)}")};");
    }

    private void EmitBinaryCrossEntropy(SourceWriter w, InstructionSet isa)
    {
        w.Line($"{isa.Type} sum = {isa.Zero};");
        using (OpenClasses(w))
        {
            w.Line($"{isa.Type} z = {isa.At("xs", "c")};");
            w.Line($"{isa.Type} t = {isa.At("ts", "c")};");
            w.Line($"{isa.Type} e = {(isa.IsScalar ? "MathF.Exp(-MathF.Abs(z))" : "Exp(-Abs(z))")};");
            w.Line("// ln(1 + e) keeps its digits for small e: the rounding of u = 1 + e is divided out.");
            w.Line($"{isa.Type} u = {isa.Constant(1f)} + e;");
            w.Line(isa.IsScalar
                ? "float log1p = u == 1f ? e : MathF.Log(u) * e / (u - 1f);"
                : "V log1p = ConditionalSelect(GreaterThan(u, Create(1f)), Log(u) * e / (u - Create(1f)), e);");
            string sigmoid = isa.IsScalar ? "1f / (1f + MathF.Exp(-z))" : "Sigmoid(z)";
            string mean = isa.Create($"scale * {Literal.Of(1f / outputs)}");
            string term = $"{isa.Max("z", isa.Zero)} - z * t + log1p", slope = $"{sigmoid} - t";
            if (function.PositiveWeight != 1f)
            {
                w.Line($"{isa.Type} q = {isa.MultiplyAdd("t", isa.Constant(function.PositiveWeight - 1f), isa.Constant(1f))};");
                term = $"({isa.Constant(1f)} - t) * z + q * (log1p + {isa.Max("-z", isa.Zero)})";
                slope = $"{sigmoid} * q - {isa.Constant(function.PositiveWeight)} * t";
            }

            w.Line($"sum += {term};");
            if (withGradient)
                w.Line($"{isa.At("dxs", "c")} = ({slope}) * {mean};");
        }

        w.Line($"{isa.At("losses", "lane")} = sum * {isa.Constant(1f / outputs)};");
    }

    private void EmitCrossEntropy(SourceWriter w, InstructionSet isa)
    {
        string exp = isa.IsScalar ? "MathF.Exp" : "Exp", log = isa.IsScalar ? "MathF.Log" : "Log";
        w.Line($"{isa.Type} max = {isa.At("xs", 0)};");
        w.Line($"for (int c = {Panel.Lanes}; c < {End}; c += {Panel.Lanes})");
        w.Line($"    max = {isa.Max("max", isa.At("xs", "c"))};");
        w.Line($"{isa.Type} sum = {isa.Zero}, weight = {isa.Zero}, dot = {isa.Zero};");
        using (OpenClasses(w))
        {
            w.Line($"{isa.Type} z = {isa.At("xs", "c")} - max;");
            w.Line($"{isa.Type} t = {isa.At("ts", "c")};");
            w.Line($"{isa.Type} e = {exp}(z);");
            if (withGradient)
                w.Line($"{isa.At("dxs", "c")} = e;");
            w.Line("sum += e;");
            w.Line("weight += t;");
            if (function == LossFunction.KLDivergence)
            {
                w.Line("// t ln t is 0 at 0: the smallest normal float keeps the logarithm finite.");
                w.Line($"z -= {log}({isa.Max("t", isa.Constant(1.17549435e-38f))});");
            }

            w.Line($"dot = {isa.MultiplyAdd("t", "z", "dot")};");
        }

        w.Line($"{isa.At("losses", "lane")} = weight * {log}(sum) - dot;");
        if (!withGradient)
            return;
        w.Line("weight /= sum;");
        w.Line($"for (int c = 0; c < {End}; c += {Panel.Lanes})");
        w.Line($"    {isa.At("dxs", "c")} = ({isa.At("dxs", "c")} * weight - {isa.At("ts", "c")}) * {(isa.IsScalar ? "scale" : "Create(scale)")};");
    }

    private SourceWriter.Block OpenClasses(SourceWriter w) => w.Open($"for (int c = 0; c < {End}; c += {Panel.Lanes})");
}
