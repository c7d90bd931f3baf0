using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c] = f(weight[c] · (x[c] - μ[c]) · r[c] + bias[c]) with the batch's statistics, r = 1 / √(σ² + ε).  Inputs: x, μ, r, weight
/// and bias. Shapes: x and y [.., C] or [C, H, W], the others [C].</summary>
/// <remarks>
/// Ioffe and Szegedy, Batch normalization, 2015. In training μ and σ² are those of the batch (<see cref="BatchMomentsOperation"/>,
/// <see cref="BatchStatisticsOperation"/>) and depend on x: with x̂ = (x - μ) · r, backward is
/// dx = weight · r · (dy - mean dy - x̂ · mean(dy · x̂)),  dweight = Σ dy · x̂,  dbias = Σ dy, all over the batch. Saves its input.
/// In inference they are running averages, so the layer is a scale and a shift (<see cref="BatchNormFoldOperation"/>), which fusion moves
/// into the product before it. A frozen layer is that in training too. f is the identity, or a cheap activation that fusion has moved here.
/// </remarks>
internal sealed class BatchNormOperation(NormShape shape, bool hasBias, ElementwiseFunction? activation = null) : Operation
{
    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => "BatchNorm" + Activation?.Name;

    public static Tensor? Build(LayerContext context, Tensor x)
    {
        NormShape shape = NormShape.Of(x);
        float momentum = context.Argument("Momentum", 0.1f);
        if (!(momentum > 0f && momentum <= 1f))
        {
            context.Report(Descriptors.MomentumOutOfRange, context.Number, context.Network, Literal.Of(momentum));
            return null;
        }

        if (NormParameters.Create(context, shape, hasBias: true) is not NormParameters parameters)
            return null;
        GraphBuilder builder = context.Builder;
        Shape channels = new(shape.Channels);
        Tensor mean = builder.AddState(context.Name + ".mean", channels, 0f);
        Tensor variance = builder.AddState(context.Name + ".variance", channels, 1f);
        bool hasBias = parameters.Bias is not null;
        context.MultiplyAdds = x.Shape.Length;
        if (!builder.Training)
        {
            Tensor scale = builder.NewTensor(context.Name + "_scale", channels, TensorRole.Batch);
            Tensor shift = builder.NewTensor(context.Name + "_shift", channels, TensorRole.Batch);
            builder.Apply(
                new BatchNormFoldOperation(parameters.Epsilon, hasBias), context.Name, [mean, variance, .. parameters.Operands], scale,
                shift);
            return builder.Apply(new ScaleOperation(shape), context.Name, x.Shape, x, scale, shift);
        }

        if (!parameters.IsTrainable)
        {
            return builder.Apply(
                new FrozenBatchNormOperation(shape, parameters.Epsilon, hasBias), context.Name, x.Shape,
                [x, mean, variance, .. parameters.Operands]);
        }

        Tensor[] moments = [.. new[] { "_means", "_rests", "_squares" }.Select(name => builder.NewTensor(context.Name + name, channels))];
        builder.Apply(new BatchMomentsOperation(shape), context.Name, [x], moments);
        Tensor[] statistics =
            [.. new[] { "_mean", "_root", "_variance" }.Select(name => builder.NewTensor(context.Name + name, channels, TensorRole.Batch))];
        builder.Apply(
            new BatchStatisticsOperation(shape, parameters.Epsilon, momentum), context.Name, [.. moments, mean, variance], statistics);
        return builder.Apply(
            new BatchNormOperation(shape, hasBias), context.Name, x.Shape, [x, statistics[0], statistics[1], .. parameters.Operands]);
    }

    /// <summary>The same with an activation behind it.</summary>
    public BatchNormOperation With(ElementwiseFunction function) => new(shape, hasBias, function);

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor x = node.Inputs[0], mean = node.Inputs[1], root = node.Inputs[2], weight = node.Inputs[3], dy = d.GradientOf(node.Output)!;
        bool needsInput = d.Needs(x);
        (Tensor Products, Tensor Gradients)? sums = NormSumsOperation.Contribute(
            d, node, shape, isBatch: true, dy, x, [mean, root], weight, hasBias ? node.Inputs[4] : null, always: needsInput);
        if (!needsInput || sums is not var (products, gradients))
            return;
        Tensor productMean = d.NewTensor(products.Name + "_mean", products.Shape, TensorRole.Batch);
        Tensor gradientMean = d.NewTensor(gradients.Name + "_mean", gradients.Shape, TensorRole.Batch);
        d.Apply(new BatchMeanOperation(shape), node, [products], productMean);
        d.Apply(new BatchMeanOperation(shape), node, [gradients], gradientMean);
        d.Contribute(x, new BatchNormGradientOperation(shape), node, dy, x, mean, root, weight, productMean, gradientMean);
    }

    public override void EmitPanels(StepWriter steps, Node node)
    {
        string value = $"weight · (x - mean) · root{(hasBias ? " + bias" : "")}";
        UnitwiseKernel kernel = new(
            $"BatchNorm{(hasBias ? "" : "NoBias")}{Activation?.Name}_",
            $"y = {(Activation is null ? value : $"{Activation.Name}({value})")}", shape.Axis,
            ["x"], ["mean", "root", "weight", .. hasBias ? ["bias"] : Array.Empty<string>()], "y",
            (isa, values, units) =>
            {
                string d = $"({values[0]} - {units[0]})";
                string y = hasBias ? isa.MultiplyAdd(d, units[1], units[2]) : $"{d} * {units[1]}";
                return Activation?.Value(isa, $"({y})") ?? y;
            })
        { PerUnit = (_, units) => [units[0], $"{units[1]} * {units[2]}", .. units.Skip(3)] };
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }
}

/// <summary>Mean, in two parts, and Σ (x - mean)² of every channel over each block of samples.  Input: x.  Outputs: the three, [channels] a
/// block.</summary>
internal sealed class BatchMomentsOperation(NormShape shape) : Operation
{
    public override string Name => "BatchMoments";

    /// <summary>Whether a single sample has only one value per channel, which has no variance.</summary>
    public bool NeedsPair => shape.Positions == 1;

    public override Layout OutputLayout => Layout.Block;

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new BatchMoments(shape), [.. node.Inputs.Concat(node.Outputs).Select(steps.Ref)]);
}

/// <summary>Mean, 1 / √(σ² + ε) and unbiased variance over the batch; a training step then moves the running averages.  Inputs: the blocks'
/// means, rests and squares, running mean and variance.  Outputs: the three statistics.</summary>
internal sealed class BatchStatisticsOperation(NormShape shape, float epsilon, float momentum) : Operation
{
    public override string Name => "BatchStatistics";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        using (steps.Open("if (step.IsFirst)"))
        {
            steps.Call(
                new BatchStatistics(shape.Channels, shape.Positions, epsilon),
                [.. node.Inputs.Take(3).Concat(node.Outputs).Select(steps.Ref)]);
            using (steps.Open("if (step.Trains)"))
            {
                RunningAverage average = new(shape.Channels, momentum);
                steps.Call(average, steps.Ref(node.Outputs[0]), steps.Ref(node.Inputs[3]));
                steps.Call(average, steps.Ref(node.Outputs[2]), steps.Ref(node.Inputs[4]));
            }
        }
    }
}

/// <summary>Mean over the batch from the blocks' sums.  Input: sums, [channels] a block.  Output: mean [channels].</summary>
internal sealed class BatchMeanOperation(NormShape shape) : Operation
{
    public override string Name => "BatchMean";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        using (steps.Open("if (step.IsFirst)"))
            steps.Call(new BatchMean(shape.Channels, shape.Positions), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
    }
}

/// <summary>dx of <see cref="BatchNormOperation"/>.  Inputs: dy, x, μ, r, weight, and the batch's means of dy · x̂ and of dy.</summary>
internal sealed class BatchNormGradientOperation(NormShape shape) : Operation
{
    public override string Name => "BatchNormGradient";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        UnitwiseKernel kernel = new(
            "BatchNormGradient", "dx = weight · root · (dy - gradients - (x - mean) · root · products)", shape.Axis, ["dy", "x"],
            ["mean", "root", "weight", "products", "gradients"], "dx",
            (isa, values, units) => $"({values[0]} - {units[3]} - ({values[1]} - {units[0]}) * {units[2]}) * {units[1]}")
        { PerUnit = (_, units) => [units[0], $"{units[1]} * {units[2]}", $"{units[1]} * {units[3]}", units[4]] };
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }
}

/// <summary>y = weight · (x - μ) / √(σ² + ε) + bias with running averages, in training.  Inputs: x, μ, σ², weight and bias, none of which
/// is trained.</summary>
internal sealed class FrozenBatchNormOperation(NormShape shape, float epsilon, bool hasBias) : Operation
{
    public override string Name => "FrozenBatchNorm";

    public override void Differentiate(Differentiation d, Node node) => d.Contribute(
        node.Inputs[0], new FrozenBatchNormGradientOperation(shape, epsilon), node, d.GradientOf(node.Output)!, node.Inputs[2],
        node.Inputs[3]);

    public override void EmitPanels(StepWriter steps, Node node)
    {
        UnitwiseKernel kernel = new(
            $"FrozenBatchNorm{(hasBias ? "" : "NoBias")}E{Identifier.Of(epsilon)}_",
            $"y = weight · (x - mean) / √(variance + ε){(hasBias ? " + bias" : "")}",
            shape.Axis, ["x"], ["mean", "variance", "weight", .. hasBias ? ["bias"] : Array.Empty<string>()], "y",
            (isa, values, units) => hasBias
                ? isa.MultiplyAdd($"({values[0]} - {units[0]})", units[1], units[2]) : $"({values[0]} - {units[0]}) * {units[1]}")
        { PerUnit = (isa, units) => [units[0], Factor(isa, units[1], units[2], epsilon), .. units.Skip(3)] };
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }

    /// <summary>weight / √(variance + ε).</summary>
    public static string Factor(InstructionSet isa, string variance, string weight, float epsilon) =>
        $"{weight} / {isa.Sqrt($"{variance} + {isa.Constant(epsilon)}")}";
}

/// <summary>dx = dy · weight / √(σ² + ε).  Inputs: dy, σ², weight.</summary>
internal sealed class FrozenBatchNormGradientOperation(NormShape shape, float epsilon) : Operation
{
    public override string Name => "FrozenBatchNormGradient";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        UnitwiseKernel kernel = new(
            $"FrozenBatchNormGradientE{Identifier.Of(epsilon)}_", "dx = dy · weight / √(variance + ε)", shape.Axis, ["dy"],
            ["variance", "weight"], "dx",
            (_, values, units) => $"{values[0]} * {units[0]}")
        { PerUnit = (isa, units) => [FrozenBatchNormOperation.Factor(isa, units[0], units[1], epsilon)] };
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }
}

/// <summary>scale = weight / √(σ² + ε), shift = bias - μ · scale: a normalisation by running averages, once for a call.  Inputs: μ, σ²,
/// weight and bias.  Outputs: both, [channels].</summary>
internal sealed class BatchNormFoldOperation(float epsilon, bool hasBias) : Operation
{
    public override string Name => "BatchNormFold";

    public override void EmitPanels(StepWriter steps, Node node) => Emit(steps, node);

    public override void EmitSingle(StepWriter steps, Node node) => Emit(steps, node);

    private void Emit(StepWriter steps, Node node) => steps.Call(
        new BatchNormFold((int)node.Output.Shape.Length, epsilon, hasBias), [.. node.Inputs.Concat(node.Outputs).Select(steps.Ref)]);
}

/// <summary>y[c] = f(scale[c] · x[c] + shift[c]), in inference.  Inputs: x, scale, shift.</summary>
/// <remarks>f is the identity, or an activation that fusion has moved here: for blocks of samples a cheap one.</remarks>
internal sealed class ScaleOperation(NormShape shape, ElementwiseFunction? activation = null) : Operation
{
    public NormShape Shape { get; } = shape;

    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => "Scale" + Activation?.Name;

    /// <summary>The same with an activation behind it.</summary>
    public ScaleOperation With(ElementwiseFunction function) => new(Shape, function);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new UnitwiseKernel(
            KernelName, Formula, Shape.Axis, ["x"], ["scale", "shift"], "y", (isa, values, units) => Value(isa, values[0], units)),
        [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new UnitwiseSingle(KernelName, Formula, Shape.Axis, ["scale", "shift"], Value, Activation?.Math),
        [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    private string KernelName => $"Scale{Activation?.Name}_";

    private string Formula => Activation is null ? "y = scale · x + shift" : $"y = {Activation.Name}(scale · x + shift)";

    private string Value(InstructionSet isa, string x, string[] units)
    {
        string value = isa.MultiplyAdd(x, units[0], units[1]);
        return Activation?.Value(isa, $"({value})") ?? value;
    }
}
