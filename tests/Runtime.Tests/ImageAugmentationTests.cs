namespace NetGen.Tests;

public class ImageAugmentationTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Shift_moves_by_every_distance_equally_often()
    {
        Dictionary<(int Down, int Right), int> seen = [];
        Augmentation shift = new ImageAugmentation(2, 5, 6).Shift(2, 1);
        for (int round = 0; round < Rounds; round++)
        {
            float[] image = Numbered(2, 5, 6);
            shift(image, new RandomSource((ulong)round));
            (int Down, int Right) moved = (-9, -9);
            for (int down = -2; down <= 2; down++)
            {
                for (int right = -1; right <= 1; right++)
                    moved = image.AsSpan().SequenceEqual(Moved(Numbered(2, 5, 6), 2, 5, 6, down, right)) ? (down, right) : moved;
            }

            seen[moved] = seen.GetValueOrDefault(moved) + 1;
        }

        // 15 cells of the binomial distribution, six standard deviations.
        Assert.Equal(15, seen.Count);
        Assert.All(seen, pair => Assert.InRange(pair.Key.Down, -2, 2));
        double expected = Rounds / 15.0, reach = 6 * Math.Sqrt(expected * 14 / 15);
        Assert.All(seen.Values, count => Assert.InRange(count, expected - reach, expected + reach));
    }

    [Theory, InlineData(0, 0), InlineData(5, 6), InlineData(-5, -6), InlineData(-4, 5), InlineData(3, -2)]
    public void Shifting_leaves_black_behind(int down, int right)
    {
        float[] image = Numbered(3, 5, 6);
        PixelMoves.Shift(image, 5, 6, down, right);
        Assert.Equal(Moved(Numbered(3, 5, 6), 3, 5, 6, down, right), image);
    }

    [Fact]
    public void Crop_is_a_cut_out_of_the_padded_image()
    {
        Augmentation crop = new ImageAugmentation(1, 4, 4).Crop(1);
        HashSet<string> windows = [], seen = [];
        for (int down = -1; down <= 1; down++)
        {
            for (int right = -1; right <= 1; right++)
                windows.Add(string.Join(' ', Moved(Numbered(1, 4, 4), 1, 4, 4, down, right)));
        }

        for (int round = 0; round < 500; round++)
        {
            float[] image = Numbered(1, 4, 4);
            crop(image, new RandomSource((ulong)round));
            seen.Add(string.Join(' ', image));
        }

        Assert.Equal(windows.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(0), InlineData(0.25f), InlineData(0.5f), InlineData(1)]
    public void Flip_mirrors_as_often_as_asked(float probability)
    {
        Augmentation flip = new ImageAugmentation(2, 2, 3).Flip(probability);
        int flipped = 0;
        for (int round = 0; round < Rounds; round++)
        {
            float[] image = Numbered(2, 2, 3);
            flip(image, new RandomSource((ulong)round));
            if (image[0] == 1)
                Assert.Equal(Numbered(2, 2, 3), image);
            else
                Assert.Equal([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10], image);
            flipped += image[0] == 1 ? 0 : 1;
        }

        double reach = 6 * Math.Sqrt(Rounds * probability * (1 - probability));
        Assert.InRange(flipped, (Rounds * probability) - reach, (Rounds * probability) + reach);
    }

    [Fact]
    public void Quarter_turns_move_pixels_to_their_places()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Rotation.Apply(image, 3, 3, Math.PI / 2);
        Assert.Equal([3, 6, 9, 2, 5, 8, 1, 4, 7], image);       // anticlockwise
        Rotation.Apply(image, 3, 3, -Math.PI / 2);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], image);
        Rotation.Apply(image, 3, 3, Math.PI);
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], image);
        Rotation.Apply(image, 3, 3, 0);
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], image);
    }

    [Theory, InlineData(10), InlineData(-30), InlineData(45), InlineData(133), InlineData(-179)]
    public void Rotation_follows_the_formula(double degrees)
    {
        const int height = 9, width = 12;
        float[] image = [.. Numbered(2, height, width).Select(value => value / 216)], before = [.. image];
        Rotation.Apply(image, height, width, degrees * Math.PI / 180);
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        for (int c = 0; c < 2; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double fromX = ((x - 5.5) * cos) - ((y - 4.0) * sin) + 5.5, fromY = ((x - 5.5) * sin) + ((y - 4.0) * cos) + 4.0;
                    double sum = 0;
                    for (int j = 0; j < height; j++)
                    {
                        for (int i = 0; i < width; i++)
                        {
                            sum += Math.Max(0, 1 - Math.Abs(i - fromX)) * Math.Max(0, 1 - Math.Abs(j - fromY))
                                * before[(((c * height) + j) * width) + i];
                        }
                    }

                    // Three interpolations of values up to 1, each of two roundings, and their rounded weights.
                    Assert.InRange(image[(((c * height) + y) * width) + x], sum - (12 * Math.Pow(2, -24)), sum + (12 * Math.Pow(2, -24)));
                }
            }
        }
    }

    [Fact]
    public void Angles_cover_their_range()
    {
        // A pixel on the right of the centre, followed around it.
        Augmentation rotate = new ImageAugmentation(1, 41, 41).Rotate(30);
        List<double> angles = [];
        for (int round = 0; round < 400; round++)
        {
            float[] image = new float[41 * 41];
            image[(20 * 41) + 36] = 1;
            rotate(image, new RandomSource((ulong)round));
            double x = 0, y = 0, total = 0;
            for (int i = 0; i < image.Length; i++)
                (x, y, total) = (x + (image[i] * ((i % 41) - 20)), y + (image[i] * ((i / 41) - 20)), total + image[i]);
            angles.Add(Math.Atan2(-y, x) * 180 / Math.PI);
        }

        // The centre of a bilinear spot lies within about a tenth of a pixel, at 16 pixels from the axis: below half a degree.
        Assert.InRange(angles.Max(), 28, 30.5);
        Assert.InRange(angles.Min(), -30.5, -28);
        Assert.InRange(angles.Average(), -5.2, 5.2);        // six deviations of a mean: 6 · 30 / √3 / √400
    }

    [Fact]
    public void Noise_has_its_deviation()
    {
        float[] image = [.. Enumerable.Repeat(0.5f, 100 * 100)];
        new ImageAugmentation(1, 100, 100).Noise(0.1f).Apply(image, new RandomSource(4));
        double mean = image.Average(), deviation = Math.Sqrt(image.Average(value => (value - mean) * (value - mean)));
        Assert.InRange(mean, 0.5 - (6 * 0.1 / 100), 0.5 + (6 * 0.1 / 100));
        Assert.InRange(deviation, 0.1 - (6 * 0.1 / Math.Sqrt(20_000)), 0.1 + (6 * 0.1 / Math.Sqrt(20_000)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(40)]
    public void Cutout_blackens_a_square_in_all_channels(int size)
    {
        Augmentation cutout = new ImageAugmentation(2, 6, 7).Cutout(size);
        HashSet<(int, int)> centres = [];
        for (int round = 0; round < 2000; round++)
        {
            float[] image = Numbered(2, 6, 7);
            cutout(image, new RandomSource((ulong)round));
            RandomSource same = new((ulong)round);
            int row = same.NextInt(6), column = same.NextInt(7);
            centres.Add((row, column));
            for (int i = 0; i < image.Length; i++)
            {
                int y = i % 42 / 7, x = i % 7, top = row - (size / 2), left = column - (size / 2);
                bool inside = y >= top && y < top + size && x >= left && x < left + size;
                Assert.Equal(inside ? 0 : i + 1, image[i]);
            }
        }

        Assert.Equal(42, centres.Count);
    }

    [Fact]
    public void Steps_run_in_their_order_and_pipelines_share_nothing()
    {
        ImageAugmentation start = new ImageAugmentation(1, 1, 2).Then((image, _) => image[0] += 1);
        Augmentation doubled = start.Then((image, _) => image[0] *= 2), squared = start.Then((image, _) => image[0] *= image[0]);
        Assert.Equal(8, Applied(doubled));
        Assert.Equal(16, Applied(squared));
        Assert.Equal(4, Applied(start));
        Assert.Equal(3, Applied(new ImageAugmentation(1, 1, 2)));

        static float Applied(Augmentation augmentation)
        {
            float[] image = [3, 0];
            augmentation(image, new RandomSource(0));
            return image[0];
        }
    }

    [Fact]
    public void None_stays_none()
    {
        ImageAugmentation? none = null;
        Assert.Null(new TrainingOptions { Augmentation = none }.Augmentation);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        ImageAugmentation image = new(1, 4, 5);
        Assert.Contains("(784)", Assert.Throws<ArgumentException>(() => new ImageAugmentation(784)).Message);
        Assert.Contains("(1, 0, 5)", Assert.Throws<ArgumentException>(() => new ImageAugmentation(1, 0, 5)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Shift(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Shift(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Flip(1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Flip(float.NaN));
        Assert.Contains("180", Assert.Throws<ArgumentOutOfRangeException>(() => image.Rotate(181)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Noise(-0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Cutout(0));
        string message = Assert.Throws<ArgumentException>(() => image.Apply(new float[21], new RandomSource(0))).Message;
        Assert.Contains("21 floats; the augmentation is for images (1, 4, 5), which have 20", message);
    }

    [Fact]
    public void A_dataset_of_other_images_is_refused_with_the_networks_shape()
    {
        LinearNetwork plain = new(20, 1);
        LinearNetwork network = new(20, 1)
        {
            Info = new NetworkInfo
            {
                Name = "Images",
                InputShape = [1, 4, 5],
                Layers = plain.Info.Layers,
                Parameters = plain.Info.Parameters,
                Loss = plain.Info.Loss,
                Targets = plain.Info.Targets,
                PredictionBytes = 0,
                TrainingBytes = 0,
                BlockSize = 1,
            },
        };
        string message = Assert.Throws<ArgumentException>(
            () => Trainer.Train(network, Dataset.FromTargets(new float[48], new float[1], 1), new TrainingOptions())).Message;
        Assert.Contains("48 inputs per sample; Images needs 20, of shape (1, 4, 5)", message);
    }

    private static float[] Numbered(int channels, int height, int width) =>
        [.. Enumerable.Range(1, channels * height * width).Select(i => (float)i)];

    private static float[] Moved(float[] image, int channels, int height, int width, int down, int right)
    {
        float[] moved = new float[image.Length];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int fromY = y - down, fromX = x - right;
                    bool inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
                    moved[(((c * height) + y) * width) + x] = inside ? image[(((c * height) + fromY) * width) + fromX] : 0;
                }
            }
        }

        return moved;
    }
}
