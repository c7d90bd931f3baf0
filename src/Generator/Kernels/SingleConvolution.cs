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

/// <summary>What happens to the sums of a single sample's convolution while they are in registers:
/// y = pool(f(scale · sum + shift + skip)).</summary>
/// <param name="Scales">Whether a normalisation behind it is folded: a scale and a shift for every channel.</param>
/// <param name="Adds">Whether a value of the result's shape, in the result's order, is added; not before a pool.</param>
/// <param name="Activation">f, a cheap one that calls no function, or null for the identity.</param>
/// <param name="Pool">The pool behind all of it.</param>
internal sealed record ConvolutionEpilogue(bool Scales, bool Adds, ElementwiseFunction? Activation, FusedPool Pool)
{
    /// <summary>As part of a kernel's name.</summary>
    public string Name =>
        $"{OutputScaling.Name(Scales)}{(Adds ? "Add" : "")}{Activation?.Name}{(Pool == FusedPool.None ? "" : $"_{Pool}Pool")}";

    /// <summary>The formula around a product.</summary>
    public string Formula(string product)
    {
        string value = OutputScaling.Formula(Scales, product);
        value = Adds ? value + " + skip" : value;
        value = Activation is null ? value : $"{Activation.Name}({value})";
        return Pool == FusedPool.None ? value : $"2 x 2 {Pool.ToString().ToLowerInvariant()} pool of {value}";
    }

    /// <summary>Prints what turns accumulators into a result, and returns it: one result, or four neighbours that are pooled.</summary>
    /// <param name="scale">Scale and shift of the channel or channels, where there are.</param>
    /// <param name="skip">What is added, where it is.</param>
    public string Emit(SourceWriter w, InstructionSet isa, IReadOnlyList<string> terms, string[] scale, string skip)
    {
        // A rectifier keeps the order, so one of the maximum is as good as one of each term.
        bool isLast = Pool == FusedPool.None || (Pool == FusedPool.Max && Activation == ElementwiseFunction.ReLU);
        foreach (string term in terms)
        {
            if (Scales)
                w.Line($"{term} = {isa.MultiplyAdd(term, scale[0], scale[1])};");
            if (Adds)
                w.Line($"{term} += {skip};");
            if (Activation is not null && !isLast)
                w.Line($"{term} = {Activation.Value(isa, term)};");
        }

        for (int i = 1; i < terms.Count; i++)
            w.Line($"{terms[0]} = {SingleConvolution.Combine(isa, Pool, terms[0], terms[i])};");
        if (Pool == FusedPool.Average && terms.Count == 4)
            w.Line($"{terms[0]} *= {isa.Constant(0.25f)};");
        if (Activation is not null && isLast)
            w.Line($"{terms[0]} = {Activation.Value(isa, terms[0])};");
        return terms[0];
    }
}

/// <summary>What the kernels of a single sample's convolution share.</summary>
internal static class SingleConvolution
{
    public static string Name(ConvolutionGeometry geometry, bool hasBias, ConvolutionEpilogue epilogue) =>
        $"{geometry.Key}{(hasBias ? "" : "NoBias")}{epilogue.Name}Single";

    public static string Summary(ConvolutionGeometry geometry, bool hasBias, ConvolutionEpilogue epilogue, string layout)
    {
        string shapes = geometry.IsTransposed ? geometry.Shapes("y", "x") : geometry.Shapes("x", "y");
        return $"y = {epilogue.Formula($"w ⋆ x{(hasBias ? " + b" : "")}")} for one sample; {layout}. "
            + $"Shapes: {shapes}{(epilogue.Pool == FusedPool.None ? "" : " before the pool")}.";
    }

    public static IReadOnlyList<KernelParameter> Parameters(bool hasBias, ConvolutionEpilogue epilogue)
    {
        List<KernelParameter> parameters = [KernelParameter.Shared("x"), KernelParameter.Shared("weight")];
        if (hasBias)
            parameters.Add(KernelParameter.Shared("bias"));
        parameters.AddRange(OutputScaling.Parameters(epilogue.Scales));
        if (epilogue.Adds)
            parameters.Add(KernelParameter.Shared("skip"));
        return [.. parameters, KernelParameter.Shared("y")];
    }

    public static string Combine(InstructionSet isa, FusedPool pool, string a, string b) =>
        pool == FusedPool.Max ? isa.Max(a, b) : $"({a} + {b})";

    /// <summary>The textbook loops, position by position of the result.</summary>
    /// <param name="readsPixels">Whether x lies [position][channel].</param>
    /// <param name="writesPixels">Whether y does.</param>
    public static void EmitScalar(
        SourceWriter w, ConvolutionGeometry geometry, bool hasBias, ConvolutionEpilogue epilogue, bool readsPixels, bool writesPixels)
    {
        InstructionSet isa = InstructionSet.Scalar;
        ConvolutionSide target = geometry.Result;
        bool pools = epilogue.Pool != FusedPool.None;
        int step = pools ? 2 : 1, height = target.Height / step, width = target.Width / step;
        string[] scale = ["Unsafe.Add(ref scale, channel)", "Unsafe.Add(ref shift, channel)"];
        using (w.Open($"for (int g = 0; g < {geometry.Groups}; g++)"))
        using (w.Open($"for (int m = 0; m < {target.Channels}; m++)"))
        using (w.Open($"for (int i = 0; i < {height}; i++)"))
        using (w.Open($"for (int j = 0; j < {width}; j++)"))
        {
            w.Line($"int channel = g * {target.Channels} + m;");
            w.Line(writesPixels
                ? $"int at = (i * {width} + j) * {target.Channels * geometry.Groups} + channel;"
                : $"int at = (channel * {height} + i) * {width} + j;");
            if (!pools)
            {
                EmitScalarSum(w, geometry, hasBias, readsPixels, "i", "j");
                w.Line($"Unsafe.Add(ref y, at) = {epilogue.Emit(w, isa, ["sum"], scale, "Unsafe.Add(ref skip, at)")};");
                return;
            }

            ConvolutionEpilogue each = epilogue with { Pool = FusedPool.None };
            w.Line($"float result = {(epilogue.Pool == FusedPool.Max ? "float.NegativeInfinity" : "0f")};");
            using (w.Open("for (int part = 0; part < 4; part++)"))
            {
                w.Line("int pi = 2 * i + (part >> 1), pj = 2 * j + (part & 1);");
                EmitScalarSum(w, geometry, hasBias, readsPixels, "pi", "pj");
                w.Line($"result = {Combine(isa, epilogue.Pool, "result", each.Emit(w, isa, ["sum"], scale, ""))};");
            }

            w.Line($"Unsafe.Add(ref y, at) = result{(epilogue.Pool == FusedPool.Average ? " * 0.25f" : "")};");
        }
    }

    private static void EmitScalarSum(
        SourceWriter w, ConvolutionGeometry geometry, bool hasBias, bool readsPixels, string row, string column)
    {
        ConvolutionSide source = geometry.Operand;
        w.Line($"float sum = {(hasBias ? "Unsafe.Add(ref bias, channel)" : "0f")};");
        using (w.Open($"for (int c = 0; c < {source.Channels}; c++)"))
        using (w.Open($"for (int ky = 0; ky < {geometry.Y.Kernel}; ky++)"))
        using (w.Open($"for (int kx = 0; kx < {geometry.X.Kernel}; kx++)"))
        {
            EmitPosition(w, "yi", row, "ky", geometry.Y, source.Height, geometry.IsTransposed);
            EmitPosition(w, "xi", column, "kx", geometry.X, source.Width, geometry.IsTransposed);
            string tap = $"ky * {geometry.RowStride} + kx * {geometry.ColumnStride}";
            w.Line($"int k = g * {geometry.GroupStride} + m * {geometry.Result.WeightStride} + c * {source.WeightStride} + {tap};");
            string x = readsPixels
                ? $"(yi * {source.Width} + xi) * {source.Channels * geometry.Groups} + g * {source.Channels} + c"
                : $"((g * {source.Channels} + c) * {source.Height} + yi) * {source.Width} + xi";
            w.Line($"sum += Unsafe.Add(ref weight, k) * Unsafe.Add(ref x, {x});");
        }
    }

    /// <summary>The operand's position of a tap; taps outside are passed over.</summary>
    private static void EmitPosition(
        SourceWriter w, string name, string position, string tap, ConvolutionAxis axis, int extent, bool backward)
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
