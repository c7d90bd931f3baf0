using System.Globalization;

namespace NetGen;

/// <summary>Watches the layers during training: gradient and activation norms and dead units after every epoch, and a warning with the
/// layer's name as soon as a parameter is NaN or infinite.</summary>
/// <remarks>
/// <code>
/// var health = new GradientHealth(net, train.Slice(0, 64)) { Next = new ConsoleProgress() };
/// net.Train(train, new TrainingOptions { Progress = health });
/// Console.WriteLine(health.Reports[^1]);
/// </code>
/// <para>Costs one gradient per probe sample and epoch, and a look at all parameters after every batch.</para>
/// </remarks>
public sealed class GradientHealth : ITrainingProgress
{
    private readonly ITrainableNetwork network;
    private readonly HealthProbe probe;
    private readonly List<HealthReport> reports = [];
    private readonly List<string> warnings = [];
    private bool foundBadParameters;

    /// <param name="network">The network that is trained.</param>
    /// <param name="probe">A few samples, such as 64 of the training data. All of them are looked at together.</param>
    /// <exception cref="ArgumentException">The samples do not fit the network.</exception>
    public GradientHealth(ITrainableNetwork network, Dataset probe)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(probe);
        this.network = network;
        this.probe = new HealthProbe(network, probe);
    }

    /// <summary>Is told about training too, such as a <see cref="ConsoleProgress"/>.</summary>
    public ITrainingProgress? Next { get; init; }

    /// <summary>Is told each warning when it arises; by default it is written to the console's error stream.</summary>
    public Action<string> OnWarning { get; init; } = Console.Error.WriteLine;

    /// <summary>A report before training and one after each whole epoch.</summary>
    public IReadOnlyList<HealthReport> Reports => reports;

    /// <summary>All warnings so far.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Looks at a network once. Changes nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="probe">A few samples.</param>
    /// <exception cref="ArgumentException">The samples do not fit the network.</exception>
    public static HealthReport Measure(ITrainableNetwork network, Dataset probe)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(probe);
        return new HealthProbe(network, probe).Measure(0);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Another network is trained.</exception>
    public void OnStart(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!ReferenceEquals(plan.Network, network.Info))
            throw new ArgumentException($"A {plan.Network.Name} is trained; this {nameof(GradientHealth)} watches a {network.Info.Name}.");
        foundBadParameters = false;
        Report(0);
        Next?.OnStart(plan);
    }

    /// <inheritdoc/>
    public void OnBatch(in BatchProgress progress)
    {
        // The step that breaks a parameter still has a finite loss; the next one has not, and ends training. So this is the time to look.
        if (!foundBadParameters && !ParameterSnapshot.IsFinite(network.Parameters))
        {
            foundBadParameters = true;
            foreach (string warning in probe.BadParameters())
                Warn(string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}, batch {progress.Batch}: {warning}"));
        }

        Next?.OnBatch(progress);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Report(result.Epoch);
        Next?.OnEpoch(result);
    }

    /// <inheritdoc/>
    public void OnEnd(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.StoppedBecause == StopReason.Diverged && !foundBadParameters)
            Warn("the loss became NaN or infinite although every parameter was finite: the outputs overflowed");
        Next?.OnEnd(history);
    }

    private void Report(int epoch)
    {
        reports.Add(probe.Measure(epoch));
        foreach (string warning in reports[^1].Warnings)
            Warn(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}: {warning}"));
    }

    private void Warn(string warning)
    {
        warnings.Add(warning);
        OnWarning(warning);
    }
}
