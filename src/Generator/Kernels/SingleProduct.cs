using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = f(W·x + b) for one sample: bound by reading the weights once.</summary>
/// <remarks>
/// Vectors run over the outputs, x is broadcast. Where the outputs fill only a few vectors, several partial sums over the inputs hide the
/// latency of the multiply-add. Reads may run past a row's end into the next row, or into the padding behind the last parameter; the
/// surplus lanes are never used. y is padded to whole 512-bit vectors.
/// </remarks>
internal sealed class SingleProduct(
    int inputs, int units, int positions, bool hasBias, ElementwiseFunction? activation, bool isScaled = false) : Kernel
{
    /// <summary>Multiply-adds in flight that hide their latency of 4 cycles: one 512-bit or two 256-bit ones start in a cycle.</summary>
    private static int Chains(InstructionSet isa) => isa.Lanes == 16 ? 4 : 8;

    /// <summary>Vector multiply-adds up to which the loop over the inputs is unrolled;
    /// beyond, unrolling gains nothing (Zen 4, 2026-11).</summary>
    private const int UnrollLimit = 64;

    public override string Name =>
        $"Dense{inputs}x{units}{(hasBias ? "" : "NoBias")}{OutputScaling.Name(isScaled)}{activation?.Name}Single"
        + (positions > 1 ? $"At{positions}" : "");

    public override string Summary =>
        $"y[o] = {(activation is null ? Sum : $"{activation.Name}({Sum})")} for one sample. "
        + $"Shapes: x [{inputs}], w [{inputs}, {units}], y [{units}].";

    /// <summary>The sums, as a comment has them.</summary>
    private string Sum => OutputScaling.Formula(isScaled, $"Σᵢ w[i, o] · x[i]{(hasBias ? " + b[o]" : "")}");

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Shared("x"), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(),
        .. OutputScaling.Parameters(isScaled), KernelParameter.Shared("y"),
    ];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        activation?.Math is not MathFunction function
            ? []
            : isa.IsScalar
                ? [(function, isa)]
                : units == 1
                    ? [(function, isa.Narrow(4))]
                    : LaneGroup.Split(isa, units).SelectMany(group => group.Vectors).Select(vector => (function, vector.Isa));

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (units == 1 && positions == 1)
        {
            EmitDot(w, isa);
            return;
        }

        using (w.OpenIf(positions > 1, $"for (int t = 0; t < {positions}; t++)"))
        {
            List<LaneGroup> groups = LaneGroup.Split(isa, units, most: isa.Registers == 32 ? 16 : 8);
            LaneGroup.ForEach(w, groups, (group, o) => EmitGroup(w, group, o));
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        string x = positions > 1 ? $"t * {inputs} + i" : "i", y = positions > 1 ? $"t * {units} + o" : "o";
        using (w.OpenIf(positions > 1, $"for (int t = 0; t < {positions}; t++)"))
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
        {
            w.Line($"float sum = {(hasBias ? "Unsafe.Add(ref bias, o)" : "0f")};");
            w.Line($"for (int i = 0; i < {inputs}; i++)");
            w.Line($"    sum += Unsafe.Add(ref weight, i * {units} + o) * Unsafe.Add(ref x, {x});");
            if (isScaled)
                w.Line("sum = sum * Unsafe.Add(ref scale, o) + Unsafe.Add(ref shift, o);");
            w.Line($"Unsafe.Add(ref y, {y}) = {activation?.Value(InstructionSet.Scalar, "sum") ?? "sum"};");
        }
    }

    private void EmitGroup(SourceWriter w, LaneGroup group, string o)
    {
        int chains = Math.Min(inputs, Math.Max(1, Chains(group.Vectors[0].Isa) / group.Vectors.Count));
        bool unrolled = inputs * group.Vectors.Count <= UnrollLimit;
        int whole = unrolled ? 0 : inputs / chains * chains;
        w.Line($"ref float xk = ref {Address.At("x", positions > 1 ? $"t * {inputs}" : "0")};");
        w.Line($"ref float wk = ref {Address.At("weight", o)};");
        for (int h = 0; h < chains; h++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string start = hasBias && h == 0
                    ? vector.Isa.At("bias", group.Position(o, vector))
                    : vector.Isa.Zero;
                // In straight-line code a chain without a bias starts with its first product.
                w.Line(unrolled && start == vector.Isa.Zero ? $"{vector.Isa.Type} c{h}_{v};" : $"{vector.Isa.Type} c{h}_{v} = {start};");
            }
        }

        if (whole > 0)
        {
            w.Line($"ref float end = ref Unsafe.Add(ref xk, {whole});");
            using (w.Do("Unsafe.IsAddressLessThan(ref xk, ref end)"))
            {
                EmitStep(w, group, chains, chains, "a", starting: false);
                w.Line($"xk = ref Unsafe.Add(ref xk, {chains});");
                w.Line($"wk = ref Unsafe.Add(ref wk, {chains * units});");
            }
        }

        EmitStep(w, group, inputs - whole, chains, "rest", starting: unrolled);
        EmitResult(w, group, o, chains);
    }

    /// <summary>Adds up the chains and stores what the activation makes of them.</summary>
    private void EmitResult(SourceWriter w, LaneGroup group, string o, int chains)
    {
        w.Line($"ref float c = ref {Address.At("y", positions > 1 ? $"t * {units} + {o}" : o)};");
        for (int v = 0; v < group.Vectors.Count; v++)
        {
            LaneVector vector = group.Vectors[v];
            for (int step = 1; step < chains; step *= 2)
            {
                for (int h = 0; h + step < chains; h += 2 * step)
                    w.Line($"c{h}_{v} += c{h + step}_{v};");
            }

            if (isScaled)
            {
                string at = group.Position(o, vector);
                w.Line($"c0_{v} = {vector.Isa.MultiplyAdd($"c0_{v}", vector.Isa.At("scale", at), vector.Isa.At("shift", at))};");
            }

            if (activation is not null)
                w.Line($"c0_{v} = {activation.Value(vector.Isa, $"c0_{v}")};");
            vector.EmitStore(w, $"c0_{v}", "c", vector.Offset);
        }
    }

    /// <summary>One output: its weights lie back to back, so vectors run over the inputs; only whole vectors are read.</summary>
    private void EmitDot(SourceWriter w, InstructionSet isa)
    {
        List<string> sums = [];
        int done = 0;
        foreach (int lanes in new[] { 16, 8, 4 }.Where(lanes => lanes <= isa.Lanes))
        {
            InstructionSet own = isa.Narrow(lanes);
            int vectors = (inputs - done) / lanes, chains = Math.Min(4, vectors);
            if (vectors == 0)
                continue;
            for (int h = 0; h < chains; h++)
            {
                int offset = done + (h * lanes);
                w.Line($"{own.Type} c{lanes}_{h} = {own.At("x", offset)} * {own.At("weight", offset)};");
            }

            int first = done + (chains * lanes), end = done + (vectors * lanes);
            if (vectors >= 2 * chains)
            {
                int loopEnd = done + (vectors / chains * chains * lanes);
                using (w.Open($"for (int i = {first}; i < {loopEnd}; i += {chains * lanes})"))
                {
                    for (int h = 0; h < chains; h++)
                    {
                        string at = h == 0 ? "i" : $"i + {h * lanes}";
                        w.Line($"c{lanes}_{h} = {own.MultiplyAdd(own.At("x", at), own.At("weight", at), $"c{lanes}_{h}")};");
                    }
                }

                first = loopEnd;
            }

            for (int h = 0, offset = first; offset < end; h++, offset += lanes)
                w.Line($"c{lanes}_{h} = {own.MultiplyAdd(own.At("x", offset), own.At("weight", offset), $"c{lanes}_{h}")};");
            sums.Add(EmitFold(w, lanes, string.Join(" + ", Enumerable.Range(0, chains).Select(h => $"c{lanes}_{h}"))));
            done = end;
        }

        for (; done < inputs; done++)
            sums.Add($"{Address.At("x", done)} * {Address.At("weight", done)}");
        if (hasBias)
            sums.Add("bias");
        EmitDotResult(w, isa, sums);
    }

    private void EmitDotResult(SourceWriter w, InstructionSet isa, List<string> sums)
    {
        w.Line($"float sum = {string.Join(" + ", sums)};");
        if (isScaled)
            w.Line("sum = sum * scale + shift;");
        if (activation is null)
        {
            w.Line("y = sum;");
            return;
        }

        InstructionSet narrow = isa.Narrow(4);
        w.Line($"{narrow.Type} z = Vector128.CreateScalarUnsafe(sum);");
        w.Line($"z = {activation.Value(narrow, "z")};");
        w.Line("y = z.GetElement(0);");
    }

    /// <summary>Halves a vector until its sum is that of four lanes: fewer instructions than the sum of the wide one.</summary>
    private static string EmitFold(SourceWriter w, int lanes, string vector)
    {
        for (int width = lanes; width > 4; width /= 2)
        {
            w.Line($"Vector{width * 32}<float> sum{lanes}_{width} = {vector};");
            vector = $"sum{lanes}_{width}.GetLower() + sum{lanes}_{width}.GetUpper()";
        }

        return $"Vector128.Sum({vector})";
    }

    private void EmitStep(SourceWriter w, LaneGroup group, int steps, int chains, string name, bool starting)
    {
        for (int k = 0; k < steps; k++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string broadcast = $"{name}{k}";
                if (v == 0)
                    w.Line($"{vector.Isa.Type} {broadcast} = {vector.Isa.Create(Address.At("xk", k))};");
                for (int lanes = group.Vectors[0].Isa.Lanes; lanes > vector.Isa.Lanes; lanes /= 2)
                    broadcast += ".GetLower()";
                string weight = vector.Isa.At("wk", (k * units) + vector.Offset), sum = $"c{k % chains}_{v}";
                bool starts = starting && k < chains && !(hasBias && k == 0);
                w.Line($"{sum} = {(starts ? $"{broadcast} * {weight}" : vector.Isa.MultiplyAdd(broadcast, weight, sum))};");
            }
        }
    }
}
