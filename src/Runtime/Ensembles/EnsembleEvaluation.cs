namespace NetGen;

/// <summary>An ensemble as the network that <see cref="Evaluator"/> asks for predictions and losses.</summary>
internal sealed class EnsembleEvaluation(
    IReadOnlyList<ITrainableNetwork> members, Action<ReadOnlySpan<float>, Span<float>> predict) : ITrainableNetwork
{
    public NetworkInfo Info => members[0].Info;

    public Span<float> Parameters => throw NotSupported();

    public int Threads { get; set; }

    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => predict(inputs, outputs);

    public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs)
    {
        double sum = 0;
        foreach (ITrainableNetwork member in members)
            sum += member.Evaluate(inputs, targets, outputs);
        predict(inputs, outputs);
        return (float)(sum / members.Count);
    }

    public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs)
    {
        double sum = 0;
        foreach (ITrainableNetwork member in members)
            sum += member.Evaluate(inputs, labels, outputs);
        predict(inputs, outputs);
        return (float)(sum / members.Count);
    }

    public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double sum = 0;
        foreach (ITrainableNetwork member in members)
            sum += member.Evaluate(inputs, targets, weights, outputs);
        predict(inputs, outputs);
        return (float)(sum / members.Count);
    }

    public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double sum = 0;
        foreach (ITrainableNetwork member in members)
            sum += member.Evaluate(inputs, labels, weights, outputs);
        predict(inputs, outputs);
        return (float)(sum / members.Count);
    }

    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) => throw NotSupported();

    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) => throw NotSupported();

    public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) => throw NotSupported();

    private static NotSupportedException NotSupported() => new("An ensemble is only evaluated; its members are trained.");
}
