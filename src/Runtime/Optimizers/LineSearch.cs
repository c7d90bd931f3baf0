namespace NetGen;

/// <summary>Finds how far to go in a direction: Nocedal and Wright, algorithms 3.5 and 3.6. Holds the point that was reached.</summary>
internal sealed class LineSearch
{
    private const double SufficientDecrease = 1e-4, Curvature = 0.9;
    private const int MostEvaluations = 25;

    /// <summary>Share of a loss that its rounding to float, and that of the sums behind it, may fake.</summary>
    private const double Noise = 1e-6;

    private readonly ITrainableNetwork network;
    private readonly FullBatch batch;
    private readonly float[] start;
    private readonly double[] gradient, trialGradient, change, gradientChange;
    private double trialLoss;
    private int left;

    public LineSearch(ITrainableNetwork network, FullBatch batch)
    {
        this.network = network;
        this.batch = batch;
        start = network.Parameters.ToArray();
        gradient = new double[start.Length];
        trialGradient = new double[start.Length];
        change = new double[start.Length];
        gradientChange = new double[start.Length];
    }

    /// <summary>The loss at the point reached.</summary>
    public double Loss { get; private set; }

    /// <summary>Its gradient.</summary>
    public ReadOnlySpan<double> Gradient => gradient;

    /// <summary>How the last search changed the parameters, as they are rounded.</summary>
    public ReadOnlySpan<double> Change => change;

    /// <summary>How it changed the gradient.</summary>
    public ReadOnlySpan<double> GradientChange => gradientChange;

    /// <summary>Evaluates the network's own parameters.</summary>
    public double Start() => Loss = batch.Evaluate(gradient);

    /// <summary>Gives the network the point reached.</summary>
    public void RestoreStart() => start.CopyTo(network.Parameters);

    /// <summary>Goes on from the point reached. False when no step is acceptable: the point stays as it is.</summary>
    /// <param name="direction">Where to; downhill.</param>
    /// <param name="step">The step that is tried first.</param>
    public bool Search(ReadOnlySpan<double> direction, double step)
    {
        Trial origin = new(0, Loss, Vectors.Dot(gradient, direction)), previous = origin;
        if (!(origin.Slope < 0))
            return false;
        left = MostEvaluations;
        for (bool first = true; left > 0; first = false)
        {
            Trial trial = Evaluate(direction, step);
            if (!Decreases(origin, trial) || (!first && trial.Loss > previous.Loss + NoiseOf(origin)))
                return Zoom(direction, origin, previous, trial);
            if (IsFlat(origin, trial))
                return Accept();
            if (trial.Slope >= 0)
                return Zoom(direction, origin, trial, previous);
            previous = trial;
            step *= 2;
        }

        return false;
    }

    /// <summary>Narrows an interval down that holds acceptable steps: low is its end with the lower loss.</summary>
    private bool Zoom(ReadOnlySpan<double> direction, Trial origin, Trial low, Trial high)
    {
        while (left > 0)
        {
            Trial trial = Evaluate(direction, Interpolate(low, high));
            if (!Decreases(origin, trial) || trial.Loss > low.Loss + NoiseOf(origin))
            {
                high = trial;
            }
            else
            {
                if (IsFlat(origin, trial))
                    return Accept();
                if (trial.Slope * (high.Step - low.Step) >= 0)
                    high = low;
                low = trial;
            }
        }

        // Not flat, but lower than any before: better than nothing.
        if (!(low.Step > 0) || !(low.Loss < origin.Loss))
            return false;
        Evaluate(direction, low.Step);
        return Accept();
    }

    /// <summary>Whether a step lowers the loss as its slope lets expect; where rounding hides that, whether the slope says so.</summary>
    private static bool Decreases(Trial origin, Trial trial) =>
        trial.Loss <= origin.Loss + (SufficientDecrease * trial.Step * origin.Slope)
        || (trial.Loss <= origin.Loss + NoiseOf(origin) && trial.Slope <= ((2 * SufficientDecrease) - 1) * origin.Slope);

    private static bool IsFlat(Trial origin, Trial trial) => Math.Abs(trial.Slope) <= -Curvature * origin.Slope;

    private static double NoiseOf(Trial origin) => Noise * Math.Abs(origin.Loss);

    /// <summary>The minimum of the cubic through both ends (equation 3.59), kept off them; the middle where there is none.</summary>
    private static double Interpolate(Trial low, Trial high)
    {
        double width = high.Step - low.Step;
        double d1 = low.Slope + high.Slope - (3 * (low.Loss - high.Loss) / (low.Step - high.Step));
        double root = Math.Sqrt((d1 * d1) - (low.Slope * high.Slope)) * Math.Sign(width);
        double share = 1 - ((high.Slope + root - d1) / (high.Slope - low.Slope + (2 * root)));
        return low.Step + (width * (double.IsFinite(share) ? Math.Clamp(share, 0.1, 0.9) : 0.5));
    }

    private Trial Evaluate(ReadOnlySpan<double> direction, double step)
    {
        left--;
        Span<float> parameters = network.Parameters;
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = (float)(start[i] + (step * direction[i]));
            change[i] = (double)parameters[i] - start[i];
        }

        double loss = batch.Evaluate(trialGradient), slope = Vectors.Dot(trialGradient, direction);
        trialLoss = loss;
        return double.IsFinite(loss) && double.IsFinite(slope) ? new Trial(step, loss, slope) : new Trial(step, double.PositiveInfinity, 0);
    }

    /// <summary>Takes the last trial as the point reached.</summary>
    private bool Accept()
    {
        for (int i = 0; i < gradient.Length; i++)
            gradientChange[i] = trialGradient[i] - gradient[i];
        trialGradient.CopyTo(gradient, 0);
        network.Parameters.CopyTo(start);
        Loss = trialLoss;
        return true;
    }

    /// <summary>A step with the loss there and its slope along the direction.</summary>
    private readonly record struct Trial(double Step, double Loss, double Slope);
}
