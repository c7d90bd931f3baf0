using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>The loops of a kernel that takes each channel of each block of samples together, once for whole blocks and once, masked, for an
/// incomplete last one.</summary>
internal sealed class ChannelBlocks
{
    private readonly SourceWriter w;
    private readonly NormShape shape;
    private readonly InstructionSet isa;

    private ChannelBlocks(SourceWriter w, NormShape shape, InstructionSet isa, bool isMasked)
    {
        this.w = w;
        this.shape = shape;
        this.isa = isa;
        IsMasked = isMasked;
        Tile = new LaneTile(isa);
    }

    public LaneTile Tile { get; }

    /// <summary>Whether lanes may be those of nobody.</summary>
    public bool IsMasked { get; }

    /// <summary>Samples of the block.</summary>
    public string Valid => IsMasked ? "valid" : Identifier.Text(Panel.Lanes);

    /// <summary>Prints a channel's body inside the loops over blocks and channels:
    /// <c>s</c> is the block's first sample, <c>c</c> the channel.</summary>
    public static void Emit(SourceWriter w, NormShape shape, InstructionSet isa, Action<ChannelBlocks> emit)
    {
        if (isa.IsScalar)
        {
            using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
            {
                w.Line($"int valid = Math.Min({Panel.Lanes}, samples - s);");
                EmitChannels(isMasked: true);
            }

            return;
        }

        w.Line($"int whole = samples & ~{Panel.Lanes - 1};");
        using (w.Open($"for (int s = 0; s < whole; s += {Panel.Lanes})"))
            EmitChannels(isMasked: false);
        using (w.Open("if (whole < samples)"))
        {
            w.Line("int s = whole, valid = samples - whole;");
            EmitChannels(isMasked: true);
        }

        void EmitChannels(bool isMasked)
        {
            using (w.Open($"for (int c = 0; c < {shape.Channels}; c++)"))
                emit(new ChannelBlocks(w, shape, isa, isMasked));
        }
    }

    /// <summary>Prints the loops over a channel's values: <c>i</c> is the offset of a value's first vector, <c>kept</c> that of the group's
    /// statistics.</summary>
    /// <param name="emitGroup">Prints what a group's values share, for a vector; null where there is nothing.</param>
    /// <param name="emitValue">Prints what is done with a value, for a vector.</param>
    public void ForEachValue(Action<int>? emitGroup, Action<int> emitValue)
    {
        bool loops = isa.IsScalar || Tile.Lanes < Panel.Lanes || shape.Outer > 1;
        using (loops ? null : w.OpenScope() as IDisposable)
        using (w.OpenIf(isa.IsScalar, "for (int lane = 0; lane < valid; lane++)"))
        using (w.OpenIf(!isa.IsScalar && Tile.Lanes < Panel.Lanes, $"for (int lane = 0; lane < {Valid}; lane += {Tile.Lanes})"))
        using (w.OpenIf(shape.Outer > 1, $"for (int t = 0; t < {shape.Outer}; t++)"))
        {
            string lane = isa.IsScalar || Tile.Lanes < Panel.Lanes ? " + lane" : "";
            string group = shape.Outer > 1 ? $" + t * {Panel.Lanes}"
                : shape.Groups > 1 ? $" + c / {shape.GroupChannels} * {Panel.Lanes}"
                : "";
            if (IsMasked && !isa.IsScalar)
            {
                string left = lane.Length == 0 ? "valid" : "valid - lane";
                Tile.ForEach(v => w.Line(
                    $"{isa.Type} mask{v} = {isa.GreaterThan(isa.Create($"(float)({left}{(v == 0 ? "" : $" - {v * isa.Lanes}")})"), $"{isa.Type}.Indices")};"));
            }

            if (emitGroup is not null)
            {
                w.Line($"int kept = {Panel.Start}{lane}{group};");
                Tile.ForEach(emitGroup);
            }

            string outer = shape.Outer > 1 ? $" + t * {shape.Channels * shape.Inner * Panel.Lanes}" : "";
            w.Line($"int first = {Panel.Start}{lane}{outer} + c * {shape.Inner * Panel.Lanes};");
            using (w.Open($"for (int i = first; i < first + {shape.Inner * Panel.Lanes}; i += {Panel.Lanes})"))
                Tile.ForEach(emitValue);
        }
    }

    /// <summary>A term, or 0 in the lanes of nobody.</summary>
    public string Masked(string term, int vector) => IsMasked && !isa.IsScalar ? isa.Select($"mask{vector}", term, isa.Zero) : term;

    /// <summary>The sum over the lanes of all vectors of a round.</summary>
    public string Total(Func<int, string> sum)
    {
        string all = string.Join(" + ", Enumerable.Range(0, Tile.Vectors).Select(sum));
        return isa.IsScalar ? all : isa.Call("Sum", all);
    }
}
