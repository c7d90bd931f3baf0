using System.Globalization;
using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Tests.Incremental;

/// <summary>The generator runs on every keystroke, so it meets text in every state of disorder.</summary>
public class HalfTypedTextTests
{
    private const int Variants = 300;

    private static readonly string[] Declarations =
    [
        """
        namespace Demo;

        [Network(4)]
        [Dense(8), ReLU]
        [Dense(3, Name = "head"), Softmax]
        [CrossEntropy]
        public sealed partial class Mlp;
        """,
        """
        [Network(1, 4, 4, Init = Init.He, Bias = false)]
        [Flatten]
        [Dense(units: 3, Trainable = false), LeakyReLU(0.2f)]
        [Dense(1)] [Sigmoid]
        [BinaryCrossEntropy]
        partial class Net { int x = 1; public int X => x; }
        """,
        """
        namespace A.B
        {
            [Network(3, 2)] [Dense(2), Tanh] [HalfSquaredError] public partial class One { public One(int a) : this((ulong)a) { } }
            [Network(2)] [Dense(2)] partial class Two;
        }
        """,
    ];

    private static readonly string[] Fragments =
    [
        "[", "]", "(", ")", ",", "{", "}", ";", "\"", "-", "0", "99999999999", "int.MaxValue", "1.5", "null", "<T>",
        "partial ", "class ", "record ", "static ", "file ", "abstract ",
        "[Network(3)]", "[Network]", "[Dense(2)]", "[Dense]", "[Dense(0)]", "[ReLU]", "[Softmax", "[CrossEntropy]", "[Obsolete]",
        "[Unknown]", "Name = \"dense1\"", "Name = null", "Init = (Init)9", "typeof(int)", "new int[] { 1, 2 }", "new int[] { ", "default",
        "nameof(Mlp)",
        "public int Info;", "#if X\n", "/*", "//", "\n", "@", "ß", "namespace N;",
    ];

    /// <summary>Whole lists, which keep the text C# and change only what it declares.</summary>
    private static readonly string[] Lists =
    [
        "[Dense(2)]", "[ReLU]", "[Sigmoid, Tanh]", "[Flatten]", "[Softmax]", "[Dense(5, Bias = false)]", "[LeakyReLU(1)]",
        "[MeanSquaredError]",
    ];

    [Fact]
    public void No_text_makes_the_generator_fail()
    {
        Random random = new(20_240_607);
        int sound = 0, reported = 0, rejected = 0;
        GeneratorHarness harness = GeneratorHarness.Run(Declarations[0]);
        for (int variant = 0; variant < Variants; variant++)
        {
            string text = Mutate(Declarations[random.Next(Declarations.Length)], random);
            harness = harness.ThenEdit(text);

            Assert.True(harness.Exception is null, $"{harness.Exception}\n{text}");
            Assert.DoesNotContain(harness.Diagnostics, diagnostic => diagnostic.Id == "NG0900");
            if (harness.Diagnostics.Count > 0)
            {
                reported++;
            }
            else if (harness.Input.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            {
                rejected++;
            }
            else
            {
                // Whatever neither we nor the compiler rejected must compile with what was generated.
                sound++;
                Assert.Equal([], harness.Output.GetDiagnostics()
                    .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                    .Select(diagnostic => $"{GeneratorHarness.Describe(diagnostic)}\n{text}"));
            }
        }

        // The mutations reach all three outcomes, so none of the checks above is idle.
        Assert.True(sound > Variants / 20, $"{sound} sound");
        Assert.True(reported > Variants / 20, $"{reported} reported");
        Assert.True(rejected > Variants / 20, $"{rejected} rejected");
    }

    private static string Mutate(string text, Random random)
    {
        int edits = random.Next(1, 4);
        for (int edit = 0; edit < edits; edit++)
        {
            int at = random.Next(text.Length + 1), length = Math.Min(random.Next(1, 12), text.Length - at);
            text = random.Next(14) switch
            {
                0 => text[..at],
                1 or 2 => text.Remove(at, length),
                3 => text.Insert(at, text.Substring(at, length)),
                4 or 5 => text.Insert(at, Fragments[random.Next(Fragments.Length)]),
                6 or 7 => InsertBefore('[', text, Fragments[random.Next(Fragments.Length)], random),
                8 or 9 => InsertBefore('[', text, Lists[random.Next(Lists.Length)], random),
                10 or 11 => ReplaceDigit(text, random),
                12 => InsertBefore(',', text, "/* note */", random),
                _ => text.Remove(at, length).Insert(at, Fragments[random.Next(Fragments.Length)]),
            };
        }

        return text;
    }

    private static string InsertBefore(char mark, string text, string fragment, Random random)
    {
        int[] places = [.. Enumerable.Range(0, text.Length).Where(i => text[i] == mark)];
        return places.Length == 0 ? fragment + text : text.Insert(places[random.Next(places.Length)], fragment);
    }

    private static string ReplaceDigit(string text, Random random)
    {
        int[] places = [.. Enumerable.Range(0, text.Length).Where(i => char.IsAsciiDigit(text[i]))];
        if (places.Length == 0)
            return text;
        int place = places[random.Next(places.Length)];
        return text.Remove(place, 1).Insert(place, random.Next(10).ToString(CultureInfo.InvariantCulture));
    }
}
