using System.Globalization;

namespace NetGen.Benchmarks.Workloads;

/// <summary>Measures workloads and prints a line for each figure.</summary>
/// <remarks>
/// <c>W2 train samples/s median least most</c>, then <c>W2 train % of peak share</c>: the share of what the core can do, counting
/// 2 · B · K · N operations for each product of a dense layer, and for a convolution those with zeros of the padding as well. A training
/// step has three per layer, for the first layer two. With several threads <c>W2 handoff ns</c> comes first: see <see cref="Handoff"/>.
/// </remarks>
public sealed class WorkloadRun
{
    private readonly TextWriter output;
    private readonly int threads;
    private readonly Dictionary<string, Action> workloads;
    private double peak;

    /// <param name="output">Receives the lines.</param>
    /// <param name="threads">Threads to compute with, at least 1.</param>
    public WorkloadRun(TextWriter output, int threads)
    {
        this.output = output;
        this.threads = threads;
        workloads = new Dictionary<string, Action>(StringComparer.OrdinalIgnoreCase)
        {
            [W1Workload.Name] = Measure<W1Workload>,
            [W2Workload.Name] = Measure<W2Workload>,
            [W3Workload.Name] = Measure<W3Workload>,
            [W4Workload.Name] = Measure<W4Workload>,
            [W5Workload.Name] = Measure<W5Workload>,
            [W6Workload.Name] = Measure<W6Workload>,
            [W8Workload.Name] = Measure<W8Workload>,
            [W9Workload.Name] = Measure<W9Workload>,
            [ResNetWorkload.Name] = Measure<ResNetWorkload>,
        };
    }

    /// <summary>The names of all workloads.</summary>
    public IEnumerable<string> Names => workloads.Keys;

    /// <summary>Whether every figure so far came from finite numbers.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>Measures the peak, to which later figures are compared.</summary>
    public void MeasurePeak()
    {
        Measurement.Run(default(FmaPeak), out double[] seconds);
        Figure figure = Figure.Of([.. seconds.Select(time => FmaPeak.FlopsPerCall / time / 1e9)]);
        peak = figure.Median * 1e9 * threads;
        output.WriteLine($"peak GFLOP/s {figure}");
    }

    /// <summary>Measures all figures of a workload.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public void Measure(string name) => workloads[name]();

    private void Measure<TWorkload>()
        where TWorkload : struct, IWorkload<TWorkload>
    {
        TWorkload workload = Create<TWorkload>();
        long[] products = [.. workload.Network.Info.Layers.Select(layer => layer.MultiplyAdds).Where(count => count > 0)];
        long forward = products.Sum(), training = 3 * forward - products[0];
        int batch = TWorkload.BatchSize;
        if (threads > 1)
            output.WriteLine($"{TWorkload.Name} handoff ns {Handoff.Measure()}");
        Report($"{TWorkload.Name} train", TWorkload.CountsSteps ? "steps/s" : "samples/s", new TrainingStep<TWorkload>(workload),
            perCall: TWorkload.CountsSteps ? 1 : batch, flopsPerCall: 2.0 * batch * training);
        foreach (int size in TWorkload.PredictionSizes)
        {
            PredictionStep<TWorkload> step = new(Create<TWorkload>(), size);
            double flops = 2.0 * size * forward;
            if (size == 1)
                Report($"{TWorkload.Name} predict1", "ns", step, perCall: 0, flops);
            else
                Report($"{TWorkload.Name} {(size < 256 ? "fwd" : "predict")}{size}", "samples/s", step, perCall: size, flops);
        }
    }

    /// <summary>Creates a workload whose network computes with the wanted number of threads.</summary>
    private TWorkload Create<TWorkload>()
        where TWorkload : struct, IWorkload<TWorkload>
    {
        TWorkload workload = TWorkload.Create();
        workload.Network.Threads = threads;
        return workload;
    }

    /// <summary>Measures one figure and prints its lines.</summary>
    /// <param name="name">Workload and metric.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="step">One call.</param>
    /// <param name="perCall">How many of the unit a call makes; 0 for nanoseconds per call.</param>
    /// <param name="flopsPerCall">Floating-point operations of a call.</param>
    private void Report<TStep>(string name, string unit, TStep step, int perCall, double flopsPerCall)
        where TStep : struct, IStep
    {
        double sum = Measurement.Run(step, out double[] seconds);
        if (!double.IsFinite(sum))
        {
            IsValid = false;
            output.WriteLine($"{name} invalid: the network's numbers are no longer finite");
            return;
        }

        output.WriteLine($"{name} {unit} {Figure.Of([.. seconds.Select(time => perCall == 0 ? time * 1e9 : perCall / time)])}");
        double share = 100 * flopsPerCall / (Figure.Of(seconds).Median * peak);
        output.WriteLine($"{name} % of peak {share.ToString("F1", CultureInfo.InvariantCulture)}");
    }
}
