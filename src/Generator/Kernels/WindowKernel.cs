using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>A loop over the windows of a pooling layer on blocks of samples:
/// plane by plane, window by window, vectors over the samples.</summary>
/// <remarks>
/// A window that lies inside the input is straight-line code while it is small. One that hangs over the edge, or is large, is a loop over
/// what the input has of it.
/// </remarks>
internal abstract class WindowKernel(PoolGeometry geometry) : Kernel
{
    /// <summary>Values of a window up to which it is unrolled: two vectors of each are then far from the JIT's limits.</summary>
    private const int UnrollLimit = 16;

    public override bool SplitsTail => true;

    protected PoolGeometry Geometry { get; } = geometry;

    /// <summary>Operands as large as the input: a reference to the plane of each is called after it, with c behind.</summary>
    protected abstract IReadOnlyList<string> Planes { get; }

    /// <summary>Operands as large as the output.</summary>
    protected abstract IReadOnlyList<string> OutputPlanes { get; }

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    /// <summary>Prints what comes before the windows of a plane.</summary>
    protected virtual void EmitPlaneStart(SourceWriter w, InstructionSet isa)
    {
    }

    /// <summary>Prints the work of one window.</summary>
    protected abstract void EmitWindow(Window window);

    /// <summary>Names of a vector's variables, one for each vector that is worked on together.</summary>
    protected static int Vectors(InstructionSet isa) => isa.IsScalar ? 1 : TileRule.Vectors;

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        int lanes = Vectors(isa) * isa.Lanes;
        string start = lanes == Panel.Lanes ? Panel.Start : Panel.Lane;
        using (w.Open($"for (int s = 0; s < samples; s += {lanes})"))
        using (w.Open($"for (int c = 0; c < {Geometry.Channels}; c++)"))
        {
            foreach (string operand in Planes)
                w.Line($"ref float {operand}c = ref Unsafe.Add(ref {operand}, {start} + c * {Geometry.Plane * Panel.Lanes});");
            foreach (string operand in OutputPlanes)
                w.Line($"ref float {operand}c = ref Unsafe.Add(ref {operand}, {start} + c * {Geometry.OutputPlane * Panel.Lanes});");
            EmitPlaneStart(w, isa);
            using (w.OpenIf(Geometry.Vertical.Output > 1, $"for (int i = 0; i < {Geometry.Vertical.Output}; i++)"))
            using (w.OpenIf(Geometry.Horizontal.Output > 1, $"for (int j = 0; j < {Geometry.Horizontal.Output}; j++)"))
                EmitPlace(w, isa);
        }
    }

    private void EmitPlace(SourceWriter w, InstructionSet isa)
    {
        PoolAxis vertical = Geometry.Vertical, horizontal = Geometry.Horizontal;
        string i = vertical.Output > 1 ? "i" : "0", j = horizontal.Output > 1 ? "j" : "0";
        foreach (string operand in OutputPlanes)
            w.Line($"ref float {operand}w = ref Unsafe.Add(ref {operand}c, ({i} * {horizontal.Output} + {j}) * {Panel.Lanes});");
        bool isSmall = Geometry.Area <= UnrollLimit;
        if (!Geometry.IsClipped)
        {
            string first = $"({i} * {vertical.Stride * horizontal.Input} + {j} * {horizontal.Stride}) * {Panel.Lanes}";
            EmitWhole(w, isa, first, isSmall);
            return;
        }

        w.Line($"int top = {i} * {vertical.Stride} - {vertical.Padding}, left = {j} * {horizontal.Stride} - {horizontal.Padding};");
        bool hasWhole = isSmall && vertical.EndWhole > vertical.FirstWhole && horizontal.EndWhole > horizontal.FirstWhole;
        if (hasWhole)
        {
            using (w.Open($"if ({Inside("top", vertical)} && {Inside("left", horizontal)})"))
                EmitWhole(w, isa, $"(top * {horizontal.Input} + left) * {Panel.Lanes}", unroll: true);
        }

        using (w.OpenIf(hasWhole, "else"))
        {
            w.Line($"int bottom = Math.Min(top + {vertical.Size}, {vertical.Input}), right = Math.Min(left + {horizontal.Size}, {horizontal.Input});");
            foreach (string operand in Planes)
                w.Line($"ref float {operand}w = ref {operand}c;");
            EmitWindow(new Window(w, isa, null, body =>
            {
                using (w.Open("for (int ki = Math.Max(top, 0); ki < bottom; ki++)"))
                using (w.Open("for (int kj = Math.Max(left, 0); kj < right; kj++)"))
                {
                    w.Line($"int k = (ki * {horizontal.Input} + kj) * {Panel.Lanes};");
                    body("k");
                }
            }));
        }
    }

    private void EmitWhole(SourceWriter w, InstructionSet isa, string first, bool unroll)
    {
        PoolAxis vertical = Geometry.Vertical, horizontal = Geometry.Horizontal;
        foreach (string operand in Planes)
            w.Line($"ref float {operand}w = ref Unsafe.Add(ref {operand}c, {first});");
        if (unroll)
        {
            int[] taps =
            [
                .. Enumerable.Range(0, vertical.Size).SelectMany(ki =>
                    Enumerable.Range(0, horizontal.Size).Select(kj => ((ki * horizontal.Input) + kj) * Panel.Lanes)),
            ];
            EmitWindow(new Window(w, isa, taps, body => Array.ForEach(taps, tap => body(Identifier.Text(tap)))));
            return;
        }

        EmitWindow(new Window(w, isa, null, body =>
        {
            using (w.Open($"for (int ki = 0; ki < {vertical.Size}; ki++)"))
            using (w.Open($"for (int kj = 0; kj < {horizontal.Size}; kj++)"))
            {
                w.Line($"int k = (ki * {horizontal.Input} + kj) * {Panel.Lanes};");
                body("k");
            }
        }));
    }

    private static string Inside(string first, PoolAxis axis) => $"(uint){first} <= {axis.Input - axis.Size}";

    /// <summary>One window under the printer's hand. Operands as large as the input are called after themselves with w behind, and so are
    /// the others, from the window's own value on.</summary>
    /// <param name="Writer">Where to print.</param>
    /// <param name="Isa">The rung.</param>
    /// <param name="Taps">Offsets of all its values in their order, where it is straight-line code; otherwise null.</param>
    /// <param name="ForEach">Prints something for the offset of every value, in a loop or one after the other.</param>
    protected sealed record Window(SourceWriter Writer, InstructionSet Isa, IReadOnlyList<int>? Taps, Action<Action<string>> ForEach)
    {
        /// <summary>The vector of an operand at an offset.</summary>
        public string At(string operand, string offset, int vector) =>
            Isa.At(operand + "w", Offset.Plus(offset, vector * Isa.Lanes));
    }
}
