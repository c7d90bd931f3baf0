using System.Globalization;

namespace NetGen;

/// <summary>Compares the gradients of a network with differences of its loss.</summary>
public static class GradientChecker
{
    /// <summary>Central differences are taken for the steps h, h/2, h/4, …</summary>
    private const int Steps = 5;

    /// <summary>Twice what balances the error of a smooth loss, h²/6 · f‴, with its noise in float, 2⁻²⁴ · f / h.</summary>
    private const float LargestStep = 1f / 64;

    /// <summary>Whether the network's gradient is the slope of its loss, for trainable parameters near where they are now. The network is
    /// unchanged afterwards; meanwhile nothing else may use it.</summary>
    /// <remarks>
    /// <para>Central differences (f(w+h) − f(w−h)) / 2h are taken for steps from 1/64 down to 1/1024 of max(1, |w|). Their error is
    /// estimated from how they change with the step, from how far the slopes on the two sides of w are apart, and from the noise of a loss
    /// that is computed in float, which is measured; the step with the least error decides. The tolerance of a component is that error
    /// plus <paramref name="tolerance"/> times the component's size.</para>
    /// <para>Limits. Errors in the gradient below a component's tolerance are not seen: typically 0.1 % of the larger components, and
    /// everything of those below about 1e-4 of the loss. Where the differences are uncertain by more than a tenth of the tensor's largest
    /// gradient the component is undecided. A kink of the loss within the step (the corner of a ReLU) makes them more uncertain; several
    /// kinks within the smallest step can hide each other, and then a right gradient may be called wrong. Layers that are random
    /// in training, such as dropout, keep the random numbers of one step meanwhile.</para>
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="inputs">A batch: n · InputLength floats. Few samples show errors best.</param>
    /// <param name="targets">n · OutputLength floats; for labels, those of <see cref="Dataset.OneHot"/>.</param>
    /// <param name="tolerance">Relative difference that is accepted, positive.</param>
    /// <param name="perParameter">Components of each parameter that are compared, at least 1: chosen at random, always the same; a
    /// component costs 11 gradients. <see cref="int.MaxValue"/> compares all.</param>
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
    /// <remarks>
    /// With D(h) the central difference and S(h) = (f(w+h) − 2f(w) + f(w−h)) / h the difference of the two one-sided slopes, the error of
    /// D(h) is estimated as |D(h) − D(2h)| + |S(2h) − 2S(h)|. Where f is smooth, the first is about 3 times the error and the second nearly
    /// 0. Where the slope jumps by B at the distance r·h, D(h) errs by (1−r)/2 · B, and the two are r/4 · B and |1 − 3r/2| · B, together
    /// never less.
    /// </remarks>
    private static (double Slope, double Error) Differentiate(NoisyLoss loss, int place, float value)
    {
        double center = loss.Now(), slope = double.NaN, least = double.PositiveInfinity, lastSlope = 0, lastBend = 0;
        float step = LargestStep * MathF.Max(1, MathF.Abs(value));
        for (int i = 0; i < Steps; i++, step /= 2)
        {
            // The steps that the parameter really makes, after rounding.
            float right = value + step, left = value - step;
            double up = (double)right - value, down = (double)value - left;
            double above = loss.At(place, right), below = loss.At(place, left);
            double difference = (above - below) / (up + down), bend = ((above - center) / up) - ((center - below) / down);
            double error = Math.Abs(difference - lastSlope) + Math.Abs(lastBend - (2 * bend)) + (loss.Noise / step);
            if (i > 0 && error < least)
                (least, slope) = (error, difference);
            (lastSlope, lastBend) = (difference, bend);
        }

        return (slope, least);
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
        int[] shape = parameter.Shape, index = new int[shape.Length];
        if (parameter.Layout == ParameterLayout.Transposed)
        {
            (int column, int row) = Math.DivRem(position, shape[0]);
            position = (row * (parameter.Length / shape[0])) + column;
        }

        for (int axis = shape.Length - 1; axis >= 0; axis--)
            (position, index[axis]) = Math.DivRem(position, shape[axis]);
        return index;
    }
}
