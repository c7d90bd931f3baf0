using System.Text.Json;

namespace NetGen.Network.Tests;

/// <summary>The optimizers as PyTorch 1.13 documents them.</summary>
internal sealed class DoubleOptimizer
{
    private readonly string kind;
    private readonly Bounded learningRate;
    private readonly double momentum, beta1, beta2, epsilon, decay, weightDecay, momentumDecay;
    private readonly Dictionary<string, Bounded[]> first = [], second = [], third = [];
    private double momentumProduct = 1;
    private int steps;

    private DoubleOptimizer(string kind, JsonElement options)
    {
        this.kind = kind;
        learningRate = Bounded.Rounded(options.GetProperty("learningRate").GetDouble());
        momentum = Get("momentum");
        beta1 = Get("beta1");
        beta2 = Get("beta2");
        epsilon = Get("epsilon");
        decay = Get("decay");
        weightDecay = Get("weightDecay");
        momentumDecay = Get("momentumDecay");

        double Get(string name) => options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : 0;
    }

    /// <summary>The optimizer, or null for a kind that is not known here.</summary>
    public static DoubleOptimizer? TryCreate(JsonElement options) =>
        options.GetProperty("kind").GetString()! is var kind
            and ("SGD" or "Momentum" or "Nesterov" or "Adagrad" or "RMSProp" or "Adadelta" or "Adam" or "AdamW" or "AMSGrad" or "NAdam")
            ? new DoubleOptimizer(kind, options) : null;

    /// <summary>One step of every trainable parameter, in place.</summary>
    public void Step(DoubleNetwork network, DoubleGradients gradients)
    {
        steps++;
        momentumProduct *= MomentumOf(steps);
        foreach (DoubleParameter parameter in network.Parameters.Where(parameter => parameter.Trainable))
        {
            Bounded[] gradient = gradients.Parameters[parameter.Name], m = State(first, parameter), v = State(second, parameter),
                largest = State(third, parameter);
            bool decays = kind == "AdamW" && parameter.Name.EndsWith(".weight", StringComparison.Ordinal);
            for (int i = 0; i < gradient.Length; i++)
            {
                if (decays)
                    parameter.Values[i] = Bounded.Rounded(1 - (learningRate.Value * weightDecay)) * parameter.Values[i];
                parameter.Values[i] -= learningRate * Direction(gradient[i], ref m[i], ref v[i], ref largest[i]);
            }
        }
    }

    private static Bounded[] State(Dictionary<string, Bounded[]> states, DoubleParameter parameter)
    {
        if (!states.TryGetValue(parameter.Name, out Bounded[]? state))
            states.Add(parameter.Name, state = new Bounded[parameter.Values.Length]);
        return state;
    }

    private Bounded Direction(Bounded g, ref Bounded m, ref Bounded v, ref Bounded largest)
    {
        switch (kind)
        {
            case "SGD":
                return g;
            case "Momentum":
                m = (Bounded.Rounded(momentum) * m) + g;
                return m;
            case "Nesterov":
                m = (Bounded.Rounded(momentum) * m) + g;
                return g + (Bounded.Rounded(momentum) * m);
            case "Adagrad":
                Bounded before = m;
                m += g * g;
                return AdagradDirection(g, before);
            case "RMSProp":
                m = (Bounded.Rounded(decay) * m) + (Bounded.Rounded(1 - decay) * g * g);
                return g / (Bounded.Sqrt(m) + Bounded.Rounded(epsilon));
            case "Adadelta":
                m = (Bounded.Rounded(decay) * m) + (Bounded.Rounded(1 - decay) * g * g);
                Bounded change = Bounded.Sqrt(v + Bounded.Rounded(epsilon)) / Bounded.Sqrt(m + Bounded.Rounded(epsilon)) * g;
                v = (Bounded.Rounded(decay) * v) + (Bounded.Rounded(1 - decay) * change * change);
                return change;
            default:
                m = (Bounded.Rounded(beta1) * m) + (Bounded.Rounded(1 - beta1) * g);
                v = (Bounded.Rounded(beta2) * v) + (Bounded.Rounded(1 - beta2) * g * g);
                largest = Bounded.Max(largest, v);
                Bounded square = kind == "AMSGrad" ? largest : v;
                Bounded root = Bounded.Sqrt(square) * Bounded.Rounded(1 / Math.Sqrt(1 - Math.Pow(beta2, steps)));
                Bounded denominator = root + Bounded.Rounded(epsilon);
                if (kind != "NAdam")
                    return Bounded.Rounded(1 / (1 - Math.Pow(beta1, steps))) * (m / denominator);
                double now = MomentumOf(steps), next = MomentumOf(steps + 1);
                Bounded ofMean = Bounded.Rounded(next / (1 - (momentumProduct * now * next))) * m;
                Bounded ofGradient = Bounded.Rounded((1 - now) / (1 - momentumProduct)) * g;
                return (ofMean + ofGradient) / denominator;
        }
    }

    /// <summary>g / (√(s + g²) + ε), which rises with g and tends to 0 with s: its extremes lie at those of its operands.</summary>
    /// <remarks>Taken as independent, numerator and denominator would count the error of a small g twice, where there is none:
    /// g/√g² is ±1.</remarks>
    private Bounded AdagradDirection(Bounded g, Bounded sum)
    {
        const int roundings = 8;
        double value = At(g.Value, sum.Value);
        double[] corners =
        [
            At(g.Value - g.Error, sum.Value - sum.Error), At(g.Value - g.Error, sum.Value + sum.Error),
            At(g.Value + g.Error, sum.Value - sum.Error), At(g.Value + g.Error, sum.Value + sum.Error),
        ];
        double spread = corners.Max(corner => Math.Abs(corner - value));
        return new Bounded(value, spread + (roundings * Bounded.Unit * Math.Abs(value)) + Bounded.Tiny);

        double At(double gradient, double before) => gradient / (Math.Sqrt(Math.Max(0, before) + (gradient * gradient)) + epsilon);
    }

    /// <summary>NAdam's momentum of a step.</summary>
    private double MomentumOf(int step) => beta1 * (1 - (0.5 * Math.Pow(0.96, step * momentumDecay)));
}
