using System.Text.Json;

namespace NetGen.Network.Tests;

/// <summary>The optimizers as PyTorch 1.13 documents them.</summary>
internal sealed class DoubleOptimizer
{
    private readonly string kind;
    private readonly Bounded learningRate;
    private readonly double momentum, beta1, beta2, epsilon;
    private readonly Dictionary<string, Bounded[]> first = [], second = [];
    private int steps;

    private DoubleOptimizer(string kind, JsonElement options)
    {
        this.kind = kind;
        learningRate = Bounded.Rounded(options.GetProperty("learningRate").GetDouble());
        momentum = Get("momentum");
        beta1 = Get("beta1");
        beta2 = Get("beta2");
        epsilon = Get("epsilon");

        double Get(string name) => options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : 0;
    }

    /// <summary>The optimizer, or null for a kind that is not known here.</summary>
    public static DoubleOptimizer? TryCreate(JsonElement options) =>
        options.GetProperty("kind").GetString()! is var kind and ("SGD" or "Momentum" or "Nesterov" or "Adam")
            ? new DoubleOptimizer(kind, options) : null;

    /// <summary>One step of every trainable parameter, in place.</summary>
    public void Step(DoubleNetwork network, DoubleGradients gradients)
    {
        steps++;
        foreach (DoubleParameter parameter in network.Parameters.Where(parameter => parameter.Trainable))
        {
            Bounded[] gradient = gradients.Parameters[parameter.Name], m = State(first, parameter), v = State(second, parameter);
            for (int i = 0; i < gradient.Length; i++)
                parameter.Values[i] -= learningRate * Direction(gradient[i], ref m[i], ref v[i]);
        }
    }

    private static Bounded[] State(Dictionary<string, Bounded[]> states, DoubleParameter parameter)
    {
        if (!states.TryGetValue(parameter.Name, out Bounded[]? state))
            states.Add(parameter.Name, state = new Bounded[parameter.Values.Length]);
        return state;
    }

    private Bounded Direction(Bounded g, ref Bounded m, ref Bounded v)
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
            default:
                m = (Bounded.Rounded(beta1) * m) + (Bounded.Rounded(1 - beta1) * g);
                v = (Bounded.Rounded(beta2) * v) + (Bounded.Rounded(1 - beta2) * g * g);
                Bounded root = Bounded.Sqrt(v) * Bounded.Rounded(1 / Math.Sqrt(1 - Math.Pow(beta2, steps)));
                return Bounded.Rounded(1 / (1 - Math.Pow(beta1, steps))) * (m / (root + Bounded.Rounded(epsilon)));
        }
    }
}
