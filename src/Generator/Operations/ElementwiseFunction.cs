using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>A function of one float with its derivative written in terms of the function's value.</summary>
/// <remarks>
/// The texts hold for a vector of any width and for a float; the instruction set spells what differs. The gradient is given dy and what
/// was saved: the function's value, or its argument.
/// </remarks>
/// <param name="Name">As in the attribute, with its constant where it has one.</param>
/// <param name="Formula">Textbook form, for comments.</param>
/// <param name="GradientFormula">Textbook form of dx, for comments.</param>
/// <param name="Value">Value from x.</param>
/// <param name="Gradient">dx from dy and y.</param>
/// <param name="Math">The function that the value needs from <see cref="MathFunctions"/>, or null.</param>
/// <param name="GradientMath">The function that the gradient needs, or null.</param>
/// <param name="Cheap">Whether it costs so little that a product's epilogue can hold it without spilling registers.</param>
internal sealed record ElementwiseFunction(
    string Name, string Formula, string GradientFormula,
    Func<InstructionSet, string, string> Value, Func<InstructionSet, string, string, string> Gradient,
    MathFunction? Math = null, MathFunction? GradientMath = null, bool Cheap = false)
{
    public static readonly ElementwiseFunction ReLU = new(
        "ReLU", "max(x, 0)", "dy where y > 0, else 0",
        (isa, x) => isa.Rectify(x),
        (isa, dy, y) => isa.Select($"{isa.GreaterThan(y, isa.Zero)}", dy, isa.Zero),
        Cheap: true);

    public static readonly ElementwiseFunction Sigmoid = new(
        "Sigmoid", "1 / (1 + exp(-x))", "dy · y · (1 - y)",
        (isa, x) => isa.IsScalar ? $"1f / (1f + MathF.Exp(-{x}))" : $"Sigmoid({x})",
        (isa, dy, y) => $"{dy} * {y} * ({isa.Constant(1f)} - {y})",
        MathFunctions.Sigmoid);

    public static readonly ElementwiseFunction Tanh = new(
        "Tanh", "tanh(x)", "dy · (1 - y²)",
        (isa, x) => isa.IsScalar ? $"MathF.Tanh({x})" : $"Tanh({x})",
        (isa, dy, y) => $"{dy} * ({isa.Constant(1f)} - {y} * {y})",
        MathFunctions.Tanh);

    /// <summary>The sign of y is that of x while the slope is positive; otherwise the input would have to be saved.</summary>
    public static ElementwiseFunction LeakyReLU(float slope) => new(
        "LeakyReLU" + Identifier.Of(slope), $"x where x > 0, else {Literal.Of(slope)} · x",
        $"dy where x > 0, else {Literal.Of(slope)} · dy",
        (isa, x) => isa.Select(isa.GreaterThan(x, isa.Zero), x, $"{isa.Constant(slope)} * {x}"),
        (isa, dy, y) => isa.Select(isa.GreaterThan(y, isa.Zero), dy, $"{isa.Constant(slope)} * {dy}"),
        Cheap: true)
    { SavesInput = slope <= 0f };

    /// <summary>Whether the gradient needs the argument instead of the value.</summary>
    public bool SavesInput { get; init; }
}
