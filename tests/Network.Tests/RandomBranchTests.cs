using FsCheck;
using FsCheck.Fluent;

namespace NetGen.Network.Tests;

/// <summary>Any graph of dense layers, activations, sums, products and concatenations: the generated network computes what the reference
/// implementation computes.</summary>
public class RandomBranchTests
{
    private const int Cases = 24;

    private static Gen<string> Networks =>
        from inputs in Gen.Choose(1, 3)
        from depth in Gen.Choose(2, 8)
        from seed in Gen.Choose(0, 1 << 20)
        select Declare(inputs, depth, new Random(seed));

    [Fact]
    public void Random_graphs_compute_what_the_double_reference_computes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(20261121, 1),
        Prop.ForAll(Arb.From(Networks), Arb.From(Gen.Elements(1, 3, 31, 32, 33, 70)), (declaration, batch) =>
        {
            Comparison.Check(declaration, batch, seed: batch);
            return true;
        }));

    /// <summary>Every value is marked, so that any later layer may bring it back;
    /// what nobody brings back is concatenated at the end.</summary>
    private static string Declare(int inputs, int depth, Random random)
    {
        List<(string Name, int Width)> values = [];
        string text = "[Network] [";
        for (int i = 0; i < inputs; i++)
        {
            values.Add(($"i{i}", random.Next(1, 20)));
            text += $"Input(\"{values[i].Name}\", {values[i].Width}), ";
        }

        HashSet<string> unused = [.. values.Skip(1).Select(value => value.Name)];
        int width = values[0].Width;
        for (int layer = 0; layer < depth; layer++)
        {
            (string Name, int Width)[] alike = [.. values.Where(value => value.Width == width)];
            (string Name, int Width) any = values[random.Next(values.Count)];
            switch (random.Next(alike.Length > 0 ? 6 : 3))
            {
                case 0:
                    width = random.Next(1, 40);
                    text += $"Dense({width}), ";
                    break;
                case 1 when width + any.Width < 90:
                    unused.Remove(any.Name);
                    width += any.Width;
                    text += $"Concat(\"{any.Name}\"), ";
                    break;
                case 3 or 4:
                    unused.Remove(alike[^1].Name);
                    text += $"{(random.Next(2) == 0 ? "Add" : "Multiply")}(\"{alike[^1].Name}\"), ";
                    break;
                default:
                    text += $"{(random.Next(2) == 0 ? "Tanh" : "ReLU")}, ";
                    break;
            }

            text += $"Mark(\"v{layer}\"), ";
            values.Add(($"v{layer}", width));
            unused.Add($"v{layer}");
        }

        text += "Sigmoid, Dense(7), ";
        foreach (string name in unused)
            text += $"Concat(\"{name}\"), ";
        return text + "Dense(3)] [MeanSquaredError]";
    }
}
