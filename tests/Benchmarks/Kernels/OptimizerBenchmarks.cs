using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace NetGen.Benchmarks.Kernels;

/// <summary>One optimizer step over a vector of parameters, from what fits the first-level cache to what leaves the second.</summary>
[MemoryDiagnoser]
[Config(typeof(Columns))]
public class OptimizerBenchmarks
{
    private readonly object network = new();
    private float[] parameters = [], gradients = [];
    private Optimizer sgd = null!, momentum = null!, adam = null!;

    /// <summary>Parameters.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Count { get; set; }

    /// <summary>Before each benchmark.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        Random random = new(1);
        parameters = new float[Count];
        gradients = new float[Count];
        for (int i = 0; i < Count; i++) (parameters[i], gradients[i]) = (random.NextSingle(), 2 * random.NextSingle() - 1);
        const float rate = 1e-6f;
        (sgd, momentum, adam) = (new SGD(rate), new Momentum(rate), new Adam(rate));
    }

    /// <summary>w ← w − lr·g.</summary>
    [Benchmark]
    public void SGD() => Step(sgd);

    /// <summary>One more vector of state.</summary>
    [Benchmark]
    public void Momentum() => Step(momentum);

    /// <summary>Two vectors of state, a root and a division.</summary>
    [Benchmark]
    public void Adam() => Step(adam);

    private void Step(Optimizer optimizer)
    {
        optimizer.BeginStep(network, Count);
        optimizer.Update(parameters, gradients, 0, decay: true);
    }

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new TimePerParameterColumn());
    }
}
