namespace NetGen.Tests;

public class ScheduleTests
{
    [Fact]
    public void Step_decay_drops_every_period()
    {
        StepDecay schedule = new(period: 3, factor: 0.1f);
        Assert.False(schedule.ChangesWithinEpochs);
        Equal([0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005],
            Enumerable.Range(0, 7).Select(epoch => schedule.LearningRate(AtEpoch(0.5f, epoch))));
    }

    [Fact]
    public void Exponential_decay_multiplies_after_each_epoch()
    {
        ExponentialDecay schedule = new(0.5f);
        Assert.False(schedule.ChangesWithinEpochs);
        Equal([0.8, 0.4, 0.2, 0.1], Enumerable.Range(0, 4).Select(epoch => schedule.LearningRate(AtEpoch(0.8f, epoch))));
    }

    [Fact]
    public void Cosine_annealing_falls_over_the_training()
    {
        // lr₋ + ½(1 − lr₋)(1 + cos(π·t/6)), where the cosines are 1, √3/2, ½, 0, −½, −√3/2, −1.
        Equal([1, 0.9330127, 0.75, 0.5, 0.25, 0.0669873, 0],
            Enumerable.Range(0, 7).Select(step => new CosineAnnealing().LearningRate(At(1, step, 6))));
        Equal([1, 0.6, 0.2], new[] { 0, 3, 6 }.Select(step => new CosineAnnealing(0.2f).LearningRate(At(1, step, 6))));
    }

    [Fact]
    public void One_cycle_rises_to_the_rate_and_falls_to_almost_nothing()
    {
        // The peak is at step 0.3 · 10 − 1 = 2; half-way up (0.04 + 1) / 2; the way down takes 7 steps, of which cos(3π/7) = 0.22252093.
        OneCycle schedule = new();
        Equal([0.04, 0.52, 1, 0.611262, 4e-6],
            new[] { 0, 1, 2, 5, 9 }.Select(step => schedule.LearningRate(At(1, step, 10))));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Short_one_cycles_stay_in_their_range(int steps)
    {
        float[] rates = [.. Enumerable.Range(0, steps).Select(step => new OneCycle().LearningRate(At(1, step, steps)))];
        Assert.All(rates, rate => Assert.InRange(rate, 3.9e-6f, 1f));
        Equal([steps == 1 ? 1 : 4e-6], [rates[^1]]);
    }

    [Fact]
    public void Warm_up_rises_in_a_straight_line()
    {
        Equal([0, 0.25, 0.5, 0.75, 1, 1, 1], Enumerable.Range(0, 7).Select(step => new WarmUp(4).LearningRate(At(1, step, 7))));
        Equal([0.5, 0.75, 1, 1], Enumerable.Range(0, 4).Select(step => new WarmUp(2, start: 0.5f).LearningRate(At(1, step, 4))));
    }

    [Fact]
    public void Another_schedule_starts_after_the_warm_up()
    {
        // Two steps up, then the cosine over the remaining four.
        WarmUp schedule = new(2, new CosineAnnealing());
        Equal([0, 0.5, 1, 0.8535534, 0.5, 0.1464466], Enumerable.Range(0, 6).Select(step => schedule.LearningRate(At(1, step, 6))));

        // One that counts epochs is scaled meanwhile.
        SchedulePoint second = new(1, Step: 1, Steps: 4, Epoch: 1, Results: []);
        Assert.Equal(0.125f, new WarmUp(2, new ExponentialDecay(0.25f)).LearningRate(second));
    }

    [Fact]
    public void A_plateau_reduces_the_rate()
    {
        ReduceOnPlateau schedule = new(factor: 0.5f, patience: 1);
        Assert.False(schedule.ChangesWithinEpochs);

        // Improves, then 2 epochs without: patience 1 tolerates one of them. Then the count starts anew.
        double[] losses = [3, 2, 2, 2, 2, 2, 1, 1];
        Equal([1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25],
            Enumerable.Range(0, 9).Select(epoch => schedule.LearningRate(AfterEpochs(losses[..epoch]))));
    }

    [Fact]
    public void A_plateau_is_broken_by_more_than_the_threshold()
    {
        double[] losses = [1, 0.95, 0.92, 0.89];
        Equal([0.1], [new ReduceOnPlateau(patience: 1, threshold: 0.1f).LearningRate(AfterEpochs(losses[..3]))]);
        Equal([1], [new ReduceOnPlateau(patience: 1, threshold: 0.04f).LearningRate(AfterEpochs(losses))]);
    }

    [Fact]
    public void Epochs_of_cooldown_do_not_count()
    {
        // Reduces after the 2nd epoch; epochs 3 and 4 rest; the 5th reduces again.
        ReduceOnPlateau schedule = new(factor: 0.5f, patience: 0, cooldown: 2);
        double[] losses = [1, 1, 1, 1, 1];
        Equal([1, 1, 0.5, 0.5, 0.5, 0.25], Enumerable.Range(0, 6).Select(epoch => schedule.LearningRate(AfterEpochs(losses[..epoch]))));
    }

    [Fact]
    public void The_rate_does_not_fall_below_the_minimum_of_a_plateau()
    {
        double[] losses = [1, 1, 1, 1];
        Equal([0.3], [new ReduceOnPlateau(factor: 0.5f, patience: 0, minimum: 0.3f).LearningRate(AfterEpochs(losses))]);
        Equal([1], [new ReduceOnPlateau(factor: 0.5f, patience: 0, minimum: 2f).LearningRate(AfterEpochs(losses))]);
    }

    [Fact]
    public void A_plateau_of_the_validation_loss_counts_before_the_training_loss()
    {
        EpochResult[] results =
        [
            .. Enumerable.Range(1, 3).Select(epoch => new EpochResult(epoch, 1.0 / epoch,
                new Evaluation { Loss = 1, Count = 1 }, TimeSpan.Zero, 1)),
        ];
        Assert.Equal(0.5f, new ReduceOnPlateau(0.5f, patience: 1).LearningRate(new SchedulePoint(1, 3, 9, 3, results)));
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Check("period", () => new StepDecay(0));
        Check("factor", () => new StepDecay(1, 1.1f));
        Check("factor", () => new ExponentialDecay(float.NaN));
        Check("minimum", () => new CosineAnnealing(-1));
        Check("rise", () => new OneCycle(rise: 1.5f));
        Check("startDivisor", () => new OneCycle(startDivisor: 0.5f));
        Check("endDivisor", () => new OneCycle(endDivisor: float.PositiveInfinity));
        Check("steps", () => new WarmUp(0));
        Check("start", () => new WarmUp(1, start: -0.1f));
        Check("factor", () => new ReduceOnPlateau(factor: -1));
        Check("patience", () => new ReduceOnPlateau(patience: -1));
        Check("threshold", () => new ReduceOnPlateau(threshold: 2));
        Check("cooldown", () => new ReduceOnPlateau(cooldown: -1));
        Check("minimum", () => new ReduceOnPlateau(minimum: float.NaN));

        static void Check(string name, Func<Schedule> create) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(create).ParamName);
    }

    [Fact]
    public void Training_asks_before_every_step_and_puts_the_rate_back()
    {
        RecordingOptimizer optimizer = new(0.5f);
        RecordingSchedule schedule = new(at => at.BaseRate / (at.Step + 1));
        Train(optimizer, schedule, epochs: 2);
        Equal([0.5, 0.25, 0.5 / 3, 0.125, 0.1, 0.5 / 6], optimizer.Rates);
        Assert.Equal(0.5f, optimizer.LearningRate);
        Assert.Equal([(0L, 6L, 0, 0), (1, 6, 0, 0), (2, 6, 0, 0), (3, 6, 1, 1), (4, 6, 1, 1), (5, 6, 1, 1)], schedule.Points);
    }

    [Fact]
    public void Schedules_of_epochs_are_asked_once_per_epoch()
    {
        RecordingOptimizer optimizer = new(0.5f);
        RecordingSchedule schedule = new(at => at.BaseRate / (at.Epoch + 1)) { EachStep = false };
        Train(optimizer, schedule, epochs: 3);
        Equal([0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.5 / 3, 0.5 / 3, 0.5 / 3], optimizer.Rates);
        Assert.Equal(3, schedule.Points.Count);
    }

    [Fact]
    public void The_rate_is_put_back_when_training_fails()
    {
        RecordingOptimizer optimizer = new(0.5f);
        Assert.Throws<InvalidOperationException>(() => Train(optimizer, new ExponentialDecay(0.5f), 3,
            result => { if (result.Epoch == 2) throw new InvalidOperationException(); }));
        Assert.Equal(0.25f, optimizer.Rates[^1]);
        Assert.Equal(0.5f, optimizer.LearningRate);
    }

    [Fact]
    public void A_rate_that_is_no_number_ends_training()
    {
        RecordingOptimizer optimizer = new(0.5f);
        Assert.Throws<ArgumentOutOfRangeException>(() => Train(optimizer, new RecordingSchedule(at => at.Step == 4 ? float.NaN : 1), 2));
        Assert.Equal(4, optimizer.Rates.Count);
    }

    [Fact]
    public void Without_a_schedule_the_rate_belongs_to_the_caller()
    {
        RecordingOptimizer optimizer = new(0.5f);
        Train(optimizer, null, 2, _ => optimizer.LearningRate /= 2);
        Equal([0.5, 0.5, 0.5, 0.25, 0.25, 0.25], optimizer.Rates);
        Assert.Equal(0.125f, optimizer.LearningRate);
    }

    private static SchedulePoint At(float rate, int step, int steps) => new(rate, step, steps, 0, []);

    private static SchedulePoint AtEpoch(float rate, int epoch) => new(rate, 10 * epoch, 1000, epoch, []);

    private static SchedulePoint AfterEpochs(double[] losses) => new(1, losses.Length, 100, losses.Length,
        [.. losses.Select((loss, i) => new EpochResult(i + 1, loss, null, TimeSpan.Zero, 1))]);

    /// <summary>Equal but for the rounding to floats.</summary>
    private static void Equal(double[] expected, IEnumerable<float> actual)
    {
        float[] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values[i], 1e-6 * Math.Max(1e-3, expected[i]));
    }

    /// <summary>Five samples in batches of two: three steps per epoch.</summary>
    private static void Train(Optimizer optimizer, Schedule? schedule, int epochs, Action<EpochResult>? onEpoch = null) => Trainer.Train(
        new LinearNetwork(1, 1), Dataset.FromTargets([1f, 2, 3, 4, 5], [1f, 2, 3, 4, 5], 5),
        new TrainingOptions { Epochs = epochs, BatchSize = 2, Optimizer = optimizer, Schedule = schedule, OnEpoch = onEpoch });

    private sealed class RecordingOptimizer(float rate) : Optimizer(rate)
    {
        public List<float> Rates { get; } = [];

        public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
        {
        }

        protected override void Initialize(int parameterCount)
        {
        }

        protected override void Prepare() => Rates.Add(LearningRate);
    }

    private sealed class RecordingSchedule(Func<SchedulePoint, float> rate) : Schedule
    {
        public bool EachStep { get; init; } = true;

        public List<(long Step, long Steps, int Epoch, int Results)> Points { get; } = [];

        public override bool ChangesWithinEpochs => EachStep;

        public override float LearningRate(in SchedulePoint at)
        {
            Points.Add((at.Step, at.Steps, at.Epoch, at.Results.Count));
            return rate(at);
        }
    }
}
