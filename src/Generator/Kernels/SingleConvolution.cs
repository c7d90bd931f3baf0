using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>A pool of 2 × 2, side by side, behind a convolution.</summary>
internal enum FusedPool
{
    None,
    Max,
    Average,
}

/// <summary>What the kernels of a single sample's convolution share.</summary>
internal static class SingleConvolution
{
    public static string Name(ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation, FusedPool pool, bool isScaled) =>
        $"{geometry.Key}{(hasBias ? "" : "NoBias")}{OutputScaling.Name(isScaled)}{activation?.Name}{(pool == FusedPool.None ? "" : $"_{pool}Pool")}Single";

    public static string Summary(
        ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation, FusedPool pool, string layout, bool isScaled)
    {
        string product = $"{activation?.Name}({OutputScaling.Formula(isScaled, $"w ⋆ x{(hasBias ? " + b" : "")}")})";
        string shapes = geometry.IsTransposed ? geometry.Shapes("y", "x") : geometry.Shapes("x", "y");
        return $"y = {(pool == FusedPool.None ? product : $"2 x 2 {pool.ToString().ToLowerInvariant()} pool of {product}")} for one sample; "
            + $"y lies {layout}. Shapes: {shapes}{(pool == FusedPool.None ? "" : " before the pool")}.";
    }

    public static IReadOnlyList<KernelParameter> Parameters(bool hasBias, bool isScaled) =>
    [
        KernelParameter.Shared("x"), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(), .. OutputScaling.Parameters(isScaled),
        KernelParameter.Shared("y"),
    ];

    /// <summary>Prints what turns accumulators into a result, and returns it: the activation, and of four neighbours the pool.</summary>
    public static string EmitFinish(
        SourceWriter w, InstructionSet isa, ElementwiseFunction? activation, FusedPool pool, IReadOnlyList<string> terms)
    {
        // A rectifier keeps the order, so one of the maximum is as good as four of the terms.
        bool isLast = pool == FusedPool.None || (pool == FusedPool.Max && activation == ElementwiseFunction.ReLU);
        if (activation is not null && !isLast)
        {
            foreach (string term in terms)
                w.Line($"{term} = {activation.Value(isa, term)};");
        }

        for (int i = 1; i < terms.Count; i++)
            w.Line($"{terms[0]} = {Combine(isa, pool, terms[0], terms[i])};");
        if (pool == FusedPool.Average && terms.Count == 4)
            w.Line($"{terms[0]} *= {isa.Constant(0.25f)};");
        if (activation is not null && isLast)
            w.Line($"{terms[0]} = {activation.Value(isa, terms[0])};");
        return terms[0];
    }

    public static string Combine(InstructionSet isa, FusedPool pool, string a, string b) =>
        pool == FusedPool.Max ? isa.Max(a, b) : $"({a} + {b})";

    /// <summary>The textbook loops, position by position of the result.</summary>
    /// <param name="channelsLast">Whether the result lies [position][channel].</param>
    public static void EmitScalar(
        SourceWriter w, ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation, FusedPool pool, bool channelsLast,
        bool isScaled)
    {
        InstructionSet isa = InstructionSet.Scalar;
        bool backward = geometry.IsTransposed;
        int channels = backward ? geometry.InputsPerGroup : geometry.OutputsPerGroup, all = channels * geometry.Groups;
        int height = backward ? geometry.Y.Input : geometry.Y.Output, width = backward ? geometry.X.Input : geometry.X.Output;
        int step = pool == FusedPool.None ? 1 : 2, outHeight = height / step, outWidth = width / step;
        using (w.Open($"for (int g = 0; g < {geometry.Groups}; g++)"))
        using (w.Open($"for (int m = 0; m < {channels}; m++)"))
        using (w.Open($"for (int i = 0; i < {outHeight}; i++)"))
        using (w.Open($"for (int j = 0; j < {outWidth}; j++)"))
        {
            if (pool == FusedPool.None)
            {
                EmitScalarSum(w, geometry, hasBias, isScaled, "i", "j");
                w.Line($"float result = {activation?.Value(isa, "sum") ?? "sum"};");
            }
            else
            {
                w.Line($"float result = {(pool == FusedPool.Max ? "float.NegativeInfinity" : "0f")};");
                using (w.Open("for (int part = 0; part < 4; part++)"))
                {
                    w.Line("int pi = 2 * i + (part >> 1), pj = 2 * j + (part & 1);");
                    EmitScalarSum(w, geometry, hasBias, isScaled, "pi", "pj");
                    w.Line($"result = {Combine(isa, pool, "result", activation?.Value(isa, "sum") ?? "sum")};");
                }

                if (pool == FusedPool.Average)
                    w.Line("result *= 0.25f;");
            }

            string channel = $"g * {channels} + m", position = $"i * {outWidth} + j";
            w.Line(channelsLast
                ? $"Unsafe.Add(ref y, ({position}) * {all} + {channel}) = result;"
                : $"Unsafe.Add(ref y, ({channel}) * {outHeight * outWidth} + {position}) = result;");
        }
    }

    private static void EmitScalarSum(SourceWriter w, ConvolutionGeometry geometry, bool hasBias, bool isScaled, string row, string column)
    {
        bool backward = geometry.IsTransposed;
        int channels = backward ? geometry.InputsPerGroup : geometry.OutputsPerGroup;
        int inner = backward ? geometry.OutputsPerGroup : geometry.InputsPerGroup;
        int height = backward ? geometry.Y.Output : geometry.Y.Input, width = backward ? geometry.X.Output : geometry.X.Input;
        w.Line($"float sum = {(hasBias ? $"Unsafe.Add(ref bias, g * {channels} + m)" : "0f")};");
        using (w.Open($"for (int c = 0; c < {inner}; c++)"))
        using (w.Open($"for (int ky = 0; ky < {geometry.Y.Kernel}; ky++)"))
        using (w.Open($"for (int kx = 0; kx < {geometry.X.Kernel}; kx++)"))
        {
            EmitPosition(w, "yi", row, "ky", geometry.Y, height, backward);
            EmitPosition(w, "xi", column, "kx", geometry.X, width, backward);
            int own = backward ? geometry.InputStride : geometry.OutputStride, other = backward ? geometry.OutputStride : geometry.InputStride;
            w.Line($"int k = g * {geometry.GroupStride} + m * {own} + c * {other} + ky * {geometry.RowStride} + kx * {geometry.ColumnStride};");
            w.Line($"sum += Unsafe.Add(ref weight, k) * Unsafe.Add(ref x, ((g * {inner} + c) * {height} + yi) * {width} + xi);");
        }

        if (isScaled)
            w.Line($"sum = sum * Unsafe.Add(ref scale, g * {channels} + m) + Unsafe.Add(ref shift, g * {channels} + m);");
    }

    /// <summary>The operand's position of a tap; taps outside are passed over.</summary>
    private static void EmitPosition(SourceWriter w, string name, string position, string tap, ConvolutionAxis axis, int extent, bool backward)
    {
        if (!backward)
        {
            w.Line($"int {name} = {position} * {axis.Stride} + {tap} * {axis.Dilation} - {axis.Padding};");
            w.Line($"if ((uint){name} >= {extent})");
        }
        else
        {
            w.Line($"int {name} = {position} + {axis.Padding} - {tap} * {axis.Dilation};");
            w.Line($"if ({name} < 0 || {name} % {axis.Stride} != 0 || ({name} /= {axis.Stride}) >= {extent})");
        }

        w.Line("    continue;");
    }
}
