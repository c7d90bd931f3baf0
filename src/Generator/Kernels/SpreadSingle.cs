using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = scale · x, every value spread over its window, for one sample: nearest-neighbour upsampling.</summary>
/// <remarks>Windows lie side by side. With a factor of 2 to 4 a vector of values becomes as many vectors of repeated ones.</remarks>
internal sealed class SpreadSingle(PoolGeometry geometry, float scale) : Kernel
{
    public override string Name => $"Spread{geometry.Name}Single";

    public override string Summary =>
        $"y = {(scale == 1f ? "" : $"{Literal.Of(scale)} · ")}x, each value repeated over its window, for one sample. "
        + $"Shapes: [{geometry.Channels}, {Rows.Output}, {Columns.Output}] → [{geometry.Channels}, {Rows.Input}, {Columns.Input}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } = [KernelParameter.Shared("x"), KernelParameter.Shared("y")];

    private PoolAxis Rows => geometry.Vertical;

    private PoolAxis Columns => geometry.Horizontal;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        InstructionSet own = isa;
        while (own.Lanes > 4 && own.Lanes > Columns.Output)
            own = isa.Narrow(own.Lanes / 2);
        int count = Columns.Size is >= 2 and <= 4 ? Columns.Output / own.Lanes : 0, whole = count * own.Lanes;
        using (OpenRows(w))
        {
            if (count > 0)
            {
                using (w.Open($"for (int j = 0; j < {whole}; j += {own.Lanes})"))
                {
                    w.Line($"{own.Type} value = {own.At("xi", "j")}{(scale == 1f ? "" : $" * {own.Constant(scale)}")};");
                    for (int part = 0; part < Columns.Size; part++)
                    {
                        string lanes = own.Call("Create", [.. Enumerable.Range(0, own.Lanes)
                            .Select(lane => Identifier.Text(((part * own.Lanes) + lane) / Columns.Size))]);
                        w.Line($"{own.Type} part{part} = {own.Call("Shuffle", "value", lanes)};");
                        for (int k = 0; k < Rows.Size; k++)
                            w.Line($"{own.At("yi", $"j * {Columns.Size} + {(k * Columns.Input) + (part * own.Lanes)}")} = part{part};");
                    }
                }
            }

            EmitValues(w, whole);
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (OpenRows(w))
            EmitValues(w, 0);
    }

    private SourceWriter.Block OpenRows(SourceWriter w)
    {
        SourceWriter.Block block = w.Open($"for (int i = 0; i < {geometry.Channels * Rows.Output}; i++)");
        w.Line($"ref float xi = ref Unsafe.Add(ref x, i * {Columns.Output});");
        w.Line($"ref float yi = ref Unsafe.Add(ref y, i * {Rows.Size * Columns.Input});");
        return block;
    }

    /// <summary>Values one by one.</summary>
    private void EmitValues(SourceWriter w, int first)
    {
        if (first == Columns.Output)
            return;
        using (w.Open($"for (int j = {first}; j < {Columns.Output}; j++)"))
        {
            w.Line($"float single = Unsafe.Add(ref xi, j){(scale == 1f ? "" : $" * {Literal.Of(scale)}")};");
            w.Line($"for (int ki = 0; ki < {Rows.Size}; ki++)");
            w.Line($"    for (int kj = 0; kj < {Columns.Size}; kj++)");
            w.Line($"        Unsafe.Add(ref yi, ki * {Columns.Input} + j * {Columns.Size} + kj) = single;");
        }
    }
}
