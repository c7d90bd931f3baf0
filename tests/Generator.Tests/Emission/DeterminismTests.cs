using System.Diagnostics;
using System.Text.RegularExpressions;
using NetGen.Generator.Model;
using Xunit.Abstractions;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Emission;

/// <summary>Equal declarations give equal text: on every machine, in every culture, at every time.</summary>
public class DeterminismTests(ITestOutputHelper output)
{
    private static readonly NetworkDecl TenLayers = Network(
        [784],
        [
            Dense(512), Layer("ReLU"), Dense(256), Layer("LeakyReLU", ("slope", -0.015625f)), Dense(1234, ("Bias", false)), Layer("Tanh"),
            Dense(64), Layer("Sigmoid"), Dense(10), Layer("Softmax"), Layer("CrossEntropy"),
        ]);

    public static TheoryData<string> Networks => ["ten layers", "small", "tiny", "sequence"];

    [Theory, MemberData(nameof(Networks))]
    public void Text_is_the_same_twice_and_in_every_culture(string network)
    {
        string expected = Text(Find(network));

        Assert.Equal(expected, Text(Find(network)));
        Assert.Equal(expected, Cultures.Under(Cultures.Swedish, () => Text(Find(network))));
        Assert.Equal(expected, Cultures.Under(Cultures.Other, () => Text(Find(network))));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        string expected = Text(TenLayers);

        Assert.All(Enumerable.Range(0, 8).AsParallel().Select(_ => Text(TenLayers)), text => Assert.Equal(expected, text));
    }

    [Theory, MemberData(nameof(Networks))]
    public void Text_has_plain_line_ends_and_nothing_of_the_machine(string network)
    {
        string text = Text(Find(network));

        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain('\t', text);
        Assert.DoesNotContain(Environment.CurrentDirectory, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, Regex.Replace(text, "[A-Za-z]*[.]", ""), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\b20\d\d-\d\d-\d\d\b", text);
        Assert.DoesNotMatch(@" \n", text);
    }

    /// <summary>Prints how long it takes; what is asserted is that the time was spent on something.</summary>
    [Fact]
    public void Ten_layers_are_generated()
    {
        for (int i = 0; i < 20; i++)
            Text(TenLayers);
        Stopwatch watch = Stopwatch.StartNew();
        int length = Enumerable.Range(0, 10).Sum(_ => Text(TenLayers).Length) / 10;
        output.WriteLine(FormattableString.Invariant($"{watch.Elapsed.TotalMilliseconds / 10:F1} ms for {length} characters"));

        Assert.InRange(length, 100_000, 1_000_000);
    }

    private static NetworkDecl Find(string name) => name switch
    {
        "small" => Network([13], Dense(32), Layer("ReLU"), Dense(16), Layer("ReLU"), Dense(1), Layer("MeanSquaredError")),
        "tiny" => Network([2], Dense(4), Layer("Tanh"), Dense(3), Layer("Sigmoid"), Layer("MeanSquaredError")),
        "sequence" => Network(
            [7, 5], Dense(31), Layer("LeakyReLU", ("slope", 0.01f)), Dense(3), Layer("Softmax"), Layer("MeanSquaredError")),
        _ => TenLayers,
    };

    private static string Text(NetworkDecl declaration) =>
        string.Join("\n", Compiler.Compile(declaration).Select(file => $"// {file.HintName}\n{file.Text}"));
}
