using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit.Abstractions;

namespace NetGen.Network.Tests;

/// <summary>Says on which vectors the suite runs. The numeric tests are the same on all of them.</summary>
/// <remarks>
/// NETGEN_EXPECT_VECTOR_BITS = 512, 256, 128 or 0 makes sure that a run was meant: 0 with DOTNET_EnableHWIntrinsic=0, and so on. Without
/// it the machine decides.
/// </remarks>
public class InstructionSetTests(ITestOutputHelper output)
{
    private const string Variable = "NETGEN_EXPECT_VECTOR_BITS";

    /// <summary>The rung that generated code takes, by its own conditions.</summary>
    private static int Bits => Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 0;

    [SkippableFact]
    public void The_expected_vectors_are_in_use()
    {
        output.WriteLine($"vectors of {Bits} bits");
        string? expected = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(expected), $"{Variable} is not set; vectors of {Bits} bits are in use.");
        Assert.Equal(int.Parse(expected, CultureInfo.InvariantCulture), Bits);
    }

    [Fact]
    public void Generated_code_chooses_by_the_same_conditions()
    {
        string text = NetworkCompiler.Compile("[Network(70)] [Dense(65), ReLU, Dense(3)] [MeanSquaredError]").Text;
        foreach (string condition in (string[])[
            "if (Vector512.IsHardwareAccelerated)", "else if (Vector256.IsHardwareAccelerated && Fma.IsSupported)",
            "else if (Vector128.IsHardwareAccelerated)"])
        {
            Assert.Contains(condition, text, StringComparison.Ordinal);
        }
    }
}
