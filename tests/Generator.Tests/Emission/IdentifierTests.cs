using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Emission;

namespace NetGen.Generator.Tests.Emission;

/// <summary>Whatever a layer is called, its variables have C# names.</summary>
public class IdentifierTests
{
    [Theory]
    [InlineData("dense1.weight", "dense1_weight")]
    [InlineData("Encoder.0.fc_1", "Encoder_0_fc_1")]
    [InlineData("0.weight", "_0_weight")]
    [InlineData("class", "class_")]
    [InlineData("größe", "gr__e")]
    [InlineData("∂x", "_x")]
    [InlineData("_", "_")]
    [InlineData("", "_")]
    public void Names_become_identifiers(string name, string expected)
    {
        Assert.Equal(expected, Identifier.Of(name));
        Assert.True(SyntaxFacts.IsValidIdentifier(Identifier.Of(name)));
        Assert.Equal(SyntaxKind.None, SyntaxFacts.GetKeywordKind(Identifier.Of(name)));
    }

    [Theory]
    [InlineData(0.01f, "0_01")]
    [InlineData(-0.5f, "m0_5")]
    [InlineData(1e-10f, "1Em10")]
    [InlineData(1e10f, "1E10")]
    [InlineData(2f, "2")]
    public void Floats_become_parts_of_identifiers(float value, string expected)
    {
        Assert.Equal(expected, Identifier.Of(value));
        Assert.Equal(expected, Cultures.Under(Cultures.Swedish, () => Identifier.Of(value)));
        Assert.Equal(expected, Cultures.Under(Cultures.Other, () => Identifier.Of(value)));
    }

    [Theory]
    [InlineData("0", "x")]
    [InlineData("i + 3", "Unsafe.Add(ref x, i + 3)")]
    public void Addresses_leave_out_an_offset_of_nothing(string offset, string expected) => Assert.Equal(expected, Address.At("x", offset));

    /// <summary>Names that differ may give equal identifiers; the generated variables must differ all the same.</summary>
    [Theory]
    [InlineData("""[Network(2)] [Dense(2, Name = "a"), Tanh] [Dense(1, Name = "a_weight")] [MeanSquaredError]""")]
    [InlineData("""[Network(2)] [Dense(2, Name = "a.b"), Tanh] [Dense(2, Name = "a_b")] [MeanSquaredError]""")]
    [InlineData("""[Network(2)] [Dense(2, Name = "difference"), Tanh] [Dense(2, Name = "x")] [HalfSquaredError]""")]
    [InlineData("""[Network(64)] [Dense(64, Name = "a.b"), Tanh] [Dense(64, Name = "a_b")] [MeanSquaredError]""")]
    [InlineData("""[Network(64)] [Dense(64, Name = "stride"), Tanh] [Dense(64, Name = "p"), Tanh] [Dense(9, Name = "update")] [MeanSquaredError]""")]
    [InlineData("""[Network(3)] [Dense(5, Name = "V"), Tanh] [Dense(4, Name = "Max"), Sigmoid] [Dense(2, Name = "Unsafe")]""")]
    [InlineData("""[Network(2)] [Dense(2, Name = "total"), Tanh] [Dense(2, Name = "samples"), Tanh] [Dense(1, Name = "d_total")] [MeanSquaredError]""")]
    public void Layers_may_have_any_name(string declaration) =>
        GeneratorHarness.Run($"namespace Demo; {declaration} public sealed partial class Net;").ExpectSound();
}
