namespace NetGen.Tests;

public class AugmentationTests
{
    [Fact]
    public void Samples_are_varied_anew_in_every_epoch_and_the_dataset_stays()
    {
        float[] inputs = [10, 20, 30, 40, 50];
        LinearNetwork network = new(1, 1) { Seen = [] };
        Trainer.Train(network, Dataset.FromTargets(inputs, new float[5], 5), new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 2,
            Shuffle = false,
            Optimizer = new SGD(1e-30f),
            Augmentation = AddNoise,
        });

        Assert.Equal([10, 20, 30, 40, 50], inputs);
        Assert.Equal(10, network.Seen.Count);
        for (int i = 0; i < 10; i++)
            Assert.InRange(network.Seen[i] - inputs[i % 5], 0, 1);
        Assert.Equal(10, network.Seen.Select((x, i) => x - inputs[i % 5]).Distinct().Count());
    }

    [Theory, InlineData(1, true), InlineData(3, true), InlineData(3, false), InlineData(5, false)]
    public void A_samples_random_numbers_depend_on_seed_epoch_and_index_only(int batchSize, bool shuffle)
    {
        Assert.Equal(Seen(7, 5, shuffle: false), Seen(7, batchSize, shuffle));
        Assert.NotEqual(Seen(7, 5, shuffle: false), Seen(8, batchSize, shuffle));

        static float[] Seen(ulong seed, int batchSize, bool shuffle)
        {
            LinearNetwork network = new(1, 1) { Seen = [] };
            Trainer.Train(network, Dataset.FromTargets([10, 20, 30, 40, 50], new float[5], 5), new TrainingOptions
            {
                Epochs = 3,
                BatchSize = batchSize,
                Shuffle = shuffle,
                Seed = seed,
                Optimizer = new SGD(1e-30f),
                Augmentation = AddNoise,
            });

            // By epoch and sample, whatever the order was.
            return [.. network.Seen.Chunk(5).SelectMany(epoch => epoch.Order())];
        }
    }

    [Fact]
    public void Every_sample_starts_a_sequence_of_its_own()
    {
        // Spare Gaussian numbers of one sample must not reach the next.
        List<float> drawn = [];
        Trainer.Train(new LinearNetwork(1, 1), Dataset.FromTargets([1, 2, 3], new float[3], 3), new TrainingOptions
        {
            Epochs = 1,
            Shuffle = false,
            Optimizer = new SGD(1e-30f),
            Seed = 5,
            Augmentation = (inputs, random) => drawn.Add(random.NextGaussian()),
        });
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => new RandomSource(RandomSource.Derive(5, 1, (ulong)i)).NextGaussian())], drawn);
    }

    [Fact]
    public void Labels_and_targets_stay_with_their_samples()
    {
        // Doubled inputs have halved weights as their solution.
        float[] x = [1, 2, 3, 4, -1, -2], y = [2, 4, 6, 8, -2, -4];
        LinearNetwork network = new(1, 1);
        Trainer.Train(network, Dataset.FromTargets(x, y, 6), new TrainingOptions
        {
            Epochs = 400,
            BatchSize = 4,
            Optimizer = new SGD(0.01f),
            Augmentation = (inputs, _) => inputs[0] *= 2,
        });
        Assert.Equal(1, network.Parameters[0], 1e-3);
        Assert.Equal(0, network.Parameters[1], 1e-2);
    }

    [Fact]
    public void Derived_seeds_differ_between_epochs_and_samples()
    {
        HashSet<ulong> seeds = [];
        for (ulong epoch = 1; epoch <= 50; epoch++)
        {
            for (ulong sample = 0; sample < 200; sample++)
                seeds.Add(RandomSource.Derive(1, epoch, sample));
        }

        Assert.Equal(50 * 200, seeds.Count);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        float[] expected = Trained(1);
        for (int threads = 2; threads <= 4; threads++)
            Assert.Equal(expected, Trained(threads));

        static float[] Trained(int threads)
        {
            LinearNetwork network = new(12, 3);
            float[] inputs = [.. Enumerable.Range(0, 12 * 50).Select(i => i * 37 % 101 / 100f)];
            float[] targets = [.. Enumerable.Range(0, 3 * 50).Select(i => i % 7 / 7f)];
            Trainer.Train(network, Dataset.FromTargets(inputs, targets, 50), new TrainingOptions
            {
                Epochs = 4,
                BatchSize = 8,
                Threads = threads,
                Seed = 11,
                Augmentation = new ImageAugmentation(1, 3, 4).Rotate(20).Shift(1, 1).Flip().Noise(0.1f).Cutout(2),
            });
            return network.Parameters.ToArray();
        }
    }

    /// <summary>The network waits in its first step until the second batch is there.</summary>
    [Fact]
    public void The_next_batch_is_prepared_during_a_step()
    {
        int caller = Environment.CurrentManagedThreadId, made = 0;
        using ManualResetEventSlim second = new();
        HashSet<int> threads = [];
        LinearNetwork network = new(1, 1) { OnStep = () => Assert.True(second.Wait(TimeSpan.FromMinutes(1))) };
        Trainer.Train(network, Dataset.FromTargets(new float[6], new float[6], 6), new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 2,
            Threads = 2,
            Augmentation = (_, _) =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                if (++made == 4)
                    second.Set();
            },
        });
        Assert.Equal(6, made);
        Assert.NotEqual(caller, Assert.Single(threads));
    }

    [Fact]
    public void One_thread_does_everything_where_one_is_asked_for()
    {
        HashSet<int> threads = [];
        Trainer.Train(new LinearNetwork(1, 1), Dataset.FromTargets(new float[6], new float[6], 6), new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 2,
            Threads = 1,
            Augmentation = (_, _) => threads.Add(Environment.CurrentManagedThreadId),
        });
        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(threads));
    }

    [Theory, InlineData(1), InlineData(4)]
    public void An_error_in_an_augmentation_reaches_the_caller(int threads)
    {
        int made = 0;
        Assert.Throws<NotImplementedException>(() => Trainer.Train(
            new LinearNetwork(1, 1), Dataset.FromTargets(new float[6], new float[6], 6), new TrainingOptions
            {
                Epochs = 2,
                BatchSize = 2,
                Threads = threads,
                Augmentation = (_, _) =>
                {
                    if (++made == 9)
                        throw new NotImplementedException();
                },
            }));
        Assert.Equal(9, made);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Batches_are_made_without_allocation(int threads)
    {
        List<long> bytes = new(2000), stepBytes = new(1000);
        Augmentation image = new ImageAugmentation(3, 8, 8).Rotate(20).Crop(2).Flip().Noise(0.1f).Cutout(3);
        Trainer.Train(
            new LinearNetwork(192, 1) { OnStep = () => stepBytes.Add(GC.GetAllocatedBytesForCurrentThread()) },
            Dataset.FromTargets(new float[192 * 2000], new float[2000], 2000), new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 2,
                Threads = threads,
                Optimizer = new SGD(1e-30f),
                Augmentation = (inputs, random) =>
                {
                    image(inputs, random);
                    bytes.Add(GC.GetAllocatedBytesForCurrentThread());
                },
            });
        Assert.Equal((2000, 1000), (bytes.Count, stepBytes.Count));

        // A collection that another test causes takes what is left of a thread's 8 KB for allocated, once. An object a batch is 24 KB.
        Assert.InRange(bytes[^1] - bytes[20], 0, 8192);
        Assert.InRange(stepBytes[^1] - stepBytes[10], 0, 8192);
    }

    private static void AddNoise(Span<float> inputs, RandomSource random) => inputs[0] += random.NextFloat();
}
