using System.Runtime.Intrinsics;

namespace NetGen.Tests;

public class NetGenRuntimeTests
{
    [Fact]
    public void Description_names_the_vectors_and_the_compiler()
    {
        string description = NetGenRuntime.Describe();

        Assert.StartsWith(
            NetGenRuntime.VectorBits == 0 ? "NetGen: no vectors, " : $"NetGen: {NetGenRuntime.VectorBits}-bit vectors, ", description);
        Assert.Contains(", JIT, .NET ", description);
    }

    [Fact]
    public void Vector_width_is_one_that_the_hardware_accelerates()
    {
        bool[] accelerated = [Vector512.IsHardwareAccelerated, Vector256.IsHardwareAccelerated, Vector128.IsHardwareAccelerated, true];
        int rung = Array.IndexOf([512, 256, 128, 0], NetGenRuntime.VectorBits);

        Assert.InRange(rung, 0, 3);
        Assert.True(accelerated[rung]);
        Assert.All(accelerated.Take(rung), wider => Assert.True(!wider || !System.Runtime.Intrinsics.X86.Fma.IsSupported));
    }
}
