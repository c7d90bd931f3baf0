using System.Globalization;

namespace NetGen;

/// <summary>Compares the gradients of a network with differences of its loss.</summary>
public static class GradientChecker
{
    /// <summary>Steps h, h/2, h/4, … of the central differences.</summary>
    private const int Steps = 7;

    private const float LargestStep = 0.125f;

    /// <summary>Whether the network's gradient is the slope of its loss, for trainable parameters near where they are now. The network is
    /// unchanged afterwards; meanwhile nothing else may use it.</summary>
    /// <remarks>
    /// <para>Central differences (f(w+h) − f(w−h)) / 2h, for steps from 1/8 down to 1/512 of max(1, |w|), are extrapolated to h = 0 (C. J. F.
    /// Ridders, 1982), which also estimates their error. A generated network computes in float, so the loss is noisy: the noise is measured
    /// and counted in. The tolerance of a component is that error plus <paramref name="tolerance"/> times the component's size.</para>
    /// <para>Limits. Errors in the gradient below a component's tolerance are not seen: typically 0.1 % of the larger components, and
    /// everything of those below about 1e-5 of the loss. Where the differences are uncertain by more than a tenth of the tensor's largest
    /// gradient the component is undecided. A kink (the corner of a ReLU) makes the differences more uncertain; within the smallest step of
    /// it, any gradient between the slopes on its two sides is right. With layers that are random in training, such as dropout, differences
    /// mean nothing.</para>
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="inputs">A batch: n · InputLength floats. Few samples show errors best.</param>
    /// <param name="targets">n · OutputLength floats; for labels, those of <see cref="Dataset.OneHot"/>.</param>
    /// <param name="tolerance">Relative difference that is accepted, positive.</param>
    /// <param name="perParameter">Components of each parameter that are compared, at least 1: chosen at random, always the same; a component
    /// costs 14 gradients. <see cref="int.MaxValue"/> compares all.</param>
    /// <exception cref="ArgumentException">A length or an option does not fit.</exception>
    public static GradientCheck CheckGradients(
        this ITrainableNetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, double tolerance = 1e-3,
        int perParameter = 50)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(perParameter, 1);
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance,
                $"The tolerance is {tolerance.ToString(CultureInfo.InvariantCulture)}; it must be positive and finite.");
        }

        float[] gradients = new float[network.Parameters.Length];
        network.Gradients(inputs, targets, gradients);
        NoisyLoss loss = new(network, inputs, targets);
        int compared = 0, undecided = 0, failed = 0;
        GradientDifference? worst = null;
        foreach (ParameterInfo parameter in network.Info.Parameters.Where(parameter => parameter.Trainable))
        {
            double largest = 0;
            foreach (float gradient in gradients.AsSpan(parameter.Offset, parameter.Length))
                largest = Math.Max(largest, Math.Abs((double)gradient));
            foreach (int position in Choose(parameter.Length, perParameter))
            {
                int place = parameter.Offset + position;
                double gradient = gradients[place];
                (double slope, double error) = Differentiate(loss, place, network.Parameters[place]);
                bool decided = error <= Math.Max(largest, Math.Abs(slope)) / 10;
                if (!decided && double.IsFinite(gradient))
                {
                    undecided++;
                    continue;
                }

                compared++;
                GradientDifference found = new(parameter.Name, IndexOf(parameter, position), gradient, slope,
                    error + (tolerance * Math.Max(Math.Abs(gradient), Math.Abs(slope))));
                failed += found.Ratio > 1 ? 1 : 0;
                worst = worst is null || found.Ratio > worst.Ratio ? found : worst;
            }
        }

        return new GradientCheck(compared, undecided, failed, worst);
    }

    /// <summary>The derivative by one parameter, and its estimated error.</summary>
    private static (double Slope, double Error) Differentiate(NoisyLoss loss, int place, float value)
    {
        double center = loss.Now(), best = double.PositiveInfinity, slope = double.NaN;
        double[] row = new double[Steps], previous = new double[Steps], bends = new double[Steps], bendNoise = new double[Steps];
        float step = LargestStep * MathF.Max(1, MathF.Abs(value));
        for (int i = 0; i < Steps; i++, step /= 2)
        {
            // The steps that the parameter really makes, after rounding.
            float right = value + step, left = value - step;
            double up = (double)right - value, down = (double)value - left;
            double above = loss.At(place, right), below = loss.At(place, left);
            (row, previous) = (previous, row);
            row[0] = (above - below) / (up + down);
            bends[i] = Math.Abs(((above - center) / up) - ((center - below) / down));
            bendNoise[i] = 4 * loss.Noise / step;

            // Column j has lost the error terms h², h⁴, … up to h²ʲ.
            double power = 1;
            for (int j = 0; j <= i; j++)
            {
                if (j > 0)
                {
                    power *= 4;
                    row[j] = ((power * row[j - 1]) - previous[j - 1]) / (power - 1);
                }

                double change = j == 0
                    ? i == 0 ? double.PositiveInfinity : Math.Abs(row[0] - previous[0])
                    : Math.Max(Math.Abs(row[j] - row[j - 1]), Math.Abs(row[j] - previous[j - 1]));

                // Noise of the smallest step's difference, grown by less than two in the extrapolation.
                double error = change + (2 * loss.Noise / step);
                if (error < best)
                    (best, slope) = (error, row[j]);
            }
        }

        // The two one-sided slopes of a smooth loss approach each other with the step. At a kink they do not, and anything between them is a
        // gradient.
        bool smooth = bends[^1] <= bendNoise[^1] || bends[^1] <= (0.75 * bends[^2]) - bendNoise[^2];
        return (slope, smooth ? best : best + (bends[^1] / 2));
    }

    private static IEnumerable<int> Choose(int length, int count)
    {
        int[] positions = [.. Enumerable.Range(0, length)];
        if (count >= length)
            return positions;
        new RandomSource((ulong)length).Shuffle(positions);
        return positions.Take(count).Order();
    }

    /// <summary>A stored position in the documented shape.</summary>
    private static int[] IndexOf(ParameterInfo parameter, int position)
    {
        int[] shape = parameter.Layout == ParameterLayout.Transposed ? [parameter.Shape[1], parameter.Shape[0]] : parameter.Shape;
        int[] index = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
            (position, index[axis]) = Math.DivRem(position, shape[axis]);
        if (parameter.Layout == ParameterLayout.Transposed)
            Array.Reverse(index);
        return index;
    }
}
