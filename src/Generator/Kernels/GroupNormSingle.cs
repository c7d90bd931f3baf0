using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary><see cref="GroupNormKernel"/> for one sample: vectors run over a group, which lies contiguously.</summary>
internal sealed class GroupNormSingle(NormShape shape, float epsilon, bool isCentered, bool hasBias, ElementwiseFunction? activation) : Kernel
{
    public override string Name => GroupNormKernel.NameOf(shape, epsilon, isCentered, hasBias, activation) + "Single";

    public override string Summary =>
        $"{GroupNormKernel.Formula(isCentered, hasBias, activation)} for one sample. Shapes: x, y {shape}, weight [{shape.Channels}].";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Shared("x"), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(),
        KernelParameter.Shared("y"),
    ];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        activation?.Math is not MathFunction function ? [] : isa.IsScalar ? [(function, isa)] : [(function, isa), (function, isa.Narrow(4))];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.OpenIf(shape.GroupCount > 1, $"for (int g = 0; g < {shape.GroupCount}; g++)"))
        {
            string group = shape.GroupCount > 1 ? $"g * {shape.GroupLength}" : "0";
            w.Line($"ref float xs = ref {Address.At("x", group)};");
            w.Line($"ref float ys = ref {Address.At("y", group)};");
            string share = Literal.Of(1f / shape.GroupLength);
            if (isCentered)
            {
                EmitSums(w, isa, ["sum"], (own, x) => [(x, null)]);
                w.Line($"float mean = sum * {share};");
                EmitSums(
                    w, isa, ["left", "squares"],
                    (own, x) => [($"({x} - {own.Create("mean")})", null), ($"({x} - {own.Create("mean")})", "")]);
                w.Line($"left *= {share};");
                w.Line("mean += left;");
                w.Line($"float root = 1f / MathF.Sqrt(MathF.Max(squares * {share} - left * left, 0f) + {Literal.Of(epsilon)});");
            }
            else
            {
                EmitSums(w, isa, ["squares"], (own, x) => [(x, "")]);
                w.Line($"float root = 1f / MathF.Sqrt(squares * {share} + {Literal.Of(epsilon)});");
            }

            EmitValues(w, isa);
        }
    }

    /// <summary>Prints floats that are sums over the group of values, or of their squares where a second factor is given.</summary>
    private void EmitSums(
        SourceWriter w, InstructionSet isa, string[] names, Func<InstructionSet, string, (string Value, string? Square)[]> terms)
    {
        int whole = shape.GroupLength / isa.Lanes * isa.Lanes;
        if (isa.IsScalar)
            whole = 0;
        if (whole > 0)
        {
            foreach (string name in names)
                w.Line($"{isa.Type} {name}s = {isa.Zero};");
            using (w.Open($"for (int i = 0; i < {whole}; i += {isa.Lanes})"))
                Add(isa, "s");
        }

        foreach (string name in names)
            w.Line($"float {name} = {(whole > 0 ? isa.Call("Sum", name + "s") : "0f")};");
        if (whole < shape.GroupLength)
        {
            using (w.Open($"for (int i = {whole}; i < {shape.GroupLength}; i++)"))
                Add(InstructionSet.Scalar, "");
        }

        void Add(InstructionSet own, string suffix)
        {
            (string Value, string? Square)[] values = terms(own, own.At("xs", "i"));
            for (int k = 0; k < names.Length; k++)
            {
                string sum = names[k] + suffix, value = values[k].Value;
                w.Line(values[k].Square is null ? $"{sum} += {value};" : $"{sum} = {own.MultiplyAdd(value, value, sum)};");
            }
        }
    }

    private void EmitValues(SourceWriter w, InstructionSet isa)
    {
        string first = shape.Groups > 1 ? $"g * {shape.GroupChannels}" : "0";
        if (shape.Inner == 1)
        {
            // Scale and shift lie beside the values.
            w.Line($"ref float scales = ref {Address.At("weight", first)};");
            if (hasBias)
                w.Line($"ref float shifts = ref {Address.At("bias", first)};");
            EmitRun(w, isa, "0", shape.GroupLength, own => $"{own.At("scales", "i")} * {own.Create("root")}", own => own.At("shifts", "i"));
            return;
        }

        using (w.Open($"for (int c = 0; c < {shape.GroupChannels}; c++)"))
        {
            string channel = shape.Groups > 1 ? $"{first} + c" : "c";
            w.Line($"float scale = Unsafe.Add(ref weight, {channel}) * root;");
            if (hasBias)
                w.Line($"float shift = Unsafe.Add(ref bias, {channel});");
            EmitRun(w, isa, $"c * {shape.Inner}", shape.Inner, own => own.Create("scale"), own => own.Create("shift"));
        }
    }

    private void EmitRun(
        SourceWriter w, InstructionSet isa, string first, int length, Func<InstructionSet, string> scale, Func<InstructionSet, string> shift)
    {
        int whole = isa.IsScalar ? 0 : length / isa.Lanes * isa.Lanes;
        string start = first == "0" ? "" : $"{first} + ";
        if (whole > 0)
        {
            using (w.Open($"for (int i = {first}; i < {start}{whole}; i += {isa.Lanes})"))
            {
                w.Line($"{isa.Type} value = {Value(isa)};");
                w.Line($"{isa.At("ys", "i")} = {activation?.Value(isa, "value") ?? "value"};");
            }
        }

        if (whole == length)
            return;
        using (w.Open($"for (int i = {start}{whole}; i < {start}{length}; i++)"))
        {
            w.Line($"float value = {Value(InstructionSet.Scalar)};");
            w.Line($"{InstructionSet.Scalar.At("ys", "i")} = {Activated()};");
        }

        string Value(InstructionSet own)
        {
            string d = isCentered ? $"({own.At("xs", "i")} - {own.Create("mean")})" : own.At("xs", "i");
            return hasBias ? own.MultiplyAdd(d, scale(own), shift(own)) : $"{d} * ({scale(own)})";
        }

        // Functions come for vectors: a float goes through the narrowest.
        string Activated()
        {
            if (activation is null)
                return "value";
            InstructionSet narrow = isa.IsScalar ? isa : isa.Narrow(4);
            return isa.IsScalar
                ? activation.Value(isa, "value")
                : $"({activation.Value(narrow, $"{narrow.Create("value")}")}).GetElement(0)";
        }
    }
}
