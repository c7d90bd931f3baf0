using FsCheck;
using FsCheck.Fluent;

namespace NetGen.Network.Tests;

/// <summary>Any stack of layers, any sizes, any batch: the generated network computes what the reference implementation computes.</summary>
public class RandomNetworkTests
{
    private const int Cases = 32;

    /// <summary>Around the widths of vectors, pairs of vectors and register tiles.</summary>
    private static readonly int[] Edges = [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65];

    private static Gen<int> Size => Gen.Frequency((3, Gen.Elements(Edges)), (2, Gen.Choose(1, 70)));

    private static Gen<string> Activation => Gen.Elements(
        "", "", ", ReLU", ", LeakyReLU", ", LeakyReLU(0.2f)", ", LeakyReLU(-0.4f)", ", LeakyReLU(0f)", ", Sigmoid", ", Tanh", ", Softmax",
        ", ELU", ", ELU(0.5f)", ", ELU(-0.5f)", ", SELU", ", ReLU6", ", GELU", ", SiLU", ", Mish", ", HardSigmoid", ", HardSwish",
        ", Softplus",
        ", Softsign", ", PReLU", ", LogSoftmax");

    private static readonly string[] Norms = [", LayerNorm", ", LayerNorm(Bias = false)", ", RMSNorm"];

    private static Gen<string> Layer(Gen<int> size) =>
        from units in size
        from bias in Gen.Elements("", "", ", Bias = false")
        from norm in Gen.Frequency((3, Gen.Constant("")), (1, Gen.Elements(Norms)))
        from penalty in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements(", L1 = 0.25f", ", L2 = 0.5f", ", L1 = 0.125f, L2 = 0.25f")))
        from activation in Activation
        select $"Dense({units}{bias}{penalty}){(units > 1 ? norm : "")}{activation}"; // to normalise one unit is a diagnostic

    private static Gen<NetworkCase> Networks =>
        from rows in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 5)))
        from size in Gen.Frequency((4, Gen.Constant(Size)), (1, Gen.Constant(Gen.Choose(1, 5)))) // tiny networks take another road
        from features in size
        from depth in Gen.Choose(1, 3)
        from layers in Layer(size).ListOf(depth)
        from end in Gen.Elements(
            "[MeanSquaredError]", "[HalfSquaredError]", "[Dense(9), Sigmoid] [BinaryCrossEntropy]", "[Sigmoid] [BinaryCrossEntropy]",
            rows > 0 ? "[Flatten, Dense(10), Softmax] [CrossEntropy]" : "[Softmax] [CrossEntropy]", "[Flatten] [MeanSquaredError]",
            rows > 0 ? "[Flatten, Dense(6), Softmax] [KLDivergence]" : "[Softmax] [KLDivergence]", "[MeanAbsoluteError]", "[Huber]",
            "[LogCosh]", "[Hinge]", "[SquaredHinge]")
        from batch in Gen.Frequency((2, Gen.Choose(1, 100)), (1, Gen.Elements(1, 7, 8, 15, 16, 17, 31, 32, 33, 64, 65)))
        from seed in Gen.Choose(0, 1 << 20)
        select new NetworkCase(rows, features, [.. layers], end, batch, seed);

    private static Arbitrary<NetworkCase> Arbitrary => Arb.From(Networks, Shrink);

    [Fact]
    public void Generated_networks_compute_what_the_double_reference_computes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(20240229, 1),
        Prop.ForAll(Arbitrary, one => Comparison.Check(one.Declaration, one.Batch, one.Seed)));

    /// <summary>Fewer samples, fewer layers, smaller sizes.</summary>
    private static IEnumerable<NetworkCase> Shrink(NetworkCase one)
    {
        if (one.Batch > 1)
        {
            yield return one with { Batch = one.Batch / 2 };
            yield return one with { Batch = one.Batch - 1 };
        }

        for (int i = 0; i < one.Layers.Count && one.Layers.Count > 1; i++)
            yield return one with { Layers = [.. one.Layers.Where((_, layer) => layer != i)] };
        if (one.Rows > 1)
            yield return one with { Rows = 1 };
        if (one.Features > 1)
            yield return one with { Features = one.Features / 2 };
    }

    /// <param name="Rows">Extent of the first of two axes, or 0 for a vector.</param>
    /// <param name="Features">Extent of the last axis.</param>
    /// <param name="Layers">Dense layers with their activations.</param>
    /// <param name="End">Last layers and loss.</param>
    /// <param name="Batch">Number of samples.</param>
    /// <param name="Seed">Of parameters and data.</param>
    private sealed record NetworkCase(int Rows, int Features, IReadOnlyList<string> Layers, string End, int Batch, int Seed)
    {
        public string Declaration => $"[Network({(Rows > 0 ? $"{Rows}, " : "")}{Features})] [{string.Join(", ", Layers)}] {End}";

        public override string ToString() => $"{Declaration}, batch {Batch}, seed {Seed}";
    }
}
