using System;

namespace NetGen;

/// <summary>Generates the derivative of a static method of floats: for <c>F(x, w)</c>, <c>FGradient(x, w, out dx, out dw)</c> and a
/// vectorised form over spans.</summary>
/// <remarks>
/// The method's containing types are partial. Its body may use float arithmetic, comparisons, <c>?:</c>, <c>if</c> and <c>else</c>, local
/// variables, functions of <c>MathF</c> and <c>Math</c>, constants and static readonly fields, calls of other such methods, and <c>for</c>
/// loops with constant bounds. What it writes in <c>double</c> is computed as a float in the generated code.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DifferentiableAttribute : Attribute
{
}
