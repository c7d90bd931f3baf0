using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

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

    /// <summary>A loss that takes its last layer with it: the pair is exact where the two apart would overflow or cancel.</summary>
    public static LossRule BuildAfter<TLast>(LossFunction function, Func<TLast, bool> fits, DiagnosticDescriptor misfit)
        where TLast : Operation => (context, prediction) =>
        {
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

            return Add(function, context, prediction.Producer.Inputs[0]);
        };

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0];
        bool withGradient = node.Outputs.Count > 1;
        List<string> arguments = [.. node.Inputs.Concat(node.Outputs).Select(steps.Ref)];
        if (withGradient)
            arguments.Add(weight == 1f ? "scale" : $"scale * {Literal.Of(weight)}");
        steps.Call(new LossKernel(function, (int)x.Shape.Length, withGradient), [.. arguments]);
    }

    public override bool WorksOnLanes => weight == 1f && (function.Term is not null || function.Name is "MeanSquaredError" or "HalfSquaredError");

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

    private static LossOutputs Add(LossFunction function, LossContext context, Tensor x)
    {
        GraphBuilder builder = context.Builder;
        Tensor targets = context.Targets ?? builder.NewTensor("targets", x.Shape, TensorRole.Targets);
        Tensor losses = builder.NewTensor("losses", new Shape(1));
        if (!builder.Training)
        {
            builder.Apply(new LossOperation(function, context.Weight), "loss", [x, targets], losses);
            return new LossOutputs(targets, losses, x, null);
        }

        Tensor gradient = builder.NewTensor("∂" + x.Name, x.Shape);
        builder.Apply(new LossOperation(function, context.Weight), "loss", [x, targets], losses, gradient);
        return new LossOutputs(targets, losses, x, gradient);
    }
}
