using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

/// <summary>y = f(x), element by element. Shapes: x and y are equal.</summary>
/// <remarks>Backward: dx = f'(x) · dy, from the saved output, or from the saved input where the output does not tell.</remarks>
internal sealed class ElementwiseOperation(ElementwiseFunction function) : Operation
{
    public ElementwiseFunction Function { get; } = function;

    public override string Name => Function.Name;

    public static LayerRule Build(ElementwiseFunction function) =>
        (context, x) => context.Builder.Apply(new ElementwiseOperation(function), context.Name, x.Shape, x);

    public static Tensor? BuildLeakyReLU(LayerContext context, Tensor x) =>
        Finite(context, "slope", 0.01f) is float slope ? Build(ElementwiseFunction.LeakyReLU(slope))(context, x) : null;

    public static Tensor? BuildELU(LayerContext context, Tensor x) =>
        Finite(context, "alpha", 1f) is float alpha ? Build(Activations.ELU(alpha).ToFunction())(context, x) : null;

    /// <summary>An activation that is a method of the user's.</summary>
    public static Tensor? BuildFunction(LayerContext context, Tensor x)
    {
        string function = context.Argument("function", ""), text = context.Argument(FunctionArgument.Expression, "");
        if (context.Argument("Learnable", false))
            return UnitwiseOperation.BuildFunction(context, x);
        string name = FunctionArgument.KernelName(function, context.Argument("constants", EquatableArray<float>.Empty));
        FormulaActivation formula = new(
            name + "Activation", $"{function}(x)", $"dy · {function}'(x)", (pool, _) => ExpressionText.Read(pool, text));
        return Build(formula.ToFunction())(context, x);
    }

    /// <summary>The perceptron's answer. Its derivative is 0, so a parameter before it would never change.</summary>
    public static Tensor? BuildStep(LayerContext context, Tensor x)
    {
        if (!context.Trains || FindTrainable(x) is not { } parameter)
            return Build(Activations.Step.ToFunction())(context, x);
        context.Report(Descriptors.StepStopsTraining, context.Number, context.Network, parameter.Name);
        return null;
    }

    /// <summary>A trainable parameter that a value depends on, the nearest to the input; or null.</summary>
    private static Parameter? FindTrainable(Tensor value)
    {
        HashSet<Tensor> seen = [];
        Stack<Tensor> open = new([value]);
        while (open.Count > 0)
        {
            Tensor tensor = open.Pop();
            if (seen.Add(tensor) && tensor.Producer is { } producer)
            {
                foreach (Tensor input in producer.Inputs)
                    open.Push(input);
            }
        }

        return seen.Select(tensor => tensor.Parameter).OfType<Parameter>().Where(parameter => parameter.Trainable)
            .OrderBy(parameter => parameter.Offset).FirstOrDefault();
    }

    /// <summary>An argument of the attribute, or null after it was reported as not finite.</summary>
    public static float? Finite(LayerContext context, string name, float otherwise)
    {
        float value = context.Argument(name, otherwise);
        if (!float.IsNaN(value) && !float.IsInfinity(value))
            return value;
        context.Report(Descriptors.ArgumentNotFinite, context.Number, context.Network, name, Literal.Of(value));
        return null;
    }

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor x = node.Inputs[0];
        Tensor saved = Function.SavesInput ? x : node.Output;
        d.Contribute(x, new ElementwiseGradientOperation(Function), node, d.GradientOf(node.Output)!, saved);
    }

    public override void EmitPanels(StepWriter steps, Node node) => Emit(steps, node, steps.PanelFloats(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => Emit(steps, node, steps.PaddedFloats(node.Output));

    public override bool WorksOnLanes => true;

    public override IEnumerable<MathFunction> LaneFunctions => Function.Math is MathFunction function ? [function] : [];

    public override void EmitLanes(LaneWriter lanes, Node node) =>
        lanes.Define(node.Output, i => Function.Value(lanes.Isa, lanes[node.Inputs[0]][i]));

    private void Emit(StepWriter steps, Node node, int floats) =>
        steps.Call(ElementwiseKernel.Forward(Function, floats), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>dx = f'(x) · dy, element by element. Inputs: dy, then what the function saved.</summary>
internal sealed class ElementwiseGradientOperation(ElementwiseFunction function) : Operation
{
    public ElementwiseFunction Function { get; } = function;

    public override string Name => Function.Name + "Gradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        ElementwiseKernel.Gradient(Function, steps.PanelFloats(node.Output)),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));

    public override bool WorksOnLanes => true;

    public override IEnumerable<MathFunction> LaneFunctions => Function.GradientMath is MathFunction function ? [function] : [];

    public override void EmitLanes(LaneWriter lanes, Node node) =>
        lanes.Define(node.Output, i => Function.Gradient(lanes.Isa, lanes[node.Inputs[0]][i], lanes[node.Inputs[1]][i]));
}
