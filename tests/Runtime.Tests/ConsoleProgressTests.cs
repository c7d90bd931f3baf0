namespace NetGen.Tests;

public class ConsoleProgressTests
{
    [Fact]
    public void Redirected_output_has_a_line_per_epoch()
    {
        using StringWriter text = new();
        LinearNetwork network = new(1, 1);
        Dataset data = Dataset.FromTargets([1, 2], [1, 2], 2);
        Trainer.Train(network, data,
            new TrainingOptions { Epochs = 3, Validation = data, Progress = new ConsoleProgress(text, false, false) });
        string[] lines = text.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("epoch 1/3 · loss 2.5000 · validation loss 2.4", lines[0]);
        Assert.EndsWith("samples/s", lines[2]);
        Assert.DoesNotContain('\r', text.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Live_bar_is_redrawn_in_place()
    {
        using StringWriter text = new();
        ConsoleProgress progress = new(text, true, false, redrawMilliseconds: 0);
        progress.OnStart(new TrainingPlan(new LinearNetwork(1, 1).Info, 2, 100, 10, 10));
        progress.OnBatch(new BatchProgress(1, 5, 50, 0.25));
        string bar = text.ToString();
        Assert.Matches(@"^\repoch 1/2 \[={12} {12}\] 5/10 · [0-9,]+ samples/s · loss 0\.2500 · [0-9:]+ left$", bar);

        progress.OnEpoch(new EpochResult(1, 0.25, null, TimeSpan.FromSeconds(1), 100));
        string blank = "\r" + new string(' ', bar.Length - 1) + "\r";
        Assert.Equal(bar + blank + "epoch 1/2 · loss 0.2500 · 1.00 s · 100 samples/s" + Environment.NewLine, text.ToString());
    }

    [Fact]
    public void A_shorter_bar_covers_the_longer_one()
    {
        using StringWriter text = new();
        ConsoleProgress progress = new(text, true, false, redrawMilliseconds: 0);
        progress.OnStart(new TrainingPlan(new LinearNetwork(1, 1).Info, 2, 100, 10, 10));
        progress.OnBatch(new BatchProgress(1, 9, 90, 1e20));
        progress.OnBatch(new BatchProgress(1, 10, 100, 0.25));
        string[] bars = text.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, bars.Length);
        Assert.True(bars[1].Length >= bars[0].Length, $"{bars[1].Length} characters do not cover {bars[0].Length}");
        Assert.EndsWith("left", bars[1].TrimEnd());
    }

    [Fact]
    public void Bar_waits_until_it_is_due()
    {
        using StringWriter text = new();
        ConsoleProgress progress = new(text, true, false, redrawMilliseconds: int.MaxValue);
        progress.OnStart(new TrainingPlan(new LinearNetwork(1, 1).Info, 2, 100, 10, 10));
        for (int i = 1; i <= 10; i++)
            progress.OnBatch(new BatchProgress(1, i, 10 * i, 1));
        Assert.Empty(text.ToString());
    }

    [Fact]
    public void Early_end_is_told()
    {
        using StringWriter text = new();
        ConsoleProgress progress = new(text, true, false);
        progress.OnEnd(new TrainingHistory { Epochs = [], BestEpoch = 0, StoppedBecause = StopReason.Cancelled, Elapsed = TimeSpan.Zero });
        Assert.Contains("cancelled", text.ToString());
    }

    [Fact]
    public void Debug_build_is_told_once()
    {
        using StringWriter text = new();
        TrainingPlan plan = new(new LinearNetwork(1, 1).Info, 1, 1, 1, 1);
        new ConsoleProgress(text, false, false).OnStart(plan);
        Assert.Empty(text.ToString());
        new ConsoleProgress(text, false, true).OnStart(plan);
        new ConsoleProgress(text, false, true).OnStart(plan);
        Assert.Single(text.ToString().TrimEnd().Split(Environment.NewLine));
        Assert.Contains("Debug build", text.ToString());
    }

    [Fact]
    public void Optimised_assemblies_are_no_debug_build()
    {
        Assert.False(DebugBuild.IsUnoptimized(typeof(object).Assembly));
        Assert.False(DebugBuild.IsUnoptimized(null));
#if DEBUG
        Assert.True(DebugBuild.IsUnoptimized(typeof(ConsoleProgressTests).Assembly));
#else
        Assert.False(DebugBuild.IsUnoptimized(typeof(ConsoleProgressTests).Assembly));
#endif
    }

    [Fact]
    public void Batches_between_redraws_allocate_nothing()
    {
        ConsoleProgress progress = new(TextWriter.Null, false, false);
        progress.OnStart(new TrainingPlan(new LinearNetwork(1, 1).Info, 1, 1000, 1, 1000));
        progress.OnBatch(new BatchProgress(1, 1, 1, 1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            progress.OnBatch(new BatchProgress(1, i, i, 1));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
