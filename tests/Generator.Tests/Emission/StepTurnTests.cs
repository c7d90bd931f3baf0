namespace NetGen.Generator.Tests.Emission;

/// <summary>Which members keep other threads' steps out while they use the network's memory.</summary>
public class StepTurnTests
{
    private const string Turn = "using StepTurn turn = memory.BeginStep(owner);";

    [Theory, InlineData("public float Train("), InlineData("public float WeightedTrain("), InlineData("public float Gradients("),
        InlineData("public float WeightedGradients("), InlineData("public void Backward(")]
    public void Whatever_uses_working_memory_takes_a_turn(string member) =>
        Assert.Contains(Turn, Body(Engine("[Network(20)] [Dense(16), Tanh] [Dense(1)] [MeanSquaredError]"), member), StringComparison.Ordinal);

    [Fact]
    public void A_tiny_network_trains_without()
    {
        string engine = Engine("[Network(2)] [Dense(4), Tanh] [Dense(1)] [MeanSquaredError]");
        Assert.DoesNotContain("Turn", Body(engine, "public float Train("), StringComparison.Ordinal);
        Assert.DoesNotContain("memory.Work", Body(engine, "private float Step("), StringComparison.Ordinal);
        Assert.DoesNotContain("StartWork", Body(engine, "private float Step("), StringComparison.Ordinal);
        Assert.Contains(Turn, Body(engine, "public float Gradients("), StringComparison.Ordinal);
        Assert.Contains(Turn, Body(engine, "public void Backward("), StringComparison.Ordinal);
    }

    private static string Engine(string declaration) =>
        GeneratorHarness.Run($"{declaration} public sealed partial class Net;").ExpectSound().Sources["Net.Engine.g.cs"];

    /// <summary>A member's text, to the brace that ends it.</summary>
    private static string Body(string engine, string member)
    {
        int start = engine.IndexOf(member, StringComparison.Ordinal);
        Assert.True(start >= 0, member);
        return engine[start..engine.IndexOf("\n    }", start, StringComparison.Ordinal)];
    }
}
