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

    /// <summary>Gradient with respect to the network's output.</summary>
    public virtual Bounded[] OutputGradient(Bounded[] y, Bounded[] targets) => Gradient(y, targets);

    public static DoubleLoss? Create(string kind, int outputs, int classes) => kind switch
    {
        "MeanSquaredError" => new Squared(1f / outputs),
        "HalfSquaredError" => new Squared(0.5f),
        "BinaryCrossEntropy" => new BinaryCrossEntropy(outputs),
        "CrossEntropy" => new CrossEntropy(classes),
        _ => null,
    };

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
    private sealed class BinaryCrossEntropy(int outputs) : DoubleLoss
    {
        public override bool IsFused => true;

        public override Bounded Value(Bounded[] x, Bounded[] targets) => Bounded.Sum(x.Zip(targets, (z, t) =>
        {
            Bounded e = Bounded.Exp(z.Value > 0 ? -z : z);
            // max(z, 0) is as far off as z, on whichever side of 0.
            Bounded positive = new(Math.Max(z.Value, 0), z.Error);
            return positive - (z * t) + Bounded.Log1P(e);
        })) / (float)outputs;

        public override Bounded[] Gradient(Bounded[] x, Bounded[] targets) =>
            [.. x.Zip(targets, (z, t) => (Bounded.Sigmoid(z) - t) / (float)outputs)];

        public override Bounded[] OutputGradient(Bounded[] y, Bounded[] targets) =>
            [.. y.Zip(targets, (value, t) => (value - t) / (value * (1f - value) * (float)outputs))];
    }

    /// <summary>−Σ t · ln softmax(x), over the last axis and summed over the rows of a sequence.</summary>
    private sealed class CrossEntropy(int classes) : DoubleLoss
    {
        public override bool IsFused => true;

        public override Bounded Value(Bounded[] x, Bounded[] targets) =>
            Bounded.Sum(x.Chunk(classes).Zip(targets.Chunk(classes), (row, t) =>
        {
            Bounded max = row.MaxBy(value => value.Value);
            BoundedSum dot = default;
            for (int c = 0; c < classes; c++)
                dot.AddProduct(t[c], row[c] - max);
            return (Bounded.Sum(t) * Bounded.Log(Bounded.Sum(row.Select(value => Bounded.Exp(value - max))))) - dot.Result;
        }));

        public override Bounded[] Gradient(Bounded[] x, Bounded[] targets) =>
            [.. x.Chunk(classes).Zip(targets.Chunk(classes), (row, t) =>
            {
                Bounded[] y = new DoubleSoftmax(classes).Forward(row);
                Bounded weight = Bounded.Sum(t);
                return y.Zip(t, (value, target) => (value * weight) - target);
            }).SelectMany(row => row)];

        public override Bounded[] OutputGradient(Bounded[] y, Bounded[] targets) => [.. y.Zip(targets, (value, t) => -t / value)];
    }
}
