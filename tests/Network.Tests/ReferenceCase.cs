using System.Text.Json;

namespace NetGen.Network.Tests;

/// <summary>A network with its results as PyTorch 1.13 computed them in double precision: one file of the folder References.</summary>
internal sealed class ReferenceCase
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "References");
    private readonly JsonElement root;

    private ReferenceCase(JsonElement root) => this.root = root;

    /// <summary>The names of all files in the folder.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public string Declaration => root.GetProperty("declaration").GetString()!;

    public double[] Inputs => Numbers(root.GetProperty("input"));

    public double[] Targets => Numbers(root.GetProperty("target"));

    public int SampleCount => root.GetProperty("input").GetProperty("shape")[0].GetInt32();

    /// <summary>By name, row-major in the documented shape.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters => Tensors(root.GetProperty("parameters"));

    /// <summary>Outputs in inference.</summary>
    public double[] Prediction => Numbers(root.GetProperty("predict"));

    /// <summary>Outputs in training.</summary>
    public double[] TrainingOutputs => Numbers(root.GetProperty("forwardTraining"));

    public double Loss => root.GetProperty("lossValue").GetDouble();

    public IReadOnlyDictionary<string, double[]> Gradients => Tensors(root.GetProperty("gradients"));

    /// <summary>Null where the inputs are no real numbers.</summary>
    public double[]? InputGradient =>
        root.GetProperty("inputGradient") is { ValueKind: not JsonValueKind.Null } tensor ? Numbers(tensor) : null;

    /// <summary>Kind and options of the optimizer.</summary>
    public JsonElement Optimizer => Trajectory.GetProperty("optimizer");

    /// <summary>Loss before each step on this one batch.</summary>
    public double[] Losses => [.. Trajectory.GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble())];

    /// <summary>Steps that float can follow: some of the trajectories diverge, and leave its range soon.</summary>
    public int FiniteSteps => Losses.TakeWhile(loss => loss < 1e30).Count();

    /// <summary>Parameters after the last step.</summary>
    public IReadOnlyDictionary<string, double[]> FinalParameters => Tensors(Trajectory.GetProperty("parameters"));

    private JsonElement Trajectory => root.GetProperty("trajectory");

    public static ReferenceCase Load(string name) =>
        new(JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json"))).RootElement);

    /// <summary>A generated network with the start values.</summary>
    public TestNetwork CreateNetwork()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create();
        foreach ((string name, double[] values) in Parameters)
            network.SetParameter(name, ToFloats(values));
        return network;
    }

    /// <summary>The reference implementation with the start values, or null where it does not know a layer.</summary>
    public DoubleNetwork? CreateDouble()
    {
        DoubleNetwork? network = DoubleNetwork.TryOf(Declaration);
        foreach (DoubleParameter parameter in network?.Parameters ?? [])
            DoubleNetwork.Rounded(Parameters[parameter.Name]).CopyTo(parameter.Values, 0);
        return network;
    }

    /// <summary>The runtime's optimizer of that name; the options fill its constructor's parameters.</summary>
    public Optimizer CreateOptimizer()
    {
        Type type = typeof(Optimizer).Assembly.GetType($"NetGen.{Optimizer.GetProperty("kind").GetString()}", throwOnError: true)!;
        var constructor = type.GetConstructors().Single();
        return (Optimizer)constructor.Invoke([.. constructor.GetParameters()
            .Select(parameter => (object)Optimizer.GetProperty(parameter.Name!).GetSingle())]);
    }

    public static float[] ToFloats(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static IReadOnlyDictionary<string, double[]> Tensors(JsonElement tensors) =>
        tensors.EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => Numbers(tensor.Value));

    private static double[] Numbers(JsonElement tensor) =>
        [.. tensor.GetProperty("data").EnumerateArray().Select(number => number.GetDouble())];
}
