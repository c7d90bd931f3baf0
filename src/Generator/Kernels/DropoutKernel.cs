using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Sets random values, or whole channels, to 0 and scales the others, for blocks of samples: each lane is a sample.</summary>
/// <remarks>
/// The random numbers are Threefry-4x32 with 12 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// 2011): a keyed bijection of a counter, built of additions, rotations and exclusive ors, so that every vector width has the same bits and
/// no state is carried. Key: the network's seed and the number of training steps. Counter: sample, group of four channels, layer, 0.
/// </remarks>
internal sealed class DropoutKernel(float rate, int channels, int positions) : Kernel
{
    private const int Rounds = 12;

    /// <summary>What the key's exclusive or is combined with.</summary>
    private const uint Parity = 0x1BD11BDA;

    /// <summary>By how many bits the two mixes of a round rotate; after eight rounds from the start.</summary>
    private static readonly (int First, int Second)[] Rotations =
        [(10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20)];

    public override string Name => $"Dropout{Identifier.Of(rate)}_{channels}{(positions > 1 ? $"x{positions}" : "")}";

    public override string Summary =>
        $"y = x / (1 - {Literal.Of(rate)}), or 0 with probability {Literal.Of(rate)}, for blocks of samples. "
        + $"Shapes: x, y [{channels}{(positions > 1 ? $", {positions}" : "")}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("x"), KernelParameter.Block("y"), new KernelParameter("RandomStep", "random"), KernelParameter.Int("layer"),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    /// <summary>A random number below it, taken as a signed one, drops: the share rate of all of them.</summary>
    private int Threshold => (int)(int.MinValue + Math.Round(rate * 4294967296.0));

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        w.Line($"{isa.Type} scale = {Broadcast(isa, Literal.Of(1f / (1f - rate)))};");
        for (int i = 0; i < 4; i++)
            w.Line($"var k{i} = {Broadcast(isa, $"random.Key{i}")};");
        w.Line($"var k4 = k0 ^ k1 ^ k2 ^ k3 ^ {Broadcast(isa, $"0x{Parity:X8}u")};");
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        {
            w.Line($"ref float xs = ref Unsafe.Add(ref x, {Panel.Lane});");
            w.Line($"ref float ys = ref Unsafe.Add(ref y, {Panel.Lane});");
            w.Line(isa.IsScalar
                ? "uint sample = (uint)(random.First + s);"
                : $"var sample = {Broadcast(isa, "(uint)(random.First + s)")} + Vector{isa.Bits}<uint>.Indices;");
            int whole = channels / 4;
            if (whole > 0)
            {
                using (w.Open($"for (int c = 0; c < {whole}; c++)"))
                    EmitGroup(w, isa, "c", 4);
            }

            if (channels % 4 > 0)
            {
                using (w.OpenScope())
                    EmitGroup(w, isa, Identifier.Text(whole), channels % 4);
            }
        }
    }

    /// <summary>Four neighbouring channels, or as many as are left.</summary>
    private void EmitGroup(SourceWriter w, InstructionSet isa, string group, int count)
    {
        w.Line("var r0 = sample + k0;");
        w.Line($"var r1 = {Broadcast(isa, $"(uint){group}")} + k1;");
        w.Line($"var r2 = {Broadcast(isa, "(uint)layer")} + k2;");
        w.Line("var r3 = k3;");
        EmitRounds(w, isa);
        int floats = positions * Panel.Lanes;
        w.Line($"ref float xc = ref Unsafe.Add(ref xs, {group} * {4 * floats});");
        w.Line($"ref float yc = ref Unsafe.Add(ref ys, {group} * {4 * floats});");
        for (int i = 0; i < count; i++)
        {
            string condition = isa.IsScalar
                ? $"(int)r{i} >= {Threshold}"
                : $"GreaterThanOrEqual(r{i}.AsInt32(), Create({Threshold})).AsSingle()";
            if (positions == 1)
            {
                EmitKeep(w, isa, condition, Identifier.Text(i * floats));
                continue;
            }

            w.Line($"var keep{i} = {condition};");
            using (w.Open($"for (int i = {i * floats}; i < {(i + 1) * floats}; i += {Panel.Lanes})"))
                EmitKeep(w, isa, $"keep{i}", "i");
        }
    }

    private static void EmitKeep(SourceWriter w, InstructionSet isa, string condition, string offset)
    {
        string scaled = $"{isa.At("xc", offset)} * scale";
        w.Line($"{isa.At("yc", offset)} = {(isa.IsScalar ? $"{condition} ? {scaled} : 0f" : $"({scaled}) & {condition}")};");
    }

    private static void EmitRounds(SourceWriter w, InstructionSet isa)
    {
        for (int round = 0; round < Rounds; round++)
        {
            (int first, int second) = Rotations[round % Rotations.Length];
            (int a, int b) = round % 2 == 0 ? (1, 3) : (3, 1);
            w.Line($"r0 += r{a}; r{a} = {Rotate(isa, $"r{a}", first)} ^ r0; r2 += r{b}; r{b} = {Rotate(isa, $"r{b}", second)} ^ r2;");
            if (round % 4 != 3)
                continue;
            int injection = (round + 1) / 4;
            w.Line($"r0 += {Key(0)}; r1 += {Key(1)}; r2 += {Key(2)}; r3 += {Key(3)} + {Broadcast(isa, $"{injection}u")};");

            string Key(int word) => $"k{(injection + word) % 5}";
        }
    }

    /// <summary>The same value in every lane.</summary>
    private static string Broadcast(InstructionSet isa, string value) => isa.IsScalar ? value : isa.Create(value);

    /// <summary>AVX-512 has an instruction for it.</summary>
    private static string Rotate(InstructionSet isa, string value, int bits) => isa.Lanes == 16
        ? $"System.Runtime.Intrinsics.X86.Avx512F.RotateLeft({value}, {bits})"
        : $"({value} << {bits} | {value} >>> {32 - bits})";
}
