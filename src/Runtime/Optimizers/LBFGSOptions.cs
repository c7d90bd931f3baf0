using System.Globalization;

namespace NetGen;

/// <summary>How <see cref="LBFGS"/> minimises.</summary>
public sealed class LBFGSOptions
{
    /// <summary>The most iterations, at least 1. Each takes one evaluation of the whole dataset, rarely more.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>Past iterations that approximate the curvature, at least 1. Each takes two doubles per parameter.</summary>
    public int Memory { get; init; } = 10;

    /// <summary>Ends when no component of the gradient exceeds this, at least 0.</summary>
    public double GradientTolerance { get; init; } = 1e-6;

    /// <summary>Ends when an iteration changes the loss by no more than this share of it, at least 0. Losses are floats: much below 1e-7
    /// their rounding decides.</summary>
    public double LossTolerance { get; init; } = 1e-7;

    /// <summary>Samples that are evaluated together, at least 1: bounds the memory. Any number gives the same minimum.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>Called after every iteration with its number, from 1, and the loss.</summary>
    public Action<int, double>? OnIteration { get; init; }

    /// <summary>Ends between two iterations.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate()
    {
        CheckCount(MaximumIterations, nameof(MaximumIterations));
        CheckCount(Memory, nameof(Memory));
        CheckCount(BatchSize, nameof(BatchSize));
        CheckTolerance(GradientTolerance, nameof(GradientTolerance));
        CheckTolerance(LossTolerance, nameof(LossTolerance));

        static void CheckCount(int value, string name)
        {
            if (value < 1)
                throw new ArgumentException($"{name} is {value}; at least 1 is needed.");
        }

        static void CheckTolerance(double value, string name)
        {
            if (!(value >= 0) || double.IsInfinity(value))
                throw new ArgumentException($"{name} is {value.ToString(CultureInfo.InvariantCulture)}; it must be at least 0 and finite.");
        }
    }
}
