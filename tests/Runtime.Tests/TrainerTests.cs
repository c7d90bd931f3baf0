namespace NetGen.Tests;

public class TrainerTests
{
    [Fact]
    public void Linear_regression_finds_its_line()
    {
        LinearNetwork network = new(2, 1);
        TrainingHistory history = Trainer.Train(network, Line(100),
            new TrainingOptions { Epochs = 200, BatchSize = 16, Optimizer = new SGD(0.1f) });
        Assert.Equal(200, history.Epochs.Count);
        Assert.Equal(StopReason.Completed, history.StoppedBecause);
        Assert.Equal(3f, network.Parameters[0], 1e-3);
        Assert.Equal(-2f, network.Parameters[1], 1e-3);
        Assert.Equal(0.5f, network.Parameters[2], 1e-3);
        Assert.True(history.Epochs[^1].TrainingLoss < 1e-6);
        Assert.Equal(Enumerable.Range(1, 200), history.Epochs.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void Adam_is_the_default_optimizer_and_options_can_be_used_again()
    {
        TrainingOptions options = new() { Epochs = 2 };
        LinearNetwork first = new(2, 1), second = new(2, 1);
        Trainer.Train(first, Line(10), options);
        Trainer.Train(second, Line(10), options);
        Assert.NotEqual(0f, first.Parameters[0]);
        Assert.Equal(first.Parameters.ToArray(), second.Parameters.ToArray());
    }

    [Fact]
    public void Same_seed_gives_the_same_training_and_another_seed_another()
    {
        Assert.Equal(Trained(1), Trained(1));
        Assert.NotEqual(Trained(1), Trained(2));

        static float[] Trained(ulong seed)
        {
            LinearNetwork network = new(2, 1);
            Trainer.Train(network, Line(50), new TrainingOptions { Epochs = 2, BatchSize = 7, Optimizer = new SGD(), Seed = seed });
            return network.Parameters.ToArray();
        }
    }

    [Fact]
    public void Partial_last_batch_is_trained()
    {
        LinearNetwork network = new(1, 1) { BatchSizes = [], Seen = [] };
        Trainer.Train(network, Counting(10), new TrainingOptions { Epochs = 2, BatchSize = 4 });
        Assert.Equal([4, 4, 2, 4, 4, 2], network.BatchSizes);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (float)i), network.Seen[..10].Order());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (float)i), network.Seen[10..].Order());
        Assert.NotEqual(network.Seen[..10], network.Seen[10..]);
    }

    [Fact]
    public void Training_loss_is_the_mean_over_samples_not_over_batches()
    {
        // Learning rate so small that the network stays 0: the loss of sample i is (target i)², 1 for three samples and 9 for the last.
        Dataset data = Dataset.FromTargets([1, 1, 1, 1], [1, 1, 1, 3], 4);
        TrainingHistory history = Trainer.Train(new LinearNetwork(1, 1), data,
            new TrainingOptions { Epochs = 1, BatchSize = 3, Shuffle = false, Optimizer = new SGD(1e-30f) });
        Assert.Equal(3.0, history.Epochs[0].TrainingLoss, 1e-9);
    }

    [Fact]
    public void Without_shuffle_samples_come_in_order()
    {
        LinearNetwork network = new(1, 1) { Seen = [] };
        Trainer.Train(network, Counting(5), new TrainingOptions { Epochs = 2, BatchSize = 2, Shuffle = false });
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 0f, 1f, 2f, 3f, 4f], network.Seen);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_data()
    {
        LinearNetwork network = new(1, 1) { BatchSizes = [] };
        Trainer.Train(network, Counting(5), new TrainingOptions { Epochs = 1, BatchSize = int.MaxValue });
        Assert.Equal([5], network.BatchSizes);
    }

    [Fact]
    public void Shuffling_keeps_inputs_and_targets_together()
    {
        // y = 2x exactly, so a mix-up would show in the loss.
        LinearNetwork network = new(1, 1);
        network.Parameters[0] = 2;
        Dataset data = Dataset.FromTargets([1, 2, 3, 4, 5], [2, 4, 6, 8, 10], 5);
        TrainingHistory history = Trainer.Train(network, data, new TrainingOptions { Epochs = 3, BatchSize = 2, Optimizer = new SGD() });
        Assert.All(history.Epochs, epoch => Assert.Equal(0, epoch.TrainingLoss));
    }

    [Fact]
    public void Labels_train_a_loss_that_takes_labels()
    {
        LinearNetwork network = new(1, 3, softmax: true);
        Dataset data = Dataset.FromLabels([-1, 0, 1, -1.1f, 0.1f, 0.9f], [0, 1, 2, 0, 1, 2]);
        Trainer.Train(network, data, new TrainingOptions { Epochs = 400, BatchSize = 3, Optimizer = new Adam(0.1f) });
        Evaluation evaluation = Trainer.Evaluate(network, data);
        Assert.Equal(1, evaluation.Accuracy);
        Assert.True(evaluation.Loss < 0.3);
    }

    [Fact]
    public void Labels_and_their_one_hot_targets_train_alike()
    {
        Dataset data = Dataset.FromLabels([-1, 0, 1], [0, 1, 2]);
        Dataset probabilities = Dataset.FromTargets([-1, 0, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1], 3);
        LinearNetwork fromLabels = new(1, 3, softmax: true), fromValues = new(1, 3, softmax: true);
        Trainer.Train(fromLabels, data, new TrainingOptions { BatchSize = 2 });
        Trainer.Train(fromValues, probabilities, new TrainingOptions { BatchSize = 2 });
        Assert.Equal(fromLabels.Parameters.ToArray(), fromValues.Parameters.ToArray());
        Assert.NotEqual(0f, fromLabels.Parameters[0]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Labels_become_one_hot_targets_for_a_loss_of_values(bool shuffle)
    {
        Dataset labels = Dataset.FromLabels([-1, 0, 1], [0, 1, 2]);
        Dataset values = Dataset.FromTargets([-1, 0, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1], 3);
        Assert.Equal(Trained(values), Trained(labels));

        float[] Trained(Dataset data)
        {
            LinearNetwork network = new(1, 3);
            Trainer.Train(network, data, new TrainingOptions { BatchSize = 2, Shuffle = shuffle });
            return network.Parameters.ToArray();
        }
    }

    [Theory, InlineData("Hinge", true), InlineData("Hinge", false), InlineData("SquaredHinge", true)]
    public void Labels_become_minus_one_and_one_for_a_loss_of_signs(string loss, bool shuffle)
    {
        Dataset labels = Dataset.FromLabels([-1, 0, 1], [0, 1, 2]);
        Dataset values = Dataset.FromTargets([-1, 0, 1], [1, -1, -1, -1, 1, -1, -1, -1, 1], 3);
        Assert.Equal(Trained(values, 3), Trained(labels, 3));
        Assert.Equal(Trained(Dataset.FromTargets([-1, 2, 1], [-1, 1, 1], 3), 1), Trained(Dataset.FromLabels([-1, 2, 1], [0, 1, 1]), 1));

        float[] Trained(Dataset data, int outputs)
        {
            LinearNetwork network = new(1, outputs, loss: loss);
            Trainer.Train(network, data, new TrainingOptions { BatchSize = 2, Shuffle = shuffle });
            return network.Parameters.ToArray();
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Two_classes_become_zero_and_one_for_a_single_output(bool shuffle)
    {
        Assert.Equal(Trained(Dataset.FromTargets([-1, 2, 1], [0, 1, 1], 3)), Trained(Dataset.FromLabels([-1, 2, 1], [0, 1, 1])));

        float[] Trained(Dataset data)
        {
            LinearNetwork network = new(1, 1);
            Trainer.Train(network, data, new TrainingOptions { BatchSize = 2, Shuffle = shuffle });
            return network.Parameters.ToArray();
        }
    }

    [Fact]
    public void Everything_is_checked_before_anything_changes()
    {
        LinearNetwork network = new(2, 1), classes = new(2, 3, softmax: true);
        Refused(network, Counting(3), new(), "1 inputs per sample; Linear needs 2");
        Refused(network, Dataset.FromTargets([1, 2], [1, 2, 3], 1), new(), "3 target values per sample; Linear needs 1");
        Refused(network, Dataset.FromLabels([1, 2, 3, 4], [0, 2]), new(), "sample 1 is 2; Linear takes 0 to 1");
        Refused(classes, Dataset.FromLabels([1, 2, 3, 4], [0, 3]), new(), "sample 1 is 3; Linear takes 0 to 2");
        Refused(new LinearNetwork(2, 3), Dataset.FromLabels([1, 2, 3, 4], [0, 1]), new(), "2 classes; Linear with its 3 outputs");
        Refused(network, Dataset.FromTargets([1, float.NaN], [1], 1), new(), "Input 1 of sample 0 is NaN");
        Refused(network, Dataset.FromTargets([1, 2], [float.PositiveInfinity], 1), new(), "Target 0 of sample 0 is Infinity");
        Refused(network, Line(3), new() { Epochs = 0 }, "Epochs is 0");
        Refused(network, Line(3), new() { BatchSize = 0 }, "BatchSize is 0");
        Refused(network, Line(3), new() { Threads = -1 }, "Threads is -1");
        Refused(network, Line(3), new() { EarlyStopping = new() { Patience = 0 } }, "Patience is 0");
        Refused(network, Line(3), new() { EarlyStopping = new() { MinimumImprovement = double.NaN } }, "MinimumImprovement is NaN");
        Refused(network, Line(3), new() { EarlyStopping = new() { MinimumImprovement = -1 } }, "MinimumImprovement is -1");
        Refused(network, Line(3), new() { Validation = Counting(3) }, "1 inputs per sample; Linear needs 2");
        Assert.Throws<ArgumentNullException>(() => Trainer.Train(null!, Line(3), new()));
        Assert.Throws<ArgumentNullException>(() => Trainer.Train(network, null!, new()));
        Assert.Throws<ArgumentNullException>(() => Trainer.Train(network, Line(3), null!));
    }

    [Fact]
    public void Another_networks_optimizer_is_refused_before_progress_starts()
    {
        Adam adam = new();
        new LinearNetwork(2, 1).Train([1, 2], [1f], adam);
        Recorder recorder = new();
        Assert.Throws<InvalidOperationException>(
            () => Trainer.Train(new LinearNetwork(2, 1), Line(3), new TrainingOptions { Optimizer = adam, Progress = recorder }));
        Assert.Empty(recorder.Events);
        Assert.Equal(1, adam.Steps);
    }

    [Fact]
    public void A_network_without_loss_is_refused()
    {
        NetworkInfo info = new LinearNetwork(1, 1).Info;
        LinearNetwork network = new(1, 1)
        {
            Info = new NetworkInfo
            {
                Name = "Plain",
                InputShape = info.InputShape,
                Layers = info.Layers,
                Parameters = info.Parameters,
                PredictionBytes = 0,
                TrainingBytes = 0,
                BlockSize = 1,
            },
        };
        Refused(network, Counting(3), new(), "predicts only");
    }

    [Fact]
    public void Early_stopping_restores_the_best_epoch()
    {
        float[] losses = [5, 3, 4, 2, 2.5f, 3, 2.1f, 9];
        List<float[]> parameters = [];
        int epoch = 0;
        LinearNetwork network = new(2, 1) { FakeEvaluation = () => losses[epoch++] };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            Epochs = 100,
            Validation = Line(5),
            EarlyStopping = new EarlyStopping { Patience = 3 },
            OnEpoch = _ => parameters.Add(network.Parameters.ToArray()),
        });
        Assert.Equal(StopReason.EarlyStopping, history.StoppedBecause);
        Assert.Equal((7, 4, 4), (history.Epochs.Count, history.BestEpoch, history.RestoredEpoch));
        Assert.Equal(losses[..7].Select(loss => (double?)loss), history.Epochs.Select(result => result.ValidationLoss));
        Assert.Equal(parameters[3], network.Parameters.ToArray());
        Assert.NotEqual(parameters[6], network.Parameters.ToArray());
    }

    [Fact]
    public void Early_stopping_can_leave_the_last_parameters()
    {
        float[] losses = [1, 2, 3];
        int epoch = 0;
        float[] last = [];
        LinearNetwork network = new(2, 1) { FakeEvaluation = () => losses[epoch++] };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            Epochs = 9,
            Validation = Line(5),
            EarlyStopping = new EarlyStopping { Patience = 2, RestoreBest = false },
            OnEpoch = _ => last = network.Parameters.ToArray(),
        });
        Assert.Equal((3, 1, null), (history.Epochs.Count, history.BestEpoch, history.RestoredEpoch));
        Assert.Equal(last, network.Parameters.ToArray());
    }

    [Fact]
    public void Small_improvements_do_not_count()
    {
        float[] losses = [10, 9.5f, 9.2f, 8.5f, 8.4f, 8.3f, 8.2f, 1];
        int epoch = 0;
        LinearNetwork network = new(2, 1) { FakeEvaluation = () => losses[epoch++] };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            Epochs = 8,
            Validation = Line(5),
            EarlyStopping = new EarlyStopping { Patience = 3, MinimumImprovement = 1 },
        });

        // 10 → 8.5 is the only improvement of more than 1; three epochs without follow.
        Assert.Equal((7, StopReason.EarlyStopping, 7), (history.Epochs.Count, history.StoppedBecause, history.BestEpoch));
    }

    [Fact]
    public void Best_parameters_come_back_when_all_epochs_are_done()
    {
        float[] losses = [5, 1, 4];
        int epoch = 0;
        List<float[]> parameters = [];
        LinearNetwork network = new(2, 1) { FakeEvaluation = () => losses[epoch++] };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            Epochs = 3,
            Validation = Line(5),
            EarlyStopping = new EarlyStopping { Patience = 5 },
            OnEpoch = _ => parameters.Add(network.Parameters.ToArray()),
        });
        Assert.Equal((StopReason.Completed, 2), (history.StoppedBecause, history.RestoredEpoch));
        Assert.Equal(parameters[1], network.Parameters.ToArray());
    }

    [Fact]
    public void Without_validation_early_stopping_watches_the_training_loss()
    {
        // The line is met exactly from the start, so no epoch improves on the first.
        LinearNetwork network = new(1, 1);
        TrainingHistory history = Trainer.Train(network, Dataset.FromTargets([1, 2], [0, 0], 2),
            new TrainingOptions { Epochs = 50, EarlyStopping = new EarlyStopping { Patience = 4 } });
        Assert.Equal((StopReason.EarlyStopping, 5, 1), (history.StoppedBecause, history.Epochs.Count, history.BestEpoch));
    }

    [Fact]
    public void Cancellation_stops_between_batches_and_keeps_what_was_trained()
    {
        using CancellationTokenSource cancellation = new();
        LinearNetwork network = new(2, 1) { BatchSizes = [] };
        Recorder recorder = new() { OnBatchDone = batch => CancelAt(batch, 2, 3) };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            Epochs = 5,
            BatchSize = 2,
            Progress = recorder,
            CancellationToken = cancellation.Token,
            Optimizer = new SGD(),
        });
        Assert.Equal(StopReason.Cancelled, history.StoppedBecause);
        Assert.Equal((1, 8, null), (history.Epochs.Count, network.BatchSizes.Count, history.RestoredEpoch));

        LinearNetwork expected = new(2, 1);
        Trainer.Train(expected, Line(10), new TrainingOptions { Epochs = 1, BatchSize = 2, Optimizer = new SGD() });
        Assert.NotEqual(expected.Parameters.ToArray(), network.Parameters.ToArray());

        void CancelAt(BatchProgress progress, int epoch, int batch)
        {
            if (progress.Epoch == epoch && progress.Batch == batch)
                cancellation.Cancel();
        }
    }

    [Fact]
    public void Cancelled_before_the_start_nothing_is_trained()
    {
        LinearNetwork network = new(2, 1) { BatchSizes = [] };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions { CancellationToken = new CancellationToken(true) });
        Assert.Equal((StopReason.Cancelled, 0, 0), (history.StoppedBecause, history.Epochs.Count, history.BestEpoch));
        Assert.Empty(network.BatchSizes);
    }

    [Fact]
    public void Cancellation_restores_the_best_when_early_stopping_asks()
    {
        float[] losses = [1, 2, 3];
        int epoch = 0;
        List<float[]> parameters = [];
        using CancellationTokenSource cancellation = new();
        LinearNetwork network = new(2, 1) { FakeEvaluation = () => losses[epoch++] };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            Validation = Line(5),
            EarlyStopping = new EarlyStopping { Patience = 9 },
            CancellationToken = cancellation.Token,
            OnEpoch = result =>
            {
                parameters.Add(network.Parameters.ToArray());
                if (result.Epoch == 2)
                    cancellation.Cancel();
            },
        });
        Assert.Equal((StopReason.Cancelled, 1), (history.StoppedBecause, history.RestoredEpoch));
        Assert.Equal(parameters[0], network.Parameters.ToArray());
    }

    [Fact]
    public void Cancelled_after_the_best_epoch_the_half_epoch_is_undone()
    {
        using CancellationTokenSource cancellation = new();
        float[] afterFirst = [];
        LinearNetwork network = new(2, 1);
        Recorder recorder = new()
        {
            OnBatchDone = batch =>
            {
                if (batch is { Epoch: 2, Batch: 1 })
                    cancellation.Cancel();
            },
        };
        TrainingHistory history = Trainer.Train(network, Line(10), new TrainingOptions
        {
            BatchSize = 2,
            EarlyStopping = new EarlyStopping(),
            CancellationToken = cancellation.Token,
            Progress = recorder,
            OnEpoch = _ => afterFirst = network.Parameters.ToArray(),
        });
        Assert.Equal((StopReason.Cancelled, 1, 1), (history.StoppedBecause, history.BestEpoch, history.RestoredEpoch));
        Assert.Equal("2.1:2", recorder.Events[^2]);
        Assert.Equal(afterFirst, network.Parameters.ToArray());
    }

    [Fact]
    public void Divergence_stops_and_gives_the_last_good_epoch_back()
    {
        // A rate of 1e3 is harmless while the gradient is 0 and then explodes: from epoch 3 on, parameters are no longer at the optimum.
        LinearNetwork network = new(1, 1);
        float[] good = [];
        TrainingHistory history = Trainer.Train(network, Dataset.FromTargets([1, 2], [0, 0], 2), new TrainingOptions
        {
            Epochs = 1000,
            Optimizer = new SGD(1e3f),
            OnEpoch = result =>
            {
                good = network.Parameters.ToArray();
                if (result.Epoch == 2)
                    network.Parameters[0] = 1;
            },
        });
        Assert.Equal(StopReason.Diverged, history.StoppedBecause);
        Assert.InRange(history.Epochs.Count, 3, 999);
        Assert.Equal(history.Epochs.Count, history.RestoredEpoch);
        Assert.Equal(good, network.Parameters.ToArray());
        Assert.All(good, value => Assert.True(float.IsFinite(value)));
        Assert.Contains("learning rate", history.ToString());
    }

    [Fact]
    public void Divergence_in_the_first_epoch_gives_the_initial_parameters_back()
    {
        LinearNetwork network = new(1, 1);
        network.Parameters[0] = 0.25f;
        TrainingHistory history = Trainer.Train(network, Dataset.FromTargets([1e20f, 2e20f], [0, 0], 2),
            new TrainingOptions { Optimizer = new SGD(1f) });
        Assert.Equal((StopReason.Diverged, 0, 0), (history.StoppedBecause, history.Epochs.Count, history.RestoredEpoch));
        Assert.Equal([0.25f, 0f], network.Parameters.ToArray());
    }

    [Fact]
    public void Divergence_in_the_last_step_is_noticed()
    {
        // The loss before the only step is finite; the step overflows.
        LinearNetwork network = new(1, 1);
        TrainingHistory history = Trainer.Train(network, Dataset.FromTargets([1e18f], [1e18f], 1),
            new TrainingOptions { Epochs = 1, Optimizer = new SGD(1e30f) });
        Assert.Equal(StopReason.Diverged, history.StoppedBecause);
        Assert.Equal([0f, 0f], network.Parameters.ToArray());
    }

    [Fact]
    public void Exception_of_a_callback_reaches_the_caller_and_keeps_the_network()
    {
        LinearNetwork network = new(2, 1);
        float[] trained = [];
        Assert.Throws<TimeZoneNotFoundException>(() => Trainer.Train(network, Line(10), new TrainingOptions
        {
            OnEpoch = result =>
            {
                trained = network.Parameters.ToArray();
                if (result.Epoch == 2)
                    throw new TimeZoneNotFoundException();
            },
        }));
        Assert.NotEqual(0f, trained[0]);
        Assert.Equal(trained, network.Parameters.ToArray());
    }

    [Fact]
    public void Progress_hears_of_everything_in_order()
    {
        Recorder recorder = new();
        Trainer.Train(new LinearNetwork(2, 1), Line(5), new TrainingOptions { Epochs = 2, BatchSize = 2, Progress = recorder });
        Assert.Equal(
            ["start 2x5 by 2 in 3", "1.1:2", "1.2:4", "1.3:5", "epoch 1", "2.1:2", "2.2:4", "2.3:5", "epoch 2", "end Completed"],
                recorder.Events);
    }

    [Fact]
    public void Evaluation_is_the_same_in_one_chunk_and_in_many()
    {
        LinearNetwork network = new(2, 1);
        Dataset data = Line(2500);
        Evaluation evaluation = Trainer.Evaluate(network, data);
        double expected = data.Targets.ToArray().Average(target => (double)target * target);
        Assert.Equal(expected, evaluation.Loss, 1e-4 * expected);
        Assert.Equal(2500, evaluation.Count);
        Assert.Equal(Math.Sqrt(expected), evaluation.RootMeanSquaredError!.Value, 1e-6);
    }

    [Theory, InlineData(true, true), InlineData(true, false), InlineData(false, true), InlineData(false, false)]
    public void Steps_allocate_nothing(bool shuffle, bool labels)
    {
        // What an epoch leaves behind (its result) must not depend on the number of steps in it.
        Dataset data = labels ? Dataset.FromLabels(new float[2000], new int[1000]) : Dataset.FromTargets(new float[2000], new float[1000],
            1000);
        LinearNetwork network = new(2, 1);
        TrainingOptions few = new() { Epochs = 11, BatchSize = 500, Shuffle = shuffle, Optimizer = new SGD() };
        TrainingOptions many = new() { Epochs = 11, BatchSize = 1, Shuffle = shuffle, Optimizer = few.Optimizer };
        Trainer.Train(network, data, few);
        Trainer.Train(network, data, many);
        long start = GC.GetAllocatedBytesForCurrentThread();
        Trainer.Train(network, data, few);
        long afterFew = GC.GetAllocatedBytesForCurrentThread();
        Trainer.Train(network, data, many);
        long afterMany = GC.GetAllocatedBytesForCurrentThread();

        // 11,000 steps against 22: less than a byte a step more, where the smallest object has 24. A bound and not equality, because the
        // JIT may move an object of the epoch's to the stack, or not, between the two.
        long more = afterMany - afterFew - (afterFew - start);
        Assert.True(more < 11_000, $"{afterMany - afterFew} bytes for many steps, {afterFew - start} for few");

        TrainingOptions longer = new() { Epochs = 1011, BatchSize = 500, Shuffle = shuffle, Optimizer = few.Optimizer };
        Trainer.Train(network, data, longer);
        long perEpoch = (GC.GetAllocatedBytesForCurrentThread() - afterMany - (afterFew - start)) / 1000;
        Assert.InRange(perEpoch, 0, 200);
    }

    private static void Refused(LinearNetwork network, Dataset data, TrainingOptions options, string message)
    {
        float[] before = network.Parameters.ToArray();
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Trainer.Train(network, data, options)).Message);
        Assert.Equal(before, network.Parameters.ToArray());
    }

    [Theory]
    [InlineData("CrossEntropy", -1f, "Target 1 of sample 2 is -1; CrossEntropy takes probabilities, 0 to 1.")]
    [InlineData("BinaryCrossEntropy", -0.01f, "Target 1 of sample 2 is -0.01; BinaryCrossEntropy takes probabilities, 0 to 1.")]
    [InlineData("KLDivergence", 1.01f, "Target 1 of sample 2 is 1.01; KLDivergence takes probabilities, 0 to 1.")]
    [InlineData("Hinge", 0f, "Target 1 of sample 2 is 0; Hinge takes -1 and 1.")]
    [InlineData("SquaredHinge", 2f, "Target 1 of sample 2 is 2; SquaredHinge takes -1 and 1.")]
    public void Targets_of_another_kind_of_loss_are_refused(string loss, float target, string message)
    {
        LinearNetwork network = new(1, 2, loss: loss);
        Dataset wrong = Dataset.FromTargets([1, 2, 3], [1, 1, 1, 1, 1, target], 3);
        Dataset right = Dataset.FromTargets([1, 2, 3], [1, 1, 1, 1, 1, 1], 3);

        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Trainer.Train(network, wrong, new TrainingOptions())).Message);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Trainer.Evaluate(network, wrong)).Message);
        Assert.Equal(
            "options.Validation",
            Assert.Throws<ArgumentException>(() => Trainer.Train(network, right, new TrainingOptions { Validation = wrong })).ParamName);
        Assert.All(network.Parameters.ToArray(), value => Assert.Equal(0, value));
        Trainer.Train(network, right, new TrainingOptions { Epochs = 1 });
        Trainer.Train(new LinearNetwork(1, 2), wrong, new TrainingOptions { Epochs = 1 });
    }

    [Fact]
    public void Probabilities_may_come_out_of_arithmetic()
    {
        Dataset data = Dataset.FromTargets([1, 2], [1.0000001f, -1e-7f, 0.3f, 0.7f], 2);
        Assert.Equal(
            StopReason.Completed, Trainer.Train(new LinearNetwork(1, 2, loss: "KLDivergence"), data, new TrainingOptions()).StoppedBecause);
    }

    [Theory]
    [InlineData(StopReason.Completed, 2, null, "3 epochs in 1.50 s; best epoch 2")]
    [InlineData(StopReason.EarlyStopping, 2, 2, "3 epochs in 1.50 s, stopped early; best epoch 2, parameters of epoch 2 restored")]
    [InlineData(StopReason.Cancelled, 0, null, "0 epochs in 1.50 s, cancelled")]
    [InlineData(StopReason.Diverged, 0, 0, "0 epochs in 1.50 s, stopped because the loss was no longer finite (go on with a new optimizer and a "
        + "lower learning rate), parameters from before training restored")]
    public void History_says_how_training_went(StopReason reason, int best, int? restored, string text)
    {
        EpochResult epoch = new(1, 0.5, null, TimeSpan.FromSeconds(0.5), 10);
        TrainingHistory history = new()
        {
            Epochs = best == 0 ? [] : [epoch, epoch, epoch],
            BestEpoch = best,
            RestoredEpoch = restored,
            StoppedBecause = reason,
            Elapsed = TimeSpan.FromSeconds(1.5),
        };
        Assert.Equal(text, history.ToString());
    }

    [Fact]
    public async Task A_network_takes_one_training_at_a_time()
    {
        using ManualResetEventSlim started = new(), refused = new();
        LinearNetwork network = new(2, 1);
        Task<TrainingHistory> other = Task.Run(() => Trainer.Train(network, Line(8), new TrainingOptions
        {
            Epochs = 2,
            OnEpoch = _ =>
            {
                started.Set();
                refused.Wait();
            },
        }));
        started.Wait();
        float[] before = network.Parameters.ToArray();
        string message = Assert.Throws<InvalidOperationException>(() => Trainer.Train(network, Line(8), new TrainingOptions())).Message;
        Assert.Equal(before, network.Parameters.ToArray());
        Trainer.Train(new LinearNetwork(2, 1), Line(8), new TrainingOptions { Epochs = 1 });
        refused.Set();

        Assert.Equal("Linear is being trained by another thread; a network takes one training at a time.", message);
        Assert.Equal(2, (await other).Epochs.Count);
        Assert.Equal(10, Trainer.Train(network, Line(8), new TrainingOptions()).Epochs.Count);
    }

    [Fact]
    public async Task A_network_is_free_again_however_its_training_ended()
    {
        LinearNetwork network = new(2, 1);
        int inner = 0;
        Assert.Throws<TimeoutException>(() => Trainer.Train(network, Line(8), new TrainingOptions
        {
            OnEpoch = _ =>
            {
                inner += Trainer.Train(network, Line(8), new TrainingOptions { Epochs = 3 }).Epochs.Count;
                throw new TimeoutException();
            },
        }));

        Assert.Equal(3, inner);
        Assert.Single((await Task.Run(() => Trainer.Train(network, Line(8), new TrainingOptions { Epochs = 1 }))).Epochs);
    }

    [Fact]
    public void History_tells_how_to_go_on()
    {
        TrainingHistory one = Trainer.Train(new LinearNetwork(2, 1), Line(8), new TrainingOptions { Epochs = 1 });
        TrainingHistory none = Trainer.Train(new LinearNetwork(2, 1), Line(8), new TrainingOptions { Optimizer = new SGD(float.MaxValue) });

        Assert.StartsWith("1 epoch in ", one.ToString());
        Assert.StartsWith("0 epochs in ", none.ToString());
        Assert.Contains("no longer finite (go on with a new optimizer and a lower learning rate)", none.ToString());
    }

    /// <summary>y = 3 x₀ − 2 x₁ + 0.5.</summary>
    private static Dataset Line(int count)
    {
        RandomSource random = new(1);
        float[] inputs = new float[2 * count], targets = new float[count];
        for (int i = 0; i < count; i++)
        {
            (inputs[2 * i], inputs[(2 * i) + 1]) = (random.NextGaussian(), random.NextGaussian());
            targets[i] = (3 * inputs[2 * i]) - (2 * inputs[(2 * i) + 1]) + 0.5f;
        }

        return Dataset.FromTargets(inputs, targets, count);
    }

    /// <summary>Inputs 0, 1, 2, … with targets 0.</summary>
    private static Dataset Counting(int count) =>
        Dataset.FromTargets([.. Enumerable.Range(0, count).Select(i => (float)i)], new float[count], count);

    private sealed class Recorder : ITrainingProgress
    {
        public List<string> Events { get; } = [];

        public Action<BatchProgress>? OnBatchDone { get; init; }

        public void OnStart(TrainingPlan plan) =>
            Events.Add($"start {plan.Epochs}x{plan.Samples} by {plan.BatchSize} in {plan.BatchesPerEpoch}");

        public void OnBatch(in BatchProgress progress)
        {
            Events.Add($"{progress.Epoch}.{progress.Batch}:{progress.Samples}");
            OnBatchDone?.Invoke(progress);
        }

        public void OnEpoch(EpochResult result) => Events.Add($"epoch {result.Epoch}");

        public void OnEnd(TrainingHistory history) => Events.Add($"end {history.StoppedBecause}");
    }
}
