namespace NetGen.Network.Tests;

/// <summary>A loss as the textbook writes it, one sample at a time.</summary>
internal abstract class DoubleLoss
{
    /// <summary>Whether it takes its last layer with it and reads that layer's input.</summary>
    public virtual bool IsFused => false;

    /// <summary>The loss of one sample from what it reads.</summary>
    public abstract Bounded Value(Bounded[] x, Bounded[] targets);

    /// <summary>Gradient of <see cref="Value"/> with respect to what it reads.</summary>
    public abstract Bounded[] Gradient(Bounded[] x, Bounded[] targets);

    /// <summary>The loss of one sample from the network's output.</summary>
    public virtual Bounded OutputValue(Bounded[] y, Bounded[] targets) =>
        IsFused ? throw new NotSupportedException("This loss reads what goes into the last layer.") : Value(y, targets);

    /// <summary>Gradient with respect to the network's output.</summary>
    public virtual Bounded[] OutputGradient(Bounded[] y, Bounded[] targets) => Gradient(y, targets);

    /// <summary>What a sample counts in the mean.</summary>
    public virtual Bounded Weight(Bounded[] targets) => 1f;

    /// <summary>The loss of an attribute, or null for one that is not known here.</summary>
    public static DoubleLoss? Create(DeclaredAttribute attribute, int outputs, int classes) => attribute.Kind switch
    {
        "MeanSquaredError" => new Squared(1.0 / outputs),
        "HalfSquaredError" => new Squared(0.5f),
        "BinaryCrossEntropy" => new BinaryCrossEntropy(outputs, attribute.Number("PositiveWeight", 1)),
        "CrossEntropy" => new CrossEntropy(classes, attribute.Number("LabelSmoothing", 0), attribute.Numbers("ClassWeights")),
        "KLDivergence" => new KLDivergence(classes),
        "MeanAbsoluteError" => new Mean((x, t) => Abs(x - t), (x, t) => Sign(x - t)),
        "Huber" => new Mean((x, t) => Huber(Abs(x - t)), (x, t) => Clamp(x - t)),
        "LogCosh" => new Mean((x, t) => LogCosh(Abs(x - t)), (x, t) => Bounded.Tanh(x - t)),
        "Hinge" => new Mean(Margin, (x, t) => HingeSlope(1f - (t * x), t)),
        "SquaredHinge" => new Mean((x, t) => Margin(x, t) * Margin(x, t), (x, t) => t * -2f * Margin(x, t)),
        _ => null,
    };

    private static Bounded Abs(Bounded a) => a.Value < 0 ? -a : a;

    /// <summary>Where the sign is lost in the errors, any will do.</summary>
    private static Bounded Sign(Bounded a) => new(Math.Sign(a.Value), Math.Abs(a.Value) < a.Error ? 2 : 0);

    private static Bounded Clamp(Bounded a) => new(Math.Clamp(a.Value, -1, 1), Math.Abs(a.Value) - a.Error >= 1 ? 0 : a.Error);

    private static Bounded Huber(Bounded size) => size.Value < 1 ? size * (size * 0.5f) : size - 0.5f;

    /// <summary>ln(1 + (cosh a − 1)), and a − ln 2 beyond 20, where that is the same.</summary>
    private static Bounded LogCosh(Bounded size)
    {
        Bounded inner = size.Value < 20 ? size : 20f, p = Bounded.Expm1(inner), more = p * p / (Bounded.Exp(inner) * 2f);
        Bounded core = more.Value < 1 ? Bounded.Log1P(more) : Bounded.Log(1f + more);
        return size.Value < 20 ? core : size - inner + core;
    }

    /// <summary>max(1 − t x, 0).</summary>
    private static Bounded Margin(Bounded x, Bounded t) => Bounded.Max(1f - (t * x), 0f);

    /// <summary>−t inside the margin, else 0; on the kink either.</summary>
    private static Bounded HingeSlope(Bounded margin, Bounded t) =>
        new(margin.Value > 0 ? -t.Value : 0, Math.Abs(margin.Value) < margin.Error ? Math.Abs(t.Value) : 0);

    /// <summary>The mean of a function of each output and its target.</summary>
    private sealed class Mean(Func<Bounded, Bounded, Bounded> value, Func<Bounded, Bounded, Bounded> slope) : DoubleLoss
    {
        public override Bounded Value(Bounded[] x, Bounded[] targets) => Bounded.Sum(x.Zip(targets, value)) / (float)x.Length;

        public override Bounded[] Gradient(Bounded[] x, Bounded[] targets) =>
            [.. x.Zip(targets, (a, t) => slope(a, t) / (float)x.Length)];
    }

    /// <summary>factor · Σ (x − t)².</summary>
    private sealed class Squared(double factor) : DoubleLoss
    {
        public override Bounded Value(Bounded[] x, Bounded[] targets)
        {
            BoundedSum sum = default;
            for (int i = 0; i < x.Length; i++)
                sum.AddProduct(x[i] - targets[i], x[i] - targets[i]);
            return sum.Result * Bounded.Rounded(factor);
        }

        public override Bounded[] Gradient(Bounded[] x, Bounded[] targets) =>
            [.. x.Zip(targets, (value, target) => (value - target) * Bounded.Rounded(2 * factor))];
    }

    /// <summary>mean of max(x, 0) − x t + ln(1 + exp(−|x|)), the cross entropy of sigmoid(x).</summary>
    /// <remarks>With a weight p of positive targets (1 − t) x + (1 + (p − 1) t) (ln(1 + exp(−|x|)) + max(−x, 0)).</remarks>
    private sealed class BinaryCrossEntropy(int outputs, double positiveWeight) : DoubleLoss
    {
        public override bool IsFused => true;

        public override Bounded Value(Bounded[] x, Bounded[] targets) => Bounded.Sum(x.Zip(targets, (z, t) =>
        {
            Bounded e = Bounded.Exp(z.Value > 0 ? -z : z);
            // max(z, 0) is as far off as z, on whichever side of 0.
            Bounded positive = new(Math.Max(z.Value, 0), z.Error), negative = new(Math.Max(-z.Value, 0), z.Error);
            return positiveWeight == 1
                ? positive - (z * t) + Bounded.Log1P(e)
                : ((1f - t) * z) + (Factor(t) * (Bounded.Log1P(e) + negative));
        })) / (float)outputs;

        public override Bounded[] Gradient(Bounded[] x, Bounded[] targets) =>
            [.. x.Zip(targets, (z, t) => Slope(Bounded.Sigmoid(z), t) / (float)outputs)];

        public override Bounded[] OutputGradient(Bounded[] y, Bounded[] targets) =>
            [.. y.Zip(targets, (value, t) => Slope(value, t) / (value * (1f - value) * (float)outputs))];

        private Bounded Factor(Bounded t) => 1f + (Bounded.Rounded(positiveWeight - 1) * t);

        private Bounded Slope(Bounded sigmoid, Bounded t) =>
            positiveWeight == 1 ? sigmoid - t : (sigmoid * Factor(t)) - (Bounded.Rounded(positiveWeight) * t);
    }

    /// <summary>Σ t · (ln t − ln softmax(x)): the cross entropy less the targets' own, so the same gradients.</summary>
    private sealed class KLDivergence(int classes) : CrossEntropy(classes, 0, [])
    {
        public override Bounded Value(Bounded[] x, Bounded[] targets)
        {
            BoundedSum entropy = default;
            foreach (Bounded t in targets.Where(t => t.Value > 0))
                entropy.AddProduct(t, Bounded.Log(t));
            return base.Value(x, targets) + entropy.Result;
        }
    }

    /// <summary>−Σ t · ln softmax(x), over the last axis and summed over the rows of a sequence.</summary>
    /// <remarks>Smoothing turns targets t into (1 − ε) t + ε / K; weights of the classes multiply them, and a sample counts what they sum
    /// to before the smoothing.</remarks>
    private class CrossEntropy(int classes, double smoothing, IReadOnlyList<double> weights) : DoubleLoss
    {
        public override bool IsFused => true;

        public override Bounded Weight(Bounded[] targets) =>
            weights.Count == 0 ? 1f : Bounded.Sum(targets.Select((t, c) => Bounded.Rounded(weights[c]) * t));

        public override Bounded Value(Bounded[] x, Bounded[] targets) =>
            Bounded.Sum(x.Chunk(classes).Zip(Effective(targets).Chunk(classes), (row, t) =>
        {
            Bounded max = row.MaxBy(value => value.Value);
            BoundedSum dot = default;
            for (int c = 0; c < classes; c++)
                dot.AddProduct(t[c], row[c] - max);
            return (Bounded.Sum(t) * Bounded.Log(Bounded.Sum(row.Select(value => Bounded.Exp(value - max))))) - dot.Result;
        }));

        public override Bounded[] Gradient(Bounded[] x, Bounded[] targets) =>
            [.. x.Chunk(classes).Zip(Effective(targets).Chunk(classes), (row, t) =>
            {
                Bounded[] y = new DoubleSoftmax(classes).Forward(row);
                Bounded weight = Bounded.Sum(t);
                return y.Zip(t, (value, target) => (value * weight) - target);
            }).SelectMany(row => row)];

        public override Bounded OutputValue(Bounded[] y, Bounded[] targets)
        {
            Bounded[] effective = Effective(targets);
            BoundedSum sum = default;
            for (int i = 0; i < y.Length; i++)
                sum.AddProduct(-effective[i], Bounded.Log(y[i]));
            return sum.Result;
        }

        public override Bounded[] OutputGradient(Bounded[] y, Bounded[] targets) =>
            [.. y.Zip(Effective(targets), (value, t) => -t / value)];

        private Bounded[] Effective(Bounded[] targets) => smoothing == 0 && weights.Count == 0 ? targets
            : [.. targets.Select((t, c) =>
            {
                Bounded smooth = smoothing == 0 ? t : (t * Bounded.Rounded(1 - smoothing)) + Bounded.Rounded(smoothing / classes);
                return weights.Count == 0 ? smooth : Bounded.Rounded(weights[c % classes]) * smooth;
            })];
    }
}
