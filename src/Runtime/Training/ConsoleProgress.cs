using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace NetGen;

/// <summary>Shows training on the console: a live bar on a terminal, a line per epoch where the output is redirected.</summary>
/// <remarks>Says once per program when it is a Debug build, whose timings mean nothing. One instance shows one training at a
/// time.</remarks>
public sealed class ConsoleProgress : ITrainingProgress
{
    private const int DefaultRedrawMilliseconds = 100, BarWidth = 24;
    private static int warned;

    private readonly TextWriter? writer;
    private readonly bool live;
    private readonly bool unoptimized;
    private readonly int redrawMilliseconds;
    private readonly StringBuilder line = new();
    private TrainingPlan? plan;
    private long nextRedraw, trainingStart, epochStart;
    private int drawnLength, firstEpoch;

    /// <summary>Writes to the console: live unless it is redirected or the terminal is a dumb one.</summary>
    public ConsoleProgress()
        : this(null, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
            DebugBuild.IsUnoptimized(Assembly.GetEntryAssembly()))
    {
    }

    /// <summary>Writes elsewhere.</summary>
    /// <param name="writer">Receives the text.</param>
    /// <param name="live">Whether to redraw a bar in place with carriage returns, or to write one line per epoch.</param>
    public ConsoleProgress(TextWriter writer, bool live = false)
        : this(writer ?? throw new ArgumentNullException(nameof(writer)), live, DebugBuild.IsUnoptimized(Assembly.GetEntryAssembly()))
    {
    }

    internal ConsoleProgress(TextWriter? writer, bool live, bool unoptimized, int redrawMilliseconds = DefaultRedrawMilliseconds)
    {
        this.redrawMilliseconds = redrawMilliseconds;
        this.writer = writer;
        this.live = live;
        this.unoptimized = unoptimized;
    }

    // Asked for each time, so that Console.SetOut works in between.
    private TextWriter Out => writer ?? Console.Out;

    /// <inheritdoc/>
    public void OnStart(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        drawnLength = firstEpoch = 0;
        trainingStart = epochStart = Stopwatch.GetTimestamp();
        nextRedraw = Environment.TickCount64 + redrawMilliseconds;
        if (unoptimized && Interlocked.Exchange(ref warned, 1) == 0)
            Out.WriteLine("This is a Debug build, which the JIT does not optimise: timings mean nothing. Run with -c Release.");
    }

    /// <inheritdoc/>
    public void OnBatch(in BatchProgress progress)
    {
        if (firstEpoch == 0)
            firstEpoch = progress.Epoch;
        if (!live || plan is null || Environment.TickCount64 < nextRedraw)
            return;
        nextRedraw = Environment.TickCount64 + redrawMilliseconds;
        Draw(in progress, plan);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Erase();
        CultureInfo culture = CultureInfo.InvariantCulture;
        line.Clear();
        line.Append(culture, $"epoch {Of(result.Epoch, plan?.Epochs)} · loss {LossText.Of(result.TrainingLoss)}");
        if (result.Validation is { } validation)
            line.Append(culture, $" · validation {validation}");
        line.Append(culture, $" · {result.Elapsed.TotalSeconds:0.00} s · {result.SamplesPerSecond:N0} samples/s");
        Out.WriteLine(line.ToString());
        epochStart = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void OnEnd(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        Erase();
        if (history.StoppedBecause != StopReason.Completed || history.RestoredEpoch is not null)
            Out.WriteLine(history.ToString());
        Out.Flush();
        plan = null;
    }

    private static string Of(int number, int? total) => total is null
        ? number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{number}/{total}");

    private static string Format(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private void Draw(in BatchProgress progress, TrainingPlan current)
    {
        double seconds = Math.Max(Stopwatch.GetElapsedTime(epochStart).TotalSeconds, 1e-9);
        double done = ((double)(progress.Epoch - firstEpoch) * current.Samples) + progress.Samples;
        double all = (double)(current.Epochs - firstEpoch + 1) * current.Samples;
        double left = Stopwatch.GetElapsedTime(trainingStart).TotalSeconds / done * (all - done);
        int filled = (int)((long)BarWidth * progress.Samples / current.Samples);

        line.Clear();
        line.Append(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}/{current.Epochs} [");
        line.Append('=', filled).Append(' ', BarWidth - filled);
        line.Append(CultureInfo.InvariantCulture,
            $"] {progress.Batch}/{current.BatchesPerEpoch} · {progress.Samples / seconds:N0} samples/s");
        line.Append(CultureInfo.InvariantCulture,
            $" · loss {LossText.Of(progress.Loss)} · {Format(TimeSpan.FromSeconds(Math.Min(left, 3.6e8)))} left");

        // A line that wraps cannot be redrawn in place.
        int length = Math.Min(line.Length, Width() - 1);
        line.Length = length;
        line.Append(' ', Math.Max(0, drawnLength - length)).Insert(0, '\r');
        drawnLength = length;
        Out.Write(line.ToString());
        Out.Flush();
    }

    private void Erase()
    {
        if (drawnLength > 0)
            Out.Write("\r" + new string(' ', drawnLength) + "\r");
        drawnLength = 0;
    }

    private int Width()
    {
        if (writer is not null)
            return 120;
        try
        {
            return Console.WindowWidth is > 1 and int width ? width : 80;
        }
        catch (IOException)
        {
            return 80;   // no console behind the output
        }
    }
}
