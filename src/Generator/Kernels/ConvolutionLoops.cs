using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>The textbook loops of a convolution, or of its input gradient: one position of the result at a time, every tap tested for the
/// border.</summary>
/// <param name="geometry">The convolution.</param>
/// <param name="gathers">Whether the result is the convolution's output; otherwise it is the gradient of its input.</param>
/// <param name="operand">What is summed over, for names.</param>
/// <param name="isa">Width of a sum.</param>
internal sealed class ConvolutionLoops(ConvolutionGeometry geometry, bool gathers, string operand, InstructionSet isa)
{
    private ConvolutionAxis Y => geometry.Y;

    private ConvolutionAxis X => geometry.X;

    private ConvolutionSide Source => gathers ? geometry.InputSide : geometry.OutputSide;

    private ConvolutionSide Target => gathers ? geometry.OutputSide : geometry.InputSide;

    /// <summary>Prints them; the code reads references <c>operand</c>,
    /// <c>weight</c> and <c>bias</c> and writes behind <c>result</c>.</summary>
    /// <param name="w">Takes the text.</param>
    /// <param name="hasBias">Whether sums start from a bias.</param>
    /// <param name="finish">The result from a sum, its offset and its channel.</param>
    public void Emit(SourceWriter w, bool hasBias, Func<string, string, string, string> finish)
    {
        string channel = gathers ? "o" : "c", inner = gathers ? "c" : "o";
        bool grouped = geometry.Groups > 1;
        using (w.OpenIf(grouped, $"for (int g = 0; g < {geometry.Groups}; g++)"))
        using (w.Open($"for (int {channel} = 0; {channel} < {Target.Channels}; {channel}++)"))
        using (w.Open($"for (int py = 0; py < {Target.Height}; py++)"))
        using (w.Open($"for (int px = 0; px < {Target.Width}; px++)"))
        {
            string channelOfAll = grouped ? $"(g * {Target.Channels} + {channel})" : channel;
            w.Line($"{isa.Type} sum = {(hasBias ? isa.Create($"Unsafe.Add(ref bias, {channelOfAll})") : isa.Zero)};");
            using (w.Open($"for (int {inner} = 0; {inner} < {Source.Channels}; {inner}++)"))
            using (w.Open(TapLoop("py", "ky", Y)))
            {
                EmitPosition(w, "row", "py", "ky", Y, Source.Height);
                using (w.Open(TapLoop("px", "kx", X)))
                {
                    EmitPosition(w, "column", "px", "kx", X, Source.Width);
                    string innerOfAll = grouped ? $"(g * {Source.Channels} + {inner})" : inner;
                    string place = Scaled($"({innerOfAll} * {Source.Height} + row) * {Source.Width} + column");
                    w.Line($"{isa.Type} {operand}i = {isa.At("operand", place)};");
                    string weight = isa.Create($"Unsafe.Add(ref weight, {WeightOffset(grouped)})");
                    w.Line($"sum = {isa.MultiplyAdd(weight, $"{operand}i", "sum")};");
                }
            }

            w.Line($"int at = {Scaled($"({channelOfAll} * {Target.Height} + py) * {Target.Width} + px")};");
            w.Line($"{isa.At("result", "at")} = {finish("sum", "at", channelOfAll)};");
        }
    }

    private static string Scaled(string position) => $"({position}) * {Panel.Lanes}";

    /// <summary>A loop over the taps; backwards, over those that meet the stride where it can tell them.</summary>
    private string TapLoop(string position, string tap, ConvolutionAxis axis) => MeetsStride(axis)
        ? $"for (int {tap} = ({position} + {axis.Padding}) % {axis.Stride}; {tap} < {axis.Kernel}; {tap} += {axis.Stride})"
        : $"for (int {tap} = 0; {tap} < {axis.Kernel}; {tap}++)";

    private bool MeetsStride(ConvolutionAxis axis) => !gathers && axis.Stride > 1 && axis.Dilation == 1;

    /// <summary>The operand's position of a tap; taps outside are passed over.</summary>
    private void EmitPosition(SourceWriter w, string name, string position, string tap, ConvolutionAxis axis, int extent)
    {
        if (gathers)
        {
            w.Line($"int {name} = {Product(position, axis.Stride)} + {Product(tap, axis.Dilation)} - {axis.Padding};");
            w.Line($"if ((uint){name} >= {extent})");
        }
        else
        {
            string distance = $"{position} + {axis.Padding} - {Product(tap, axis.Dilation)}";
            w.Line($"int {name} = {(axis.Stride == 1 ? distance : $"({distance}) / {axis.Stride}")};");
            w.Line(axis.Stride == 1 || MeetsStride(axis)
                ? $"if ((uint){name} >= {extent})"
                : $"if ((uint){name} >= {extent} || {name} * {axis.Stride} != {distance})");
        }

        w.Line("    continue;");
    }

    private string WeightOffset(bool grouped)
    {
        string offset = $"{Product("o", geometry.OutputStride)} + {Product("c", geometry.InputStride)} + {Product("ky", geometry.RowStride)}"
            + $" + {Product("kx", geometry.ColumnStride)}";
        return grouped ? $"{Product("g", geometry.GroupStride)} + {offset}" : offset;
    }

    private static string Product(string factor, int constant) => constant == 1 ? factor : $"{factor} * {constant}";
}
