namespace NetGen.Network.Tests;

/// <summary>A network whose class was compiled a moment ago: the interfaces, and delegates for what only the class has.</summary>
internal sealed class TestNetwork
{
    private readonly Lazy<BackwardCall> backward;
    private readonly Lazy<SetCall> setParameter;
    private readonly Lazy<GetCall> getParameter;
    private readonly Lazy<Action<string>> save, load;
    private readonly Lazy<PredictCall> predict;

    public TestNetwork(INetwork network)
    {
        Network = network;
        backward = new(() => Bind<BackwardCall>("Backward"));
        setParameter = new(() => Bind<SetCall>("SetParameter"));
        getParameter = new(() => Bind<GetCall>("GetParameter"));
        save = new(() => Bind<Action<string>>("Save"));
        load = new(() => Bind<Action<string>>("Load"));
        predict = new(() => Bind<PredictCall>("Predict"));
    }

    private delegate void BackwardCall(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradients, Span<float> inputGradients, Span<float> gradients);

    private delegate void SetCall(string name, ReadOnlySpan<float> values);

    private delegate void GetCall(string name, Span<float> destination);

    private delegate float[] PredictCall(ReadOnlySpan<float> inputs);

    /// <summary>The network.</summary>
    public INetwork Network { get; }

    /// <summary>The network, which must have a loss.</summary>
    public ITrainableNetwork Trainable => (ITrainableNetwork)Network;

    public NetworkInfo Info => Network.Info;

    public Span<float> Parameters => Network.Parameters;

    public float[] Predict(ReadOnlySpan<float> inputs) => predict.Value(inputs);

    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => Network.Predict(inputs, outputs);

    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
        Trainable.Train(inputs, targets, optimizer);

    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        Trainable.Train(inputs, labels, optimizer);

    public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) =>
        Trainable.Gradients(inputs, targets, gradients);

    public void Backward(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradients, Span<float> inputGradients, Span<float> gradients = default) =>
        backward.Value(inputs, outputGradients, inputGradients, gradients);

    public void SetParameter(string name, ReadOnlySpan<float> values) => setParameter.Value(name, values);

    public void GetParameter(string name, Span<float> destination) => getParameter.Value(name, destination);

    public void Save(string path) => save.Value(path);

    public void Load(string path) => load.Value(path);

    /// <summary>One parameter's part of a vector in storage order, row-major in its documented shape.</summary>
    public float[] Extract(string name, ReadOnlySpan<float> vector)
    {
        float[] values = new float[Info.Parameters.Single(parameter => parameter.Name == name).Length];
        ParameterAccess.Get(Info, vector, name, values);
        return values;
    }

    /// <summary>One parameter, row-major in its documented shape.</summary>
    public float[] Extract(string name) => Extract(name, Parameters);

    private TDelegate Bind<TDelegate>(string method)
        where TDelegate : Delegate
    {
        Type[] parameters = [.. typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        return Network.GetType().GetMethod(method, parameters)!.CreateDelegate<TDelegate>(Network);
    }
}
