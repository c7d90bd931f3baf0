using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen;

/// <summary>What generated networks run on in this process.</summary>
public static class NetGenRuntime
{
    /// <summary>Bits of the vectors that the kernels use here: 512, 256, 128, or 0 for plain loops.</summary>
    /// <remarks>
    /// Decided by the processor and, in a NativeAOT program, by the instruction set it was published for: a publish for x64 without one
    /// gets x86-64-v3 from the package.
    /// </remarks>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 0;

    /// <summary>One line for a program's start or log: <c>NetGen: 512-bit vectors, X64, JIT, .NET 10.0.1, 8 processors</c>.</summary>
    public static string Describe()
    {
        string vectors = VectorBits == 0 ? "no vectors" : string.Create(CultureInfo.InvariantCulture, $"{VectorBits}-bit vectors");
        string compiler = RuntimeFeature.IsDynamicCodeCompiled ? "JIT" : "NativeAOT";
        return string.Create(CultureInfo.InvariantCulture,
            $"NetGen: {vectors}, {RuntimeInformation.ProcessArchitecture}, {compiler}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
    }
}
