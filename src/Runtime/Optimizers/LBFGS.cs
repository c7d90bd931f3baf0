namespace NetGen;

/// <summary>Limited-memory BFGS: minimises the loss over a whole dataset with approximate second derivatives. For small networks and smooth
/// losses, where it needs far fewer passes than gradient descent.</summary>
/// <remarks>
/// Nocedal and Wright, "Numerical optimization", 2nd ed. 2006: the two-loop recursion (algorithm 7.4) and a line search for the strong
/// Wolfe conditions (algorithms 3.5 and 3.6, c₁ = 1e-4, c₂ = 0.9). It evaluates losses in between, so it is no <see cref="Optimizer"/> that
/// a training step could call. Losses are rounded to floats; where their differences drown in that, the slope decides instead (Hager and
/// Zhang, "A new conjugate gradient method with guaranteed descent and an efficient line search", 2005: approximate Wolfe conditions).
/// </remarks>
public static class LBFGS
{
    /// <summary>Minimises a network's mean loss over a dataset, penalties included. Frozen parameters keep their values.</summary>
    /// <param name="network">The network; it has the best parameters found when this returns or throws.</param>
    /// <param name="data">The dataset, evaluated as a whole.</param>
    /// <param name="options">When to end; null for the defaults.</param>
    /// <exception cref="ArgumentException">The data or an option does not fit; nothing has changed.</exception>
    public static LBFGSResult Minimize(ITrainableNetwork network, Dataset data, LBFGSOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new LBFGSOptions();
        options.Validate();
        FullBatch batch = new(network, data, options.BatchSize);
        LineSearch line = new(network, batch);
        try
        {
            return Run(options, batch, line);
        }
        finally
        {
            line.RestoreStart();
        }
    }

    private static LBFGSResult Run(LBFGSOptions options, FullBatch batch, LineSearch line)
    {
        double initial = line.Start();
        CurvatureMemory memory = new(options.Memory, line.Gradient.Length);
        double[] direction = new double[line.Gradient.Length];
        int iterations = 0;
        if (!double.IsFinite(initial) || !double.IsFinite(Largest(line.Gradient)))
            return Result(LBFGSStop.NotFinite);
        if (Largest(line.Gradient) <= options.GradientTolerance)
            return Result(LBFGSStop.GradientTolerance);
        while (iterations < options.MaximumIterations)
        {
            if (options.CancellationToken.IsCancellationRequested)
                return Result(LBFGSStop.Cancelled);
            double before = line.Loss;
            memory.Direction(line.Gradient, direction);

            // Without any knowledge of the curvature, the first step is one of length 1 at most.
            double step = memory.Count > 0 ? 1 : 1 / Math.Max(1, Math.Sqrt(Vectors.Dot(direction, direction)));
            if (!line.Search(direction, step))
            {
                // Curvature that has gone stale may be what misleads; steepest descent is the last resort.
                if (memory.Count == 0)
                    return Result(LBFGSStop.NoFurtherProgress);
                memory.Clear();
                continue;
            }

            iterations++;
            memory.Add(line.Change, line.GradientChange);
            options.OnIteration?.Invoke(iterations, line.Loss);
            if (Largest(line.Gradient) <= options.GradientTolerance)
                return Result(LBFGSStop.GradientTolerance);
            if (Math.Abs(before - line.Loss) <= options.LossTolerance * Math.Max(Math.Abs(before), Math.Abs(line.Loss)))
                return Result(LBFGSStop.LossTolerance);
        }

        return Result(LBFGSStop.MaximumIterations);

        LBFGSResult Result(LBFGSStop reason) =>
            new(iterations, batch.Evaluations, initial, line.Loss, Largest(line.Gradient), reason);
    }

    /// <summary>The largest absolute value; NaN where there is one.</summary>
    private static double Largest(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
