namespace NetGen;

/// <summary>A network's loss on one batch as a function of single parameters: rounded to float, and so with noise of a size that is
/// measured here.</summary>
internal sealed class NoisyLoss
{
    /// <summary>Differences of this order remove what is smooth and leave the noise.</summary>
    private const int Order = 4, Points = 8, Directions = 3;

    /// <summary>How many standard deviations of the noise are reckoned with.</summary>
    private const double Safety = 4;

    /// <summary>A shift of the parameters, relative to 1 or to their size, that is far above their rounding and far below what bends the
    /// loss.</summary>
    private const float NoiseStep = 1f / 1024;

    private readonly ITrainableNetwork network;
    private readonly float[] inputs, targets, discarded;

    public NoisyLoss(ITrainableNetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        this.network = network;
        this.inputs = inputs.ToArray();
        this.targets = targets.ToArray();
        discarded = new float[network.Parameters.Length];
        Noise = MeasureNoise();
    }

    /// <summary>Error of one value that is to be reckoned with.</summary>
    public double Noise { get; }

    /// <summary>The loss that the gradient belongs to, penalties included, at the network's parameters.</summary>
    public double Now() => network.Gradients(inputs, targets, discarded);

    /// <summary>The loss with one parameter at another value, which it has only meanwhile.</summary>
    public double At(int parameter, float value)
    {
        ref float place = ref network.Parameters[parameter];
        float kept = place;
        place = value;
        try
        {
            return Now();
        }
        finally
        {
            network.Parameters[parameter] = kept;
        }
    }

    /// <summary>Standard deviation of the noise from a table of differences: Σ(Δᵏf)² / count = σ² (2k)! / (k!)².</summary>
    /// <remarks>R. W. Hamming's table as in J. J. Moré and S. M. Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33,
    /// 2011.</remarks>
    private double MeasureNoise()
    {
        double scale = 1, largest = 0;
        for (int k = 1; k <= Order; k++)
            scale *= (2.0 * k * ((2 * k) - 1)) / (k * k);
        float[] kept = network.Parameters.ToArray();
        RandomSource random = new(0);
        try
        {
            for (int direction = 0; direction < Directions; direction++)
            {
                ulong signs = random.NextUInt64();
                double[] table = new double[Points];
                for (int point = 0; point < Points; point++)
                {
                    Span<float> parameters = network.Parameters;
                    RandomSource own = new(signs);
                    for (int i = 0; i < kept.Length; i++)
                    {
                        float shift = (point - (Points / 2)) * (own.NextInt(2) - 0.5f) * NoiseStep / MathF.Sqrt(kept.Length);
                        parameters[i] = kept[i] + (shift * MathF.Max(1, MathF.Abs(kept[i])));
                    }

                    table[point] = Now();
                }

                for (int k = 1; k <= Order; k++)
                {
                    for (int i = 0; i < Points - k; i++)
                        table[i] = table[i + 1] - table[i];
                }

                double squares = 0;
                for (int i = 0; i < Points - Order; i++)
                    squares += table[i] * table[i];
                largest = Math.Max(largest, squares / (Points - Order) / scale);
            }
        }
        finally
        {
            kept.CopyTo(network.Parameters);
        }

        // The loss itself is a float: half a unit of its last place is certain.
        double rounding = Math.Abs(Now()) * (1.0 / (1 << 24));
        return Safety * Math.Max(Math.Sqrt(largest), rounding);
    }
}
