using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[o] = f(b[o] + Σᵢ w[o, i] · x[i]) on the last axis.  Shapes: x [.., I], w [O, I], b [O], y [.., O].</summary>
/// <remarks>
/// Backward, given dy:  dx[i] = Σₒ w[o, i] · dy[o],  dw[o, i] = Σ x[i] · dy[o],  db[o] = Σ dy[o], the sums over the batch (and the rows
/// of a sequence). Saves its input. Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.5.
/// w is stored input-major, [I, O]: forward then reads O contiguous floats for every input, and dw is written in contiguous lanes.
/// f is the identity, or a cheap activation that fusion has moved here.
/// </remarks>
internal sealed class DenseOperation(bool hasBias, ElementwiseFunction? activation = null, bool isScaled = false) : Operation
{
    /// <summary>Whether a scale and a shift per output, the last two inputs, come before the activation: in inference.</summary>
    public bool IsScaled { get; } = isScaled;

    public bool HasBias { get; } = hasBias;

    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => "Dense" + OutputScaling.Name(IsScaled) + Activation?.Name;

    /// <summary>The same with an activation behind it.</summary>
    public DenseOperation With(ElementwiseFunction function) => new(HasBias, function, IsScaled);

    public static Tensor? Build(LayerContext context, Tensor x)
    {
        int units = context.Argument("units", 0);
        if (units < 1)
        {
            context.Report(Descriptors.UnitsTooSmall, context.Number, context.Network, units);
            return null;
        }

        if (x.Shape.Rank > 2)
        {
            context.Report(Descriptors.DenseNeedsVector, units, context.Network, x.Shape.Describe());
            return null;
        }

        int inputs = x.Shape.Last;
        bool trainable = context.Argument("Trainable", true);
        bool hasBias = context.Argument("Bias", true);
        if (context.WeightStart() is not Initialization start)
            return null;

        Tensor weight = context.Builder.AddParameter(
            context.Name + ".weight", new Shape(units, inputs), transposed: true, trainable, decays: true, start, inputs, units);
        Tensor[] operands = [x, weight];
        if (hasBias)
        {
            operands = [.. operands, context.Builder.AddParameter(
                context.Name + ".bias", new Shape(units), transposed: false, trainable && context.Argument("TrainBias", true),
                decays: false, Initialization.Zeros, inputs, units)];
        }

        context.MultiplyAdds = x.Shape.Rows * (long)inputs * units;
        return context.Builder.Apply(new DenseOperation(hasBias), context.Name, x.Shape.WithLast(units), operands);
    }

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor x = node.Inputs[0], weight = node.Inputs[1], dy = d.GradientOf(node.Output)!;
        Tensor? bias = HasBias ? node.Inputs[2] : null;
        d.Contribute(x, new DenseInputGradientOperation(), node, dy, weight);
        if (!d.Needs(weight) && (bias is null || !d.Needs(bias)))
            return;

        Tensor rows = d.Intermediate(new TransposeOperation(), dy.Name + "_rows", dy.Shape, dy);
        d.Contribute(weight, new DenseWeightGradientOperation(), node, x, rows);
        if (bias is not null)
            d.Contribute(bias, new BiasGradientOperation(), node, rows);
    }

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0];
        PanelProduct kernel = PanelProduct.Forward(x.Shape.Last, node.Output.Shape.Last, x.Shape.Rows, HasBias, Activation, IsScaled);
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }

    public override void EmitSingle(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0];
        SingleProduct kernel = new(x.Shape.Last, node.Output.Shape.Last, x.Shape.Rows, HasBias, Activation, IsScaled);
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }

    public override bool WorksOnLanes => Activation is null;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] x = lanes[node.Inputs[0]], weight = lanes[node.Inputs[1]];
        int units = node.Output.Shape.Last;
        lanes.Define(node.Output, o =>
        {
            string sum = HasBias ? lanes[node.Inputs[2]][o] : lanes.Isa.Zero;
            for (int i = 0; i < x.Length; i++)
                sum = lanes.Isa.MultiplyAdd(weight[(i * units) + o], x[i], sum);
            return sum;
        });
    }
}

/// <summary>The same on the caller's rows, for a first layer with more inputs than outputs; the result is rows as well.</summary>
internal sealed class RowsDenseOperation(bool hasBias, ElementwiseFunction? activation) : Operation
{
    public override string Name => "RowsDense" + activation?.Name;

    public override Layout OutputLayout => Layout.Rows;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        int inputs = node.Inputs[0].Shape.Last, units = node.Output.Shape.Last;
        RowsProduct kernel = new(inputs, units, hasBias, activation);
        string[] arguments = [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)];
        if (kernel.IsSplit)
            steps.CallRange(kernel, 0, inputs, arguments);
        else
            steps.Call(kernel, arguments);
    }
}

/// <summary>The sums of such a layer in parts, each over a range of the inputs.  Shapes: x [I], w [O, I], b [O], y [P, O], row by row.</summary>
/// <remarks>The activation is that of the kernel, which other programs call for whole sums; here it waits for <see cref="SumOfPartsOperation"/>.</remarks>
internal sealed class PartialDenseOperation(TermSplit split, bool hasBias, ElementwiseFunction? activation) : Operation
{
    public override string Name => "PartialDense" + activation?.Name;

    public override Scope Scope => Scope.Terms;

    public override Layout OutputLayout => Layout.Rows;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        int units = node.Output.Shape.Last, part = Panel.Lanes * Panel.RowStride(units);
        RowsProduct kernel = new(split.Terms, units, hasBias, activation);
        for (int i = 0; i < split.Parts; i++)
        {
            steps.Line($"if (Workers.Does({i}, {split.Parts}, worker, workers))");
            string[] arguments = [.. node.Inputs.Select(steps.Ref), steps.RefAt(node.Output, i * part)];
            steps.CallRange(kernel, split.Start(i), split.Start(i + 1), arguments, indentation: "    ");
        }
    }
}

/// <summary>y[o] = f(Σ parts[p, o]), row by row: what <see cref="PartialDenseOperation"/> leaves, added up.</summary>
internal sealed class SumOfPartsOperation(ElementwiseFunction? activation) : Operation
{
    public override string Name => "SumOfParts" + activation?.Name;

    public override Layout OutputLayout => Layout.Rows;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Shape parts = node.Inputs[0].Shape;
        steps.Call(new PartSum(parts.Rows, parts.Last, activation), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }
}

/// <summary>dx[i] = f'(x[i]) · Σₒ w[o, i] · dy[o].  Inputs: dy [.., O], w [O, I] and, where fusion has moved an activation's derivative
/// here, the activation's output [.., I].</summary>
internal sealed class DenseInputGradientOperation(ElementwiseFunction? activation = null) : Operation
{
    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => "DenseInputGradient" + Activation?.Name;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor dy = node.Inputs[0];
        PanelProduct kernel = PanelProduct.InputGradient(node.Output.Shape.Last, dy.Shape.Last, dy.Shape.Rows, Activation);
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }

    public override bool WorksOnLanes => Activation is null;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] dy = lanes[node.Inputs[0]], weight = lanes[node.Inputs[1]];
        lanes.Define(node.Output, i =>
        {
            string sum = $"{weight[i * dy.Length]} * {dy[0]}";
            for (int o = 1; o < dy.Length; o++)
                sum = lanes.Isa.MultiplyAdd(weight[(i * dy.Length) + o], dy[o], sum);
            return sum;
        });
    }
}

/// <summary>dw[i, o] = Σ x[i] · dy[o] over the batch.  Inputs: x [.., I] and dy [.., O] by sample.</summary>
internal sealed class DenseWeightGradientOperation : Operation
{
    public override string Name => "DenseWeightGradient";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0], dy = node.Inputs[1];
        bool fromRows = x.Storage.Role == TensorRole.Input;
        steps.CallByRows(new WeightGradient(x.Shape.Last, dy.Shape.Last, x.Shape.Rows, fromRows), node, x.Shape.Last, dy.Shape.Last);
    }

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] x = lanes[node.Inputs[0]], dy = lanes[node.Inputs[1]], gradient = lanes[node.Output];
        for (int i = 0; i < x.Length; i++)
        {
            for (int o = 0; o < dy.Length; o++)
            {
                string sum = gradient[(i * dy.Length) + o];
                lanes.Line($"{sum} = {lanes.Isa.MultiplyAdd(x[i], dy[o], sum)};");
            }
        }
    }
}

/// <summary>db[o] = Σ dy[o] over the batch.  Input: dy [.., O] by sample.</summary>
internal sealed class BiasGradientOperation : Operation
{
    public override string Name => "BiasGradient";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor dy = node.Inputs[0];
        steps.CallOnce(new BiasGradient(dy.Shape.Last, dy.Shape.Rows), node);
    }

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        for (int o = 0; o < lanes[node.Output].Length; o++)
            lanes.Line($"{lanes[node.Output][o]} += {lanes[node.Inputs[0]][o]};");
    }
}
