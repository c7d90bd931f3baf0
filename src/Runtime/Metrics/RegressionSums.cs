namespace NetGen;

/// <summary>Running sums of a regression's errors, per output.</summary>
internal sealed class RegressionSums(int outputs)
{
    private readonly double[] mean = new double[outputs], spread = new double[outputs], squared = new double[outputs];
    private double absolute;
    private long count;

    /// <summary>Counts samples: predictions and targets back to back.</summary>
    public void Add(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        for (int start = 0; start < targets.Length; start += outputs)
        {
            count++;
            for (int output = 0; output < outputs; output++)
            {
                double target = targets[start + output], error = predictions[start + output] - target;
                squared[output] += error * error;
                absolute += Math.Abs(error);

                // Welford's update: the sum of squares around the mean in one pass, without cancellation.
                double change = target - mean[output];
                mean[output] += change / count;
                spread[output] += change * (target - mean[output]);
            }
        }
    }

    public double RootMeanSquaredError => Math.Sqrt(squared.Sum() / (count * outputs));

    public double MeanAbsoluteError => absolute / (count * outputs);

    public double R2
    {
        get
        {
            double sum = 0;
            for (int output = 0; output < outputs; output++)
                sum += spread[output] > 0 ? 1 - (squared[output] / spread[output]) : squared[output] == 0 ? 1 : 0;
            return sum / outputs;
        }
    }
}
