namespace NetGen.Generator.Kernels;

/// <summary>A product whose sums are scaled and shifted before its activation, output by output: y[o] = f(scale[o] · sum[o] + shift[o]). In
/// inference that is a batch normalisation behind it.</summary>
internal static class OutputScaling
{
    /// <summary>What a scaling kernel takes besides, before its result.</summary>
    public static IReadOnlyList<KernelParameter> Parameters(bool isScaled) =>
        isScaled ? [KernelParameter.Shared("scale"), KernelParameter.Shared("shift")] : [];

    /// <summary>A part of a kernel's name.</summary>
    public static string Name(bool isScaled) => isScaled ? "Scaled" : "";

    /// <summary>The product as a formula.</summary>
    public static string Formula(bool isScaled, string product) => isScaled ? $"scale · ({product}) + shift" : product;

    /// <summary>A sum of one output in every lane.</summary>
    /// <param name="isScaled">Whether there is anything to do.</param>
    /// <param name="isa">The vector's width.</param>
    /// <param name="sum">The sum.</param>
    /// <param name="scale">The output's scale.</param>
    /// <param name="shift">Its shift.</param>
    public static string Broadcast(bool isScaled, InstructionSet isa, string sum, string scale, string shift) =>
        isScaled ? isa.MultiplyAdd(sum, isa.Create(scale), isa.Create(shift)) : sum;
}
