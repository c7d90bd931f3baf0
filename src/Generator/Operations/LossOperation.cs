using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

/// <summary>Chooses what is done with the targets of classes; false after a problem was reported.</summary>
internal delegate bool ClassTargetsRule(LossContext context, int classes, out ClassTargetsOperation? operation);

/// <summary>Loss per sample and, in training, the gradient of the batch's mean loss.  Inputs: prediction (or the value before the fused
/// last layer) and targets.  Outputs: losses [1] and, in training, the gradient in the first input's shape.</summary>
internal sealed class LossOperation(LossFunction function, float weight = 1f) : Operation
{
    public override string Name => function.Name;

    /// <summary>A loss on the prediction itself.</summary>
    public static LossRule Build(LossFunction function) => (context, prediction) => Add(function, context, prediction);

    /// <summary>A loss that is a method of the user's.</summary>
    public static LossOutputs? BuildFunction(LossContext context, Tensor prediction)
    {
        string function = context.Argument("function", ""), expression = context.Argument(FunctionArgument.Expression, "");
        string name = FunctionArgument.KernelName(function, context.Argument("constants", EquatableArray<float>.Empty));
        string formula = $"{function}(x, t)";
        // The written expression's parameters are x and t.
        FormulaLoss term = new(name + "Loss", formula, $"∂{formula}/∂x", (e, _, _) => ExpressionText.Read(e, expression));
        return Add(LossFunction.Mean(term.Name, term), context, prediction);
    }

    /// <summary>Binary cross-entropy with the weight of positive targets that the attribute names; null after that was reported.</summary>
    public static LossFunction? BinaryCrossEntropy(LossContext context)
    {
        float weight = context.Argument("PositiveWeight", 1f);
        if (weight > 0f && !float.IsInfinity(weight))
            return weight == 1f ? LossFunction.BinaryCrossEntropy : LossFunction.WeightedBinaryCrossEntropy(weight);
        context.Report(Descriptors.InvalidPositiveWeight, context.Network, Literal.Of(weight));
        return null;
    }

    /// <summary>Whatever is done with the targets before the loss reads them; false after an argument was reported.</summary>
    public static bool ClassTargets(LossContext context, int classes, out ClassTargetsOperation? operation)
    {
        operation = null;
        float smoothing = context.Argument("LabelSmoothing", 0f);
        if (!(smoothing >= 0f && smoothing < 1f))
        {
            context.Report(Descriptors.InvalidLabelSmoothing, context.Network, Literal.Of(smoothing));
            return false;
        }

        EquatableArray<float> weights = context.Argument("ClassWeights", EquatableArray<float>.Empty);
        bool areGiven = context.Names("ClassWeights");
        if (areGiven && !context.IsAlone)
        {
            context.Report(Descriptors.ClassWeightsOfSeveralLosses, context.Network);
            return false;
        }

        if (areGiven && weights.Count != classes)
        {
            context.Report(Descriptors.ClassWeightCount, context.Network, weights.Count, classes);
            return false;
        }

        foreach (float weight in weights)
        {
            if (weight >= 0f && !float.IsInfinity(weight))
                continue;
            context.Report(Descriptors.InvalidClassWeight, context.Network, Literal.Of(weight));
            return false;
        }

        if (areGiven && weights.All(weight => weight == 0f))
        {
            context.Report(Descriptors.InvalidClassWeight, context.Network, "0f for every class");
            return false;
        }

        if (smoothing > 0f || weights.Count > 0)
            operation = new ClassTargetsOperation(smoothing, weights);
        return true;
    }

    /// <summary>The share of wrong answers has no gradient to go down.</summary>
    public static LossOutputs? RefuseZeroOne(LossContext context, Tensor prediction)
    {
        context.Report(Descriptors.ZeroOneLossIsMetric, context.Network);
        return null;
    }

    /// <summary>A loss that takes its last layer with it: the pair is exact where the two apart would overflow or cancel.</summary>
    public static LossRule BuildAfter<TLast>(
        LossFunction function, Func<TLast, bool> fits, DiagnosticDescriptor misfit, ClassTargetsRule? classTargets = null)
        where TLast : Operation => BuildAfter(_ => function, fits, misfit, classTargets);

    /// <summary>The same with a loss that depends on the attribute's arguments.</summary>
    public static LossRule BuildAfter<TLast>(
        Func<LossContext, LossFunction?> choose, Func<TLast, bool> fits, DiagnosticDescriptor misfit, ClassTargetsRule? classTargets = null)
        where TLast : Operation => (context, prediction) =>
        {
            if (choose(context) is not LossFunction function)
                return null;

            if (prediction.Producer?.Operation is not TLast last || !fits(last))
            {
                context.Report(misfit, context.Network, context.LastLayer);
                return null;
            }

            if (function.ComparesClasses && prediction.Shape.Rank > 1)
            {
                context.Report(Descriptors.LossNeedsVector, function.Name, context.Network, prediction.Shape.Describe());
                return null;
            }

            ClassTargetsOperation? prepare = null;
            if (classTargets is not null && !classTargets(context, (int)prediction.Shape.Length, out prepare))
                return null;
            return Add(function, context, prediction.Producer.Inputs[0], prepare);
        };

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0];
        bool withGradient = node.Outputs.Count > 1;
        List<string> arguments = [.. node.Inputs.Concat(node.Outputs).Select(steps.Ref)];
        if (withGradient)
            arguments.Add(weight == 1f ? "scale" : $"scale * {Literal.Of(weight)}");
        steps.Call(new LossKernel(function, (int)x.Shape.Length, withGradient), [.. arguments]);
        if (!withGradient)
            return;
        foreach (Tensor output in node.Outputs)
            steps.Line($"LossWeights.Apply(weights, {steps.Ref(output)}, {output.Shape.Length}, stride);");
    }

    public override bool WorksOnLanes =>
        weight == 1f && (function.Term is not null || function.Name is "MeanSquaredError" or "HalfSquaredError");

    public override IEnumerable<MathFunction> LaneFunctions => function.Term is { } term ? [term.Math, term.GradientMath] : [];

    /// <summary>Sums the losses of valid lanes into <c>total</c>.</summary>
    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] x = lanes[node.Inputs[0]], targets = lanes[node.Inputs[1]];
        if (function.Term is { } term)
        {
            EmitTerms(lanes, node, term, x, targets);
            return;
        }

        (float lossFactor, float gradientFactor) = LossKernel.SquaredErrorFactors(function, x.Length);
        string factor = gradientFactor == 1f ? "scale" : $"scale * {Literal.Of(gradientFactor)}";
        for (int i = 0; i < x.Length; i++)
        {
            lanes.Line($"{lanes.Isa.Type} difference_{i} = ({x[i]} - {targets[i]}) * valid;");
            string square = $"difference_{i} * difference_{i}";
            lanes.Line($"total += {(lossFactor == 1f ? square : $"{square} * {lanes.Isa.Constant(lossFactor)}")};");
        }

        lanes.Define(node.Outputs[1], i => $"difference_{i} * {lanes.Isa.Create(factor)}");
    }

    private static void EmitTerms(LaneWriter lanes, Node node, FormulaLoss term, string[] x, string[] targets)
    {
        string mean = x.Length == 1 ? "" : $" * {Literal.Of(1f / x.Length)}";
        string share = x.Length == 1 ? "valid" : $"(valid * {lanes.Isa.Constant(1f / x.Length)})";
        for (int i = 0; i < x.Length; i++)
            lanes.Line($"total += {term.Name}({x[i]}, {targets[i]}) * {share};");
        lanes.Define(node.Outputs[1], i => $"{term.GradientName}({x[i]}, {targets[i]}) * (valid * {lanes.Isa.Create("scale" + mean)})");
    }

    private static LossOutputs Add(LossFunction function, LossContext context, Tensor x, ClassTargetsOperation? prepare = null)
    {
        GraphBuilder builder = context.Builder;
        Tensor targets = context.Targets ?? builder.NewTensor("targets", x.Shape, TensorRole.Targets);
        Tensor losses = builder.NewTensor("losses", new Shape(1));
        Tensor compared = prepare is null ? targets : builder.Apply(prepare, "class_targets", x.Shape, targets);
        if (!builder.Training)
        {
            builder.Apply(new LossOperation(function, context.Weight), "loss", [x, compared], losses);
            return new LossOutputs(targets, losses, x, null);
        }

        Tensor gradient = builder.NewTensor("∂" + x.Name, x.Shape);
        builder.Apply(new LossOperation(function, context.Weight), "loss", [x, compared], losses, gradient);
        return new LossOutputs(targets, losses, x, gradient);
    }
}
