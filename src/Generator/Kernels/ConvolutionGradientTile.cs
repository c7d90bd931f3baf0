using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>A register tile of a convolution's weight gradient: the sums of some outputs with some horizontal taps over all samples and
/// positions. Where there is one tap it has some channels instead, which are called taps here as well.</summary>
/// <remarks>
/// The printed code stands where the rows <c>yStart</c> to <c>yEnd</c> of the output and <c>yTap</c>, the first one's row of the input, are
/// known; with looped taps also <c>xStart</c>, <c>xEnd</c> and <c>xTap</c>; with strips <c>s</c>, the first sample, and <c>sums</c>.
/// </remarks>
/// <param name="geometry">The convolution.</param>
/// <param name="w">Takes the text.</param>
/// <param name="isa">Width of the sums.</param>
/// <param name="outputs">Outputs of the tile.</param>
/// <param name="taps">Taps of the tile.</param>
/// <param name="inStrips">Whether this is a part of the positions of a few samples, whose sums are added to those so far.</param>
internal sealed class ConvolutionGradientTile(
    ConvolutionGeometry geometry, SourceWriter w, InstructionSet isa, int outputs, int taps, bool inStrips)
{
    /// <summary>Floats of a cache line: all of it is used while it is there.</summary>
    public const int Line = 16;

    /// <summary>Horizontal taps that a tile may have; more are taken one by one.</summary>
    private const int MostTaps = 7;

    /// <summary>Neighbouring vectors of samples get sums of their own where there are too few to hide the latency.</summary>
    private readonly int sums = !inStrips && outputs * taps * 2 <= (isa.Registers == 32 ? 14 : 8) ? 2 : 1;

    private readonly bool loopsTaps = LoopsTaps(geometry);

    /// <summary>Vectors of samples that are read together.</summary>
    private int Vectors => Math.Max(sums, Line / isa.Lanes);

    /// <summary>Floats from one tap's operand to the next one's.</summary>
    private int TapStride => (geometry.IsPointwise ? geometry.InputPositions : geometry.X.Dilation) * Panel.Lanes;

    private int InputRow => geometry.X.Input * Panel.Lanes;

    private int OutputRow => geometry.X.Output * Panel.Lanes;

    /// <summary>Whether a tile's sums and operands fit the registers.</summary>
    public static bool Fits(InstructionSet isa, int outputs, int taps)
    {
        int sums = outputs * taps;
        return sums <= (isa.Registers == 32 ? 28 : 12) && sums + Math.Min(outputs, taps) + 1 < isa.Registers;
    }

    /// <summary>Cycles of a tile at one position: as many as multiply-adds, or as loads where these are more; at least what it takes to
    /// repeat.</summary>
    public static int Cycles(int outputs, int taps) => Math.Max(Math.Max(outputs * taps, outputs + taps), 6) + 1;

    /// <summary>Whether horizontal taps are taken one by one, each with its own range of columns.</summary>
    public static bool LoopsTaps(ConvolutionGeometry geometry) => geometry.X.Kernel > MostTaps;

    /// <summary>The operand on the side of the convolution's input.</summary>
    public static string InputOf(ConvolutionGeometry geometry) => geometry.IsTransposed ? "dy" : "x";

    /// <summary>The operand on the side of the convolution's output.</summary>
    public static string OutputOf(ConvolutionGeometry geometry) => geometry.IsTransposed ? "x" : "dy";

    /// <summary>Prints the tile: the sums, and what becomes of them.</summary>
    /// <param name="channel">The first input channel.</param>
    /// <param name="o">The first output.</param>
    /// <param name="place">Offset of the tile's first element in the gradient.</param>
    public void Emit(string channel, string o, string place)
    {
        EmitSums(channel, o);
        EmitUpdates(place);
    }

    private void EmitSums(string channel, string o)
    {
        for (int i = 0; i < outputs; i++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                for (int v = 0; v < sums; v++)
                    w.Line($"V {SumName(i, tap, v)} = V.Zero;");
            }
        }

        int lanes = Vectors * isa.Lanes;
        using (inStrips ? w.OpenScope() : w.Open($"for (int s = 0; s < samples; s += {lanes})"))
        {
            string block = lanes == Panel.Lanes ? Panel.Start : Panel.Lane;
            string firstRow = $"{channel} * {geometry.Y.Input} + yStart * {geometry.Y.Stride} + yTap";
            string firstOutputRow = $"{o} * {geometry.Y.Output} + yStart";
            w.Line($"ref float inputs = ref Unsafe.Add(ref {InputOf(geometry)}, {block} + ({firstRow}) * {InputRow});");
            w.Line($"ref float outputs = ref Unsafe.Add(ref {OutputOf(geometry)}, {block} + ({firstOutputRow}) * {OutputRow});");
            if (geometry.IsPointwise && geometry.IsDense)
                EmitImage();
            else
                EmitRows();
        }
    }

    /// <summary>All positions in one loop, where rows follow each other without a gap.</summary>
    private void EmitImage()
    {
        w.Line($"ref float end = ref Unsafe.Add(ref outputs, (yEnd - yStart) * {OutputRow});");
        using (w.Do("Unsafe.IsAddressLessThan(ref outputs, ref end)"))
        {
            EmitMultiplyAdds("inputs", "outputs", 0, taps);
            w.Line($"inputs = ref Unsafe.Add(ref inputs, {Panel.Lanes});");
            w.Line($"outputs = ref Unsafe.Add(ref outputs, {Panel.Lanes});");
        }
    }

    private void EmitRows()
    {
        using (w.Open("for (int py = yStart; py < yEnd; py++)"))
        {
            if (loopsTaps)
                EmitLoopedColumns();
            else
                EmitColumns();
            w.Line($"inputs = ref Unsafe.Add(ref inputs, {geometry.Y.Stride * InputRow});");
            w.Line($"outputs = ref Unsafe.Add(ref outputs, {OutputRow});");
        }
    }

    /// <summary>A row of positions with one tap, whose range is known at run time.</summary>
    private void EmitLoopedColumns()
    {
        w.Line($"ref float xs = ref Unsafe.Add(ref inputs, (xStart * {geometry.X.Stride} + xTap) * {Panel.Lanes});");
        w.Line($"ref float dys = ref Unsafe.Add(ref outputs, xStart * {Panel.Lanes});");
        using (w.Open("for (int px = xStart; px < xEnd; px++)"))
            EmitPosition(0, 1);
    }

    /// <summary>A row of positions, each with the taps that are inside there.</summary>
    private void EmitColumns()
    {
        AxisSweep sweep = geometry.X.Forward();
        foreach (AxisSegment segment in sweep.Segments())
        {
            // The channels of a pointwise tile share the place of the one tap there is.
            int first = geometry.IsPointwise ? 0 : segment.FirstTap, end = geometry.IsPointwise ? segment.Taps * taps : segment.EndTap;
            if (first == end)
                continue;
            using (w.OpenScope())
            {
                int column = sweep.FirstOperand + (segment.First * sweep.OperandStep) + (first * sweep.TapDistance);
                w.Line($"ref float xs = ref {Address.At("inputs", column * Panel.Lanes)};");
                w.Line($"ref float dys = ref {Address.At("outputs", segment.First * Panel.Lanes)};");
                if (segment.Count == 1)
                {
                    EmitMultiplyAdds("xs", "dys", first, end);
                    continue;
                }

                w.Line($"ref float end = ref Unsafe.Add(ref dys, {segment.Count * Panel.Lanes});");
                using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
                    EmitPosition(first, end);
            }
        }
    }

    /// <summary>A position, and the step to the next one.</summary>
    private void EmitPosition(int firstTap, int endTap)
    {
        EmitMultiplyAdds("xs", "dys", firstTap, endTap);
        w.Line($"xs = ref Unsafe.Add(ref xs, {geometry.X.Stride * Panel.Lanes});");
        w.Line($"dys = ref Unsafe.Add(ref dys, {Panel.Lanes});");
    }

    /// <summary>One position: every output with every tap. The fewer of the two stay in registers.</summary>
    private void EmitMultiplyAdds(string xs, string dys, int firstTap, int endTap)
    {
        string Tap(int tap, int v) => isa.At(xs, ((tap - firstTap) * TapStride) + (v * isa.Lanes));
        string Out(int i, int v) => isa.At(dys, (i * geometry.OutputPositions * Panel.Lanes) + (v * isa.Lanes));
        bool holdsOutputs = outputs <= endTap - firstTap;
        for (int v = 0; v < Vectors; v++)
        {
            using (w.OpenScope())
            {
                int held = holdsOutputs ? outputs : endTap, passing = holdsOutputs ? endTap : outputs;
                for (int i = holdsOutputs ? 0 : firstTap; i < held; i++)
                    w.Line($"V a{i} = {(holdsOutputs ? Out(i, v) : Tap(i, v))};");
                for (int j = holdsOutputs ? firstTap : 0; j < passing; j++)
                {
                    w.Line($"V b{j} = {(holdsOutputs ? Tap(j, v) : Out(j, v))};");
                    for (int i = holdsOutputs ? 0 : firstTap; i < held; i++)
                    {
                        string sum = holdsOutputs ? SumName(i, j, v % sums) : SumName(j, i, v % sums);
                        w.Line($"{sum} = {isa.MultiplyAdd($"a{i}", $"b{j}", sum)};");
                    }
                }
            }
        }
    }

    /// <summary>Sums the lanes and hands the elements to the update, four at a time where they are neighbours: the taps of a transposed
    /// convolution, the outputs of another one.</summary>
    private void EmitUpdates(string place)
    {
        if (sums == 2)
        {
            for (int i = 0; i < outputs; i++)
            {
                for (int tap = 0; tap < taps; tap++)
                    w.Line($"{SumName(i, tap, 0)} += {SumName(i, tap, 1)};");
            }
        }

        w.Line($"int place = {place};");
        w.Line($"ref float dw = ref Unsafe.Add(ref {(inStrips ? "sums" : "target")}, place);");
        if (!inStrips)
            w.Line("ref float v = ref Unsafe.Add(ref state, place);");
        bool byOutputs = !geometry.IsTransposed;
        (int length, int lines, int lineStride) = byOutputs ? (outputs, taps, geometry.Outputs) : (taps, outputs, geometry.OutputStride);
        for (int line = 0; line < lines; line++)
        {
            int i = 0;
            for (; i + 4 <= length; i += 4)
            {
                string names = $"{Name(line, i)}, {Name(line, i + 1)}, {Name(line, i + 2)}, {Name(line, i + 3)}";
                EmitUpdate(line, i, $"Lanes.Sums({names})", isFour: true);
            }

            for (; i < length; i++)
                EmitUpdate(line, i, $"Sum({Name(line, i)})", isFour: false);
        }

        string Name(int line, int i) => byOutputs ? SumName(i, line, 0) : SumName(line, i, 0);

        void EmitUpdate(int line, int i, string value, bool isFour)
        {
            int offset = (line * lineStride) + i;
            string element = Address.At("dw", offset);
            if (!inStrips)
                w.Line($"update.Apply(ref dw, ref v, {offset}, {value});");
            else if (isFour)
                w.Line($"Unsafe.As<float, Vector128<float>>(ref {element}) += {value};");
            else
                w.Line($"{element} += {value};");
        }
    }

    private static string SumName(int output, int tap, int v) => $"c{output}_{tap}_{v}";
}
