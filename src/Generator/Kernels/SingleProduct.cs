using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = f(W·x + b) for one sample: bound by reading the weights once.</summary>
/// <remarks>
/// Vectors run over the outputs, x is broadcast. Where the outputs fill only a few vectors, several partial sums over the inputs hide the
/// latency of the multiply-add. Reads may run past a row's end into the next row, or into the padding behind the last parameter; the
/// surplus lanes are never used. y is padded to whole 512-bit vectors.
/// </remarks>
internal sealed class SingleProduct(int inputs, int units, int positions, bool hasBias, ElementwiseFunction? activation) : Kernel
{
    private const int Chains = 8;

    public override string Name =>
        $"Dense{inputs}x{units}{(hasBias ? "" : "NoBias")}{activation?.Name}Single{(positions > 1 ? $"At{positions}" : "")}";

    public override string Summary =>
        $"y[o] = {(activation is null ? "" : activation.Name + "(")}Σᵢ w[i, o] · x[i]{(hasBias ? " + b[o]" : "")}{(activation is null ? "" : ")")} for one sample. Shapes: x [{inputs}], w [{inputs}, {units}], y [{units}].";

    public override IReadOnlyList<KernelParameter> Parameters => hasBias
        ? [KernelParameter.Shared("x"), KernelParameter.Shared("weight"), KernelParameter.Shared("bias"), KernelParameter.Shared("y")]
        : [KernelParameter.Shared("x"), KernelParameter.Shared("weight"), KernelParameter.Shared("y")];

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        using (w.OpenIf(positions > 1, $"for (int t = 0; t < {positions}; t++)"))
        {
            List<LaneGroup> groups = LaneGroup.Split(isa, units, most: isa.Registers == 32 ? 16 : 8);
            for (int g = 0; g < groups.Count;)
            {
                int repeat = 1;
                while (g + repeat < groups.Count && groups[g + repeat].SameShapeAs(groups[g]))
                    repeat++;
                LaneGroup group = groups[g];
                string o = repeat > 1 ? "o" : Identifier.Text(group.First);
                using (w.Open(repeat > 1
                    ? $"for (int o = {group.First}; o < {group.First + (repeat * group.Width)}; o += {group.Width})"
                    : $"// outputs {group.First} to {group.First + group.Width - 1}"))
                {
                    EmitGroup(w, group, o);
                }

                g += repeat;
            }
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
            w.Line($"Unsafe.Add(ref y, {y}) = {activation?.Value(InstructionSet.Scalar, "sum") ?? "sum"};");
        }
    }

    private void EmitGroup(SourceWriter w, LaneGroup group, string o)
    {
        int chains = Math.Min(inputs, Math.Max(1, Chains / group.Vectors.Count));
        int whole = inputs / chains * chains;
        w.Line($"ref float xk = ref {Address.At("x", positions > 1 ? $"t * {inputs}" : "0")};");
        w.Line($"ref float wk = ref {Address.At("weight", o)};");
        for (int h = 0; h < chains; h++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string start = hasBias && h == 0
                    ? vector.Isa.At("bias", o == "o" ? $"o + {vector.Offset}" : Identifier.Text(group.First + vector.Offset))
                    : vector.Isa.Zero;
                w.Line($"{vector.Isa.Type} c{h}_{v} = {start};");
            }
        }

        if (whole > chains)
        {
            w.Line($"ref float end = ref Unsafe.Add(ref xk, {whole});");
            using (w.Do("Unsafe.IsAddressLessThan(ref xk, ref end)"))
            {
                EmitStep(w, group, chains);
                w.Line($"xk = ref Unsafe.Add(ref xk, {chains});");
                w.Line($"wk = ref Unsafe.Add(ref wk, {chains * units});");
            }
        }
        else
        {
            EmitStep(w, group, chains);
            w.Line($"xk = ref Unsafe.Add(ref xk, {chains});");
            w.Line($"wk = ref Unsafe.Add(ref wk, {chains * units});");
        }

        EmitStep(w, group, inputs - whole);
        w.Line($"ref float c = ref {Address.At("y", positions > 1 ? $"t * {units} + {o}" : o)};");
        for (int v = 0; v < group.Vectors.Count; v++)
        {
            LaneVector vector = group.Vectors[v];
            for (int step = 1; step < chains; step *= 2)
            {
                for (int h = 0; h + step < chains; h += 2 * step)
                    w.Line($"c{h}_{v} += c{h + step}_{v};");
            }

            string value = activation?.Value(vector.Isa, $"c0_{v}") ?? $"c0_{v}";
            if (activation is not null && vector.Valid < vector.Isa.Lanes)
            {
                w.Line($"c0_{v} = {value};");
                value = $"c0_{v}";
            }

            vector.EmitStore(w, value, "c", vector.Offset);
        }
    }

    private void EmitStep(SourceWriter w, LaneGroup group, int steps)
    {
        for (int h = 0; h < steps; h++)
        {
            int lanes = 0;
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string broadcast = $"a{h}_{vector.Isa.Lanes}";
                if (vector.Isa.Lanes != lanes)
                    w.Line($"{vector.Isa.Type} {broadcast} = {vector.Isa.Create(Address.At("xk", h))};");
                lanes = vector.Isa.Lanes;
                string weight = vector.Isa.At("wk", (h * units) + vector.Offset);
                w.Line($"c{h}_{v} = {vector.Isa.MultiplyAdd(broadcast, weight, $"c{h}_{v}")};");
            }
        }
    }
}
