namespace NetGen.Network.Tests;

/// <summary>A parameter of the reference implementation, row-major in its documented shape.</summary>
internal sealed class DoubleParameter(string name, int length, bool trainable)
{
    public string Name { get; } = name;

    public bool Trainable { get; } = trainable;

    /// <summary>λ of λ · Σ|w| in the training loss.</summary>
    public float L1 { get; init; }

    /// <summary>λ of ½ λ · Σw² in the training loss.</summary>
    public float L2 { get; init; }

    public Bounded[] Values { get; } = new Bounded[length];

    /// <summary>Sum over the samples so far of the gradient.</summary>
    public BoundedSum[] Gradient { get; } = new BoundedSum[length];

    /// <summary>What it adds to the training loss.</summary>
    public Bounded Penalty
    {
        get
        {
            BoundedSum absolutes = default, squares = default;
            foreach (Bounded w in Values)
            {
                absolutes.Add(w.Value < 0 ? -w : w);
                squares.AddProduct(w, w);
            }

            return (L1 * absolutes.Result) + (0.5f * L2 * squares.Result);
        }
    }

    /// <summary>Adds the penalty's gradient. Where the sign of a weight is lost in its error, any will do.</summary>
    public void AddPenaltyGradient()
    {
        for (int i = 0; i < Values.Length; i++)
        {
            Gradient[i].AddProduct(L2, Values[i]);
            Gradient[i].Add(new Bounded(L1 * Math.Sign(Values[i].Value), Math.Abs(Values[i].Value) < Values[i].Error ? 2 * L1 : 0));
        }
    }
}

/// <summary>A layer as the textbook writes it, one sample at a time.</summary>
internal abstract class DoubleLayer
{
    public virtual IReadOnlyList<DoubleParameter> Parameters => [];

    public abstract Bounded[] Forward(Bounded[] x);

    /// <summary>Gradient of the input from that of the output; adds to the gradients of the parameters.</summary>
    public abstract Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy);

    /// <summary>A whole batch in training.</summary>
    public virtual Bounded[][] ForwardBatch(Bounded[][] x) => Array.ConvertAll(x, Forward);

    /// <summary>The gradients of a whole batch of inputs.</summary>
    public virtual Bounded[][] BackwardBatch(Bounded[][] x, Bounded[][] y, Bounded[][] dy) =>
        [.. x.Select((_, sample) => Backward(x[sample], y[sample], dy[sample]))];

    /// <summary>What a training step changes besides the parameters it trains, from the batch that went forward.</summary>
    public virtual void UpdateState(Bounded[][] x)
    {
    }
}

/// <summary>y[o] = b[o] + Σᵢ w[o, i] · x[i] on the last axis.</summary>
internal sealed class DoubleDense(DoubleParameter weight, DoubleParameter? bias, int inputs, int units) : DoubleLayer
{
    public override IReadOnlyList<DoubleParameter> Parameters => bias is null ? [weight] : [weight, bias];

    public override Bounded[] Forward(Bounded[] x)
    {
        Bounded[] y = new Bounded[x.Length / inputs * units];
        for (int row = 0; row < x.Length / inputs; row++)
        {
            for (int o = 0; o < units; o++)
            {
                BoundedSum sum = default;
                for (int i = 0; i < inputs; i++)
                    sum.AddProduct(weight.Values[(o * inputs) + i], x[(row * inputs) + i]);
                if (bias is not null)
                    sum.Add(bias.Values[o]);
                y[(row * units) + o] = sum.Result;
            }
        }

        return y;
    }

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int row = 0; row < x.Length / inputs; row++)
        {
            for (int i = 0; i < inputs; i++)
            {
                BoundedSum sum = default;
                for (int o = 0; o < units; o++)
                {
                    sum.AddProduct(weight.Values[(o * inputs) + i], dy[(row * units) + o]);
                    weight.Gradient[(o * inputs) + i].AddProduct(x[(row * inputs) + i], dy[(row * units) + o]);
                }

                dx[(row * inputs) + i] = sum.Result;
            }

            for (int o = 0; bias is not null && o < units; o++)
                bias.Gradient[o].Add(dy[(row * units) + o]);
        }

        return dx;
    }
}

/// <summary>Another shape, the same numbers.</summary>
internal sealed class DoubleFlatten : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => x;

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) => dy;
}

/// <summary>x where x > 0, else slope · x; ReLU has slope 0. Where rounding may put x on the other side of 0, the error holds the
/// step.</summary>
internal sealed class DoubleRectifier(double slope) : DoubleLayer
{
    private readonly Bounded factor = slope == 0 ? default : Bounded.Rounded(slope);

    public override Bounded[] Forward(Bounded[] x) => Array.ConvertAll(x, value =>
    {
        Bounded y = value.Value > 0 ? value : value * factor;
        return IsAtStep(value) ? y with { Error = y.Error + (Math.Max(1, Math.Abs(slope)) * value.Error) } : y;
    });

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = x[i].Value > 0 ? dy[i] : dy[i] * factor;
            if (IsAtStep(x[i]))
            {
                double step = Math.Abs(1 - slope) * Math.Abs(dy[i].Value);
                dx[i] = dx[i] with { Error = dx[i].Error + (Math.Max(1, Math.Abs(slope)) * dy[i].Error) + step };
            }
        }

        return dx;
    }

    private static bool IsAtStep(Bounded x) => x.Error > 0 && Math.Abs(x.Value) <= x.Error;
}

/// <summary>1 / (1 + exp(−x)).</summary>
internal sealed class DoubleSigmoid : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => Array.ConvertAll(x, Bounded.Sigmoid);

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) =>
        [.. y.Zip(dy, (value, slope) => slope * value * (1f - value))];
}

/// <summary>tanh x.</summary>
internal sealed class DoubleTanh : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => Array.ConvertAll(x, Bounded.Tanh);

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) =>
        [.. y.Zip(dy, (value, slope) => slope * (1f - (value * value)))];
}

/// <summary>exp(xᵢ) / Σⱼ exp(xⱼ) over the last axis.</summary>
internal sealed class DoubleSoftmax(int classes) : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => [.. x.Chunk(classes).SelectMany(row =>
    {
        Bounded max = row.MaxBy(value => value.Value);
        Bounded[] e = Array.ConvertAll(row, value => Bounded.Exp(value - max));
        Bounded sum = Bounded.Sum(e);
        return Array.ConvertAll(e, value => value / sum);
    })];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int first = 0; first < x.Length; first += classes)
        {
            BoundedSum dot = default;
            for (int c = first; c < first + classes; c++)
                dot.AddProduct(y[c], dy[c]);
            for (int c = first; c < first + classes; c++)
                dx[c] = y[c] * (dy[c] - dot.Result);
        }

        return dx;
    }
}
