using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>One rung of the vector ladder, and how its operations are spelled.</summary>
/// <remarks>
/// A kernel file imports its width's static class, so the same text (<c>Max(a, b)</c>, <c>Create(2f)</c>) serves every width; where a
/// kernel needs a narrower vector beside it, that one is spelled in full.
/// </remarks>
internal sealed class InstructionSet
{
    private readonly string prefix;

    private InstructionSet(int lanes, int registers, string prefix, string type)
    {
        Lanes = lanes;
        Registers = registers;
        this.prefix = prefix;
        Type = type;
    }

    public static InstructionSet V512 { get; } = new(16, 32, "", "V");

    public static InstructionSet V256 { get; } = new(8, 16, "", "V");

    public static InstructionSet V128 { get; } = new(4, 16, "", "V");

    /// <summary>Plain floats: the textbook form.</summary>
    public static InstructionSet Scalar { get; } = new(1, 16, "", "float");

    /// <summary>The vector rungs, widest first.</summary>
    public static IReadOnlyList<InstructionSet> Vectors { get; } = [V512, V256, V128];

    /// <summary>Floats per vector.</summary>
    public int Lanes { get; }

    /// <summary>Vector registers that may be counted on.</summary>
    public int Registers { get; }

    /// <summary>The vector's C# type in a kernel file.</summary>
    public string Type { get; }

    public bool IsScalar => Lanes == 1;

    public int Bits => Lanes * 32;

    public string Zero => IsScalar ? "0f" : $"{Type}.Zero";

    /// <summary>A vector of <paramref name="lanes"/> floats, to be used in this rung's file.</summary>
    public InstructionSet Narrow(int lanes) => lanes == Lanes
        ? this
        : new InstructionSet(lanes, Registers, $"Vector{lanes * 32}.", $"Vector{lanes * 32}<float>");

    /// <summary>The same rung, for a file that imports no width: every name in full.</summary>
    public InstructionSet Spelled() => IsScalar ? this : new InstructionSet(Lanes, Registers, $"Vector{Bits}.", $"Vector{Bits}<float>");

    /// <summary>A call of one of the base library's vector functions.</summary>
    public string Call(string function, params string[] arguments) => $"{prefix}{function}({string.Join(", ", arguments)})";

    public string Constant(float value) => IsScalar ? Literal.Of(value) : Create(Literal.Of(value));

    public string Create(string scalar) => IsScalar ? $"({scalar})" : $"{prefix}Create({scalar})";

    /// <summary>a · b + c, rounded once where the hardware has it: 128 bits are also the rung of machines without it.</summary>
    public string MultiplyAdd(string a, string b, string c) =>
        IsScalar ? $"{c} + {a} * {b}" : $"{prefix}{(Lanes == 4 ? "MultiplyAddEstimate" : "FusedMultiplyAdd")}({a}, {b}, {c})";

    public string Max(string a, string b) => $"{(IsScalar ? "MathF." : prefix)}Max({a}, {b})";

    public string Sqrt(string x) => $"{(IsScalar ? "MathF." : prefix)}Sqrt({x})";

    /// <summary>max(x, 0), NaN where x is: the processor's own maximum takes its second operand when one is NaN.</summary>
    public string Rectify(string x) => IsScalar ? $"MathF.Max({x}, 0f)" : $"{prefix}MaxNative({Zero}, {x})";

    public string GreaterThan(string a, string b) => IsScalar ? $"{a} > {b}" : $"{prefix}GreaterThan({a}, {b})";

    public string GreaterThanOrEqual(string a, string b) => IsScalar ? $"{a} >= {b}" : $"{prefix}GreaterThanOrEqual({a}, {b})";

    public string Select(string condition, string then, string otherwise) =>
        IsScalar ? $"({condition} ? {then} : {otherwise})" : $"{prefix}ConditionalSelect({condition}, {then}, {otherwise})";

    /// <summary>Reads or writes the vector that starts <paramref name="offset"/> floats behind a reference.</summary>
    public string At(string reference, string offset) => IsScalar
        ? Address.At(reference, offset)
        : Type == "V" ? $"At(ref {reference}, {offset})" : $"Unsafe.As<float, {Type}>(ref {Address.At(reference, offset)})";

    public string At(string reference, int offset) => At(reference, Identifier.Text(offset));
}
