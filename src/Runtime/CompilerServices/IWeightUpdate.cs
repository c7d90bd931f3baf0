using System.ComponentModel;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>What a kernel does with gradients that are still in registers. A struct, so that it is compiled into the kernel.</summary>
/// <remarks>Each width is spelled out: a formula against <see cref="IVector{TSelf}"/>, as optimizers have it, makes the kernels' code a
/// tenth larger, for the JIT copies the wrapped vectors (.NET 10, 2026-11).</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IWeightUpdate
{
    /// <summary>Says that gradients of the next sixteen floats follow, for whoever has to fetch something for them.</summary>
    /// <param name="state">The optimizer's state.</param>
    /// <param name="offset">Position behind it, in floats.</param>
    void Announce(ref float state, int offset);

    /// <summary>Takes sixteen gradients.</summary>
    /// <param name="target">Where the gradients go, or the parameters that they change.</param>
    /// <param name="state">The optimizer's state beside the target.</param>
    /// <param name="offset">Position behind both references, in floats.</param>
    /// <param name="gradient">The gradients.</param>
    void Apply(ref float target, ref float state, int offset, Vector512<float> gradient);

    /// <summary>Takes eight gradients.</summary>
    void Apply(ref float target, ref float state, int offset, Vector256<float> gradient);

    /// <summary>Takes four gradients.</summary>
    void Apply(ref float target, ref float state, int offset, Vector128<float> gradient);

    /// <summary>Takes one gradient.</summary>
    void Apply(ref float target, ref float state, int offset, float gradient);
}
