namespace NetGen.Tests;

public class RandomSourceTests
{
    [Fact]
    public void First_values_are_those_of_the_reference_implementation()
    {
        // xoshiro256** by Blackman and Vigna, its state filled by SplitMix64 from seed 0, whose first outputs are published with it:
        // e220a8397b1dcdaf 6e789e6aa1b965f4 06c45d188009454f f88bb8a8724c81ec.
        ulong[] state = [0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec];
        RandomSource random = new(0);
        for (int i = 0; i < 100; i++)
            Assert.Equal(Reference(state), random.NextUInt64());
    }

    [Fact]
    public void Same_seed_gives_the_same_gaussians_and_another_seed_others()
    {
        RandomSource first = new(5), second = new(5), other = new(6);
        float[] a = Gaussians(first, 50), b = Gaussians(second, 50);
        Assert.Equal(a, b);
        Assert.NotEqual(a, Gaussians(other, 50));
    }

    [Fact]
    public void Gaussians_follow_the_polar_method_to_the_last_float()
    {
        RandomSource random = new(8), uniform = new(8);
        for (int i = 0; i < 1000; i++)
        {
            double x, y, square;
            do
            {
                (x, y) = ((2 * uniform.NextDouble()) - 1, (2 * uniform.NextDouble()) - 1);
                square = (x * x) + (y * y);
            }
            while (square >= 1);
            double factor = Math.Sqrt(-2 * Math.Log(square) / square);

            // The own logarithm may differ in the last bits of a double, which moves a float by one step at most.
            Assert.Equal(x * factor, random.NextGaussian(), 1.2e-7 * Math.Max(0.5, Math.Abs(x * factor)));
            Assert.Equal(y * factor, random.NextGaussian(), 1.2e-7 * Math.Max(0.5, Math.Abs(y * factor)));
        }
    }

    [Fact]
    public void Gaussians_have_the_moments_of_a_normal_distribution()
    {
        float[] values = Gaussians(new RandomSource(1), 200_000);
        double mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean));
        double kurtosis = values.Average(v => Math.Pow(v - mean, 4)) / (variance * variance);
        Assert.InRange(mean, -0.01, 0.01);
        Assert.InRange(variance, 0.985, 1.015);
        Assert.InRange(kurtosis, 2.9, 3.1);
        Assert.InRange(values.Count(v => Math.Abs(v) < 1) / 200_000.0, 0.6827 - 0.005, 0.6827 + 0.005);
    }

    [Fact]
    public void Floats_fill_zero_to_below_one_in_24_bit_steps()
    {
        RandomSource random = new(3);
        double sum = 0;
        for (int i = 0; i < 100_000; i++)
        {
            float value = random.NextFloat();
            Assert.InRange(value, 0f, 1f - (1f / (1 << 24)));
            Assert.Equal(0, value * (1 << 24) % 1);
            sum += value;
        }

        Assert.InRange(sum / 100_000, 0.495, 0.505);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(10)]
    public void Integers_hit_every_value_about_as_often(int range)
    {
        RandomSource random = new(9);
        int[] counts = new int[range];
        for (int i = 0; i < 10_000 * range; i++)
            counts[random.NextInt(range)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Integers_need_a_range_of_at_least_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomSource(0).NextInt(0));

    [Fact]
    public void Shuffle_keeps_all_values_and_reaches_every_order()
    {
        RandomSource random = new(2);
        Dictionary<string, int> orders = [];
        for (int i = 0; i < 6_000; i++)
        {
            int[] values = [1, 2, 3];
            random.Shuffle(values);
            string order = string.Concat(values);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(["123", "132", "213", "231", "312", "321"], orders.Keys.Order());
        Assert.All(orders.Values, count => Assert.InRange(count, 850, 1_150));
    }

    private static float[] Gaussians(RandomSource random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextGaussian();
        return values;
    }

    private static ulong Reference(ulong[] s)
    {
        static ulong Rotate(ulong x, int k) => (x << k) | (x >> (64 - k));
        ulong result = Rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = Rotate(s[3], 45);
        return result;
    }
}
