using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Copies the weights that a tile reads, a few columns of every row,
/// to memory without gaps before the tiles run over the samples.</summary>
/// <remarks>
/// A tile of a few columns leaves parts of cache lines unused, and at strides of a multiple of 512 bytes the lines meet in a few sets of
/// the caches and push each other out. The copy costs one to three cycles a row, a tile 6. Measured on Zen 4 with 256 bits (.NET 10,
/// 2026-11): 8 to 12 % at strides of 400 and 2048 bytes, nothing lost at 512; with 512 bits a tile takes whole lines, and there is nothing
/// to gain.
/// </remarks>
internal static class WeightPack
{
    /// <summary>Fewer samples read the weights where they are.</summary>
    private const int LeastSamples = 32;

    /// <summary>Floats of weights that stay in the second-level cache from one step to the next, beside everything else: 512 KB.</summary>
    public const int CachedFloats = 1 << 17;

    /// <summary>Whether it pays with these vectors.</summary>
    public static bool Pays(InstructionSet isa) => isa.Lanes < 16;

    /// <summary>Packed floats per row for a tile that reads <paramref name="columns"/> of it.</summary>
    public static int Stride(int columns) => (columns + 7) / 8 * 8;

    /// <summary>Prints the copy. The tiles then read <c>block</c>, <c>step</c> floats a row.</summary>
    /// <param name="w">Takes the text.</param>
    /// <param name="isa">The rung.</param>
    /// <param name="columns">Floats of a row that the tile reads. What the copy reads behind them is not used.</param>
    /// <param name="offset">Where they start in the weights.</param>
    /// <param name="rowFloats">Floats of a row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="ahead">How many floats ahead the next weights are that a copy will read;
    /// 0 where they are in the second-level cache.</param>
    public static void Emit(SourceWriter w, InstructionSet isa, int columns, string offset, int rowFloats, string rows, int ahead)
    {
        int stride = Stride(columns);
        w.Line($"ref float block = ref Unsafe.Add(ref weight, {offset});");
        w.Line($"nint step = {rowFloats};");
        using (w.Open($"if (samples >= {LeastSamples})"))
        {
            using (w.Open($"for (int i = 0; i < {rows}; i++)"))
            {
                for (int line = 0; ahead > 0 && line < stride; line += 16)
                    w.Line($"Prefetch.ToSecondLevel(ref Unsafe.Add(ref block, i * {rowFloats} + {ahead + line}));");
                for (int at = 0, width; at < stride; at += width)
                {
                    width = Math.Min(isa.Lanes, stride - at);
                    InstructionSet vector = isa.Narrow(width);
                    w.Line($"{vector.At("packed", Offset.Plus($"i * {stride}", at))} = {vector.At("block", Offset.Plus($"i * {rowFloats}", at))};");
                }
            }

            w.Line("block = ref packed;");
            w.Line($"step = {stride};");
        }
    }
}
