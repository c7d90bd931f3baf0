using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

/// <summary>y = f(x, a), element by element, with parameters a of the element's unit. Inputs: x, then the parameters [units]. Shapes: x
/// and y are equal.</summary>
/// <remarks>Backward: dx = ∂f/∂x · dy, da[u] = Σ ∂f/∂a · dy over the batch and the unit's floats. Saves its input.</remarks>
internal sealed class UnitwiseOperation(UnitwiseFunction function, UnitAxis axis) : Operation
{
    public UnitwiseFunction Function { get; } = function;

    public override string Name => Function.Name;

    /// <summary>PReLU: one trained slope for each unit.</summary>
    public static Tensor? BuildPReLU(LayerContext context, Tensor x) =>
        ElementwiseOperation.Finite(context, "start", 0.25f) is float start
            ? Build(context, x, UnitwiseFunction.PReLU, [("weight", start)])
            : null;

    /// <summary>A method of the user's whose parameters behind the first are trained.</summary>
    public static Tensor? BuildFunction(LayerContext context, Tensor x)
    {
        string function = context.Argument("function", ""), text = context.Argument(FunctionArgument.Expression, "");
        EquatableArray<float> starts = context.Argument("constants", EquatableArray<float>.Empty);
        if (starts.Count == 0)
        {
            context.Report(Descriptors.NothingToLearn, context.Number, context.Network, function);
            return null;
        }

        string[] names = context.Argument(FunctionArgument.Parameters, "").Split(',');
        for (int i = 0; i < starts.Count; i++)
        {
            if (!float.IsNaN(starts[i]) && !float.IsInfinity(starts[i]))
                continue;
            context.Report(Descriptors.ArgumentNotFinite, context.Number, context.Network, names[i], Literal.Of(starts[i]));
            return null;
        }

        // No name of a function with constants ends so.
        string name = FormattableString.Invariant($"{FunctionArgument.KernelName(function, [])}ActivationOf{starts.Count}Learned");
        IEnumerable<string> arguments = names.Length == 1
            ? ["a"]
            : names.Select((_, i) => FormattableString.Invariant($"a{i + 1}"));
        string formula = $"{function}(x, {string.Join(", ", arguments)})";
        return Build(
            context, x, UnitwiseFunction.Create(name, formula, starts.Count, (pool, _, _) => ExpressionText.Read(pool, text)),
            [.. names.Zip(starts, (one, start) => (one, start))]);
    }

    /// <summary>Adds the parameters and the node.</summary>
    /// <param name="context">The layer.</param>
    /// <param name="x">Its input.</param>
    /// <param name="function">What it applies.</param>
    /// <param name="parameters">Name and start of each parameter.</param>
    public static Tensor Build(
        LayerContext context, Tensor x, UnitwiseFunction function, IReadOnlyList<(string Name, float Start)> parameters)
    {
        UnitAxis axis = UnitAxis.Of(x);
        Shape shape = new(axis.Units);
        bool trainable = context.Argument("Trainable", true);
        // They scale and bend, as normalisation does: decay towards 0 would be a decay towards another function.
        Tensor[] operands = [.. parameters.Select(parameter => context.Builder.AddParameter(
            $"{context.Name}.{parameter.Name}", shape, transposed: false, trainable, decays: false, Initialization.Constant, 1, 1, parameter.Start))];
        return context.Builder.Apply(new UnitwiseOperation(function, axis), context.Name, x.Shape, [x, .. operands]);
    }

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor dy = d.GradientOf(node.Output)!;
        Tensor[] parameters = [.. node.Inputs.Skip(1)];
        d.Contribute(node.Inputs[0], new UnitwiseGradientOperation(Function, axis), node, [dy, .. node.Inputs]);
        d.Contribute(parameters, new UnitwiseParameterGradientOperation(Function, axis), node, [dy, .. node.Inputs]);
    }

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new UnitwiseKernel(
            Function.Name, $"y = {Function.Formula}", axis, ["x"], Function.Operands, "y",
            (isa, values, units) => Function.ValueText(isa, values[0], units), Function.Value.Math),
        [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new UnitwiseSingle(
            Function.Name, $"y = {Function.Formula}", axis, Function.Operands, Function.ValueText, Function.Value.Math),
        [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    public override bool WorksOnLanes => true;

    public override IEnumerable<MathFunction> LaneFunctions => Function.Value.Math is MathFunction math ? [math] : [];

    public override void EmitLanes(LaneWriter lanes, Node node) => lanes.Define(node.Output, i => Function.ValueText(
        lanes.Isa, lanes[node.Inputs[0]][i], [.. node.Inputs.Skip(1).Select(parameter => lanes[parameter][i])]));
}

/// <summary>dx = ∂f/∂x · dy. Inputs: dy, x, then the parameters.</summary>
internal sealed class UnitwiseGradientOperation(UnitwiseFunction function, UnitAxis axis) : Operation
{
    public override string Name => function.Name + "Gradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new UnitwiseKernel(
            Name, $"dx of y = {function.Formula}", axis, ["dy", "x"], function.Operands, "dx",
            (isa, values, units) => function.GradientText(isa, values[0], values[1], units), function.Gradient.Math),
        [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    public override bool WorksOnLanes => true;

    public override IEnumerable<MathFunction> LaneFunctions => function.Gradient.Math is MathFunction math ? [math] : [];

    public override void EmitLanes(LaneWriter lanes, Node node) => lanes.Define(node.Output, i => function.GradientText(
        lanes.Isa, lanes[node.Inputs[0]][i], lanes[node.Inputs[1]][i], [.. node.Inputs.Skip(2).Select(parameter => lanes[parameter][i])]));
}

/// <summary>da[u] = Σ ∂f/∂a · dy over the batch and the unit's floats. Inputs: dy, x, then the parameters. Outputs: a gradient for each of
/// them.</summary>
internal sealed class UnitwiseParameterGradientOperation(UnitwiseFunction function, UnitAxis axis) : Operation
{
    public override string Name => function.Name + "ParameterGradient";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        UnitTerm[] terms = [.. function.ParameterGradients.Select((code, i) => new UnitTerm(
            $"d{function.Operands[i]} of y = {function.Formula}",
            (isa, values, units) => function.ParameterGradientText(i, isa, values[0], values[1], units), code.Math))];
        steps.CallByUnits(
            new UnitSum(Name, axis, ["dy", "x"], function.Operands, terms), node);
    }

    public override bool WorksOnLanes => true;

    public override IEnumerable<MathFunction> LaneFunctions => function.ParameterGradients.Select(code => code.Math).OfType<MathFunction>();

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] dy = lanes[node.Inputs[0]], x = lanes[node.Inputs[1]];
        for (int u = 0; u < x.Length; u++)
        {
            string[] parameters = [.. node.Inputs.Skip(2).Select(parameter => lanes[parameter][u])];
            for (int i = 0; i < node.Outputs.Count; i++)
                lanes.Line($"{lanes[node.Outputs[i]][u]} += {function.ParameterGradientText(i, lanes.Isa, dy[u], x[u], parameters)};");
        }
    }
}
