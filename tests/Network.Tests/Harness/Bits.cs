using System.Runtime.InteropServices;

namespace NetGen.Network.Tests;

/// <summary>Floats by their bits: -0 is not 0, and NaN is itself.</summary>
internal static class Bits
{
    public static int[] Of(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();
}
