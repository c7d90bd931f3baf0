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

    private static void AddNoise(Span<float> inputs, RandomSource random) => inputs[0] += random.NextFloat();
}
