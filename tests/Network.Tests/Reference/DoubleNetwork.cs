namespace NetGen.Network.Tests;

/// <summary>The reference implementation: interprets a declaration layer by layer in double precision, with bounds of float32's
/// error.</summary>
/// <remarks>Shares nothing with the generator, not even the reading of attributes.</remarks>
internal sealed class DoubleNetwork
{
    private readonly IReadOnlyList<DoubleLayer> layers;
    private readonly DoubleLoss? loss;
    private Bounded[][][] last = [];

    private DoubleNetwork(string declaration)
    {
        DoubleDeclaration read = DoubleDeclaration.Read(declaration, RandomKey);
        layers = read.Layers;
        loss = read.Loss;
        InputLength = read.InputLength;
        OutputLength = read.OutputLength;
        Parameters = [.. layers.SelectMany(layer => layer.Parameters).Distinct()];
    }

    /// <summary>Layers before what the loss reads.</summary>
    private int Depth => loss!.IsFused ? layers.Count - 1 : layers.Count;

    /// <summary>Seed of the network that is replayed, and the training steps it has done.</summary>
    public DoubleDropout.StepKey RandomKey { get; } = new();

    /// <summary>A weight per sample of the batches to come, or null.</summary>
    public float[]? SampleWeights { get; set; }

    public int InputLength { get; }

    public int OutputLength { get; }

    public IReadOnlyList<DoubleParameter> Parameters { get; }

    /// <summary>The interpreter of a declaration.</summary>
    /// <exception cref="NotSupportedException">It has a layer or loss that this one does not know.</exception>
    public static DoubleNetwork Of(string declaration) => new(declaration);

    /// <summary>The interpreter of a declaration, or null where it has a layer or loss that this one does not know.</summary>
    public static DoubleNetwork? TryOf(string declaration)
    {
        try
        {
            return new DoubleNetwork(declaration);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The interpreter with a generated network's parameters.</summary>
    public static DoubleNetwork Of(string declaration, TestNetwork network)
    {
        DoubleNetwork reference = new(declaration);
        reference.CopyParameters(network);
        return reference;
    }

    /// <summary>Floats as they are.</summary>
    public static Bounded[] Exact(float[] values) => Array.ConvertAll(values, value => (Bounded)value);

    /// <summary>Doubles as the nearest floats.</summary>
    public static Bounded[] Rounded(double[] values) => Array.ConvertAll(values, Bounded.Rounded);

    /// <summary>Takes a generated network's parameters, which are exact.</summary>
    public void CopyParameters(TestNetwork network)
    {
        foreach (DoubleParameter parameter in Parameters)
            Exact(network.Extract(parameter.Name)).CopyTo(parameter.Values, 0);
    }

    public Bounded[] Predict(Bounded[] inputs) => [.. inputs.Chunk(InputLength).SelectMany(x => Forward(x, layers.Count)[^1])];

    /// <summary>Mean loss of a batch in training, with the penalties of the weights.</summary>
    public Bounded Loss(Bounded[] inputs, Bounded[] targets) => Bounded.Sum(Penalized.Select(parameter => parameter.Penalty)
        .Prepend(MeanLoss(ForwardBatch([.. inputs.Chunk(InputLength)], Depth)[^1], targets)));

    /// <summary>Mean loss of a batch in inference, without penalties.</summary>
    public Bounded EvaluationLoss(Bounded[] inputs, Bounded[] targets) =>
        MeanLoss([.. inputs.Chunk(InputLength).Select(x => Forward(x, Depth)[^1])], targets);

    /// <summary>The outputs of a batch in training.</summary>
    public Bounded[] TrainingOutputs(Bounded[] inputs) =>
        [.. ForwardBatch([.. inputs.Chunk(InputLength)], layers.Count)[^1].SelectMany(output => output)];

    /// <summary>What a training step changes besides the parameters it trains, from the last batch that went forward.</summary>
    public void UpdateState()
    {
        for (int i = 0; i < last.Length - 1; i++)
            layers[i].UpdateState(last[i]);
    }

    /// <summary>Gradients of the mean loss: of the parameters by name (frozen ones included) and of the inputs.</summary>
    public DoubleGradients Gradients(Bounded[] inputs, Bounded[] targets)
    {
        Bounded scale = 1f / TotalWeight(targets);
        return Run(inputs, Depth, (sample, x) =>
            Array.ConvertAll(loss!.Gradient(x, targets[(sample * OutputLength)..((sample + 1) * OutputLength)]), gradient =>
                WeightOf(sample, gradient * scale)), Penalized);
    }

    /// <summary>Gradient of the mean loss with respect to the network's outputs.</summary>
    public Bounded[] OutputGradient(Bounded[] outputs, Bounded[] targets)
    {
        Bounded scale = 1f / TotalWeight(targets);
        return [.. outputs.Chunk(OutputLength).Zip(targets.Chunk(OutputLength), (y, t) => loss!.OutputGradient(y, t))
            .SelectMany((gradient, sample) => gradient.Select(value => WeightOf(sample, value * scale)))];
    }

    /// <summary>Gradients of the inputs and, summed over the samples, of the parameters from those of the outputs.</summary>
    public DoubleGradients Backward(Bounded[] inputs, Bounded[] outputGradients) =>
        Run(inputs, layers.Count, (sample, _) => outputGradients[(sample * OutputLength)..((sample + 1) * OutputLength)], []);

    private IEnumerable<DoubleParameter> Penalized =>
        Parameters.Where(parameter => parameter is { Trainable: true } and ({ L1: > 0 } or { L2: > 0 }));

    private DoubleGradients Run(
        Bounded[] inputs, int depth, Func<int, Bounded[], Bounded[]> outputGradient, IEnumerable<DoubleParameter> penalized)
    {
        foreach (DoubleParameter parameter in Parameters)
            Array.Clear(parameter.Gradient);
        Bounded[][][] values = ForwardBatch([.. inputs.Chunk(InputLength)], depth);
        Bounded[][]?[] gradients = new Bounded[][]?[depth + 1];
        gradients[depth] = [.. values[^1].Select((output, sample) => outputGradient(sample, output))];
        for (int i = depth - 1; i >= 0; i--)
            Differentiate(layers[i], i, values, gradients);

        foreach (DoubleParameter parameter in penalized)
            parameter.AddPenaltyGradient();
        return new DoubleGradients(
            Parameters.ToDictionary(parameter => parameter.Name, parameter => Array.ConvertAll(parameter.Gradient, sum => sum.Result)),
            [.. gradients[0]?.SelectMany(gradient => gradient) ?? new Bounded[inputs.Length]]);
    }

    private Bounded MeanLoss(Bounded[][] outputs, Bounded[] targets) =>
        Bounded.Sum(outputs.Zip(targets.Chunk(OutputLength), loss!.Value).Select((value, sample) => WeightOf(sample, value)))
            / TotalWeight(targets);

    /// <summary>What the losses of all samples count together.</summary>
    private Bounded TotalWeight(Bounded[] targets)
    {
        Bounded[] weights = [.. targets.Chunk(OutputLength).Select((t, sample) => WeightOf(sample, loss!.Weight(t)))];
        // Sums of weights are in double precision, and rounded once.
        double sum = weights.Sum(weight => weight.Value);
        return (float)sum == sum ? new Bounded(sum) : Bounded.Rounded(sum);
    }

    /// <summary>A value times the weight of its sample.</summary>
    private Bounded WeightOf(int sample, Bounded value) => SampleWeights is null ? value : value * SampleWeights[sample];

    /// <summary>The input and the output of each of the first layers for a batch in training.</summary>
    private Bounded[][][] ForwardBatch(Bounded[][] x, int depth)
    {
        Bounded[][][] values = last = new Bounded[depth + 1][][];
        values[0] = x;
        for (int i = 0; i < depth; i++)
        {
            values[i + 1] = layers[i] is DoubleJoin join
                ? [.. values[i].Zip(values[join.Other], join.Join)]
                : layers[i].ForwardBatch(values[i]);
        }

        return values;
    }

    /// <summary>Adds to the gradients of what a layer reads.</summary>
    private static void Differentiate(DoubleLayer layer, int index, Bounded[][][] values, Bounded[][]?[] gradients)
    {
        if (gradients[index + 1] is not Bounded[][] dy)
            return;
        if (layer is not DoubleJoin join)
        {
            Add(index, layer.BackwardBatch(values[index], values[index + 1], dy));
            return;
        }

        (Bounded[]? X, Bounded[]? Other)[] parts =
            [.. dy.Select((gradient, sample) => join.Split(values[index][sample], values[join.Other][sample], gradient))];
        Add(index, [.. parts.Select(part => part.X).OfType<Bounded[]>()]);
        Add(join.Other, [.. parts.Select(part => part.Other).OfType<Bounded[]>()]);

        void Add(int value, Bounded[][] gradient)
        {
            if (gradient.Length == 0)
                return;
            gradients[value] = gradients[value] is Bounded[][] sum
                ? [.. sum.Zip(gradient, (left, right) => (Bounded[])[.. left.Zip(right, (a, b) => a + b)])]
                : gradient;
        }
    }

    /// <summary>The input and the output of each of the first layers.</summary>
    private Bounded[][] Forward(Bounded[] x, int depth)
    {
        Bounded[][] values = new Bounded[depth + 1][];
        values[0] = x;
        for (int i = 0; i < depth; i++)
            values[i + 1] = layers[i] is DoubleJoin join ? join.Join(values[i], values[join.Other]) : layers[i].Forward(values[i]);
        return values;
    }
}

/// <param name="Parameters">By name, row-major in the documented shape; what is frozen has one too.</param>
/// <param name="Inputs">Sample after sample.</param>
internal sealed record DoubleGradients(IReadOnlyDictionary<string, Bounded[]> Parameters, Bounded[] Inputs);
