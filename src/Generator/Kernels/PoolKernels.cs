using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = max of x over each window, for blocks of samples.</summary>
internal sealed class MaxPoolKernel(PoolGeometry geometry) : WindowKernel(geometry)
{
    public override string Name => $"MaxPool{Geometry.Name}";

    public override string Summary => $"y = max of x over each window, for blocks of samples. Shapes: {Geometry.Shapes}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    protected override IReadOnlyList<string> Planes { get; } = ["x"];

    protected override IReadOnlyList<string> OutputPlanes { get; } = ["y"];

    protected override void EmitWindow(Window window)
    {
        SourceWriter w = window.Writer;
        InstructionSet isa = window.Isa;
        for (int v = 0; v < Vectors(isa); v++)
            w.Line($"{isa.Type} max{v} = {(window.Taps is null ? isa.Constant(float.NegativeInfinity) : window.At("x", "0", v))};");
        window.ForEach(tap =>
        {
            for (int v = 0; v < Vectors(isa) && tap != "0"; v++)
                w.Line($"max{v} = {isa.Max($"max{v}", window.At("x", tap, v))};");
        });
        for (int v = 0; v < Vectors(isa); v++)
            w.Line($"{window.At("y", "0", v)} = max{v};");
    }
}

/// <summary>y = scale · Σ x over each window, for blocks of samples.</summary>
internal sealed class SumPoolKernel(PoolGeometry geometry, float scale) : WindowKernel(geometry)
{
    public override string Name => $"{(scale == 1f ? "Sum" : "Average")}Pool{Geometry.Name}";

    public override string Summary =>
        $"y = {(scale == 1f ? "sum" : "mean")} of x over each window, for blocks of samples. Shapes: {Geometry.Shapes}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    protected override IReadOnlyList<string> Planes { get; } = ["x"];

    protected override IReadOnlyList<string> OutputPlanes { get; } = ["y"];

    protected override void EmitWindow(Window window)
    {
        SourceWriter w = window.Writer;
        InstructionSet isa = window.Isa;
        for (int v = 0; v < Vectors(isa); v++)
            w.Line($"{isa.Type} sum{v} = {(window.Taps is null ? isa.Zero : window.At("x", "0", v))};");
        window.ForEach(tap =>
        {
            for (int v = 0; v < Vectors(isa) && tap != "0"; v++)
                w.Line($"sum{v} += {window.At("x", tap, v)};");
        });
        for (int v = 0; v < Vectors(isa); v++)
            w.Line($"{window.At("y", "0", v)} = sum{v}{(scale == 1f ? "" : $" * {isa.Constant(scale)}")};");
    }
}

/// <summary>y = scale · Σ x over the windows that a value lies in, for blocks of samples:
/// the transpose of <see cref="SumPoolKernel"/>.</summary>
internal sealed class SpreadKernel(PoolGeometry geometry, float scale, ElementwiseFunction? activation) : WindowKernel(geometry)
{
    public override string Name => $"{(scale == 1f ? "Spread" : "AveragePoolGradient")}{Geometry.Name}{activation?.Name}";

    public override string Summary =>
        $"y = {(scale == 1f ? "" : $"{Literal.Of(scale)} · ")}Σ x over the windows that each value lies in"
        + $"{(activation is null ? "" : $", times the derivative of {activation.Name}")}, for blocks of samples. "
        + $"Shapes: {Geometry.OutputShape} → {Geometry.InputShape}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("x"), .. activation is null ? Array.Empty<KernelParameter>() : [KernelParameter.Block("saved")],
        KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    protected override IReadOnlyList<string> Planes { get; } = activation is null ? ["y"] : ["saved", "y"];

    protected override IReadOnlyList<string> OutputPlanes { get; } = ["x"];

    protected override void EmitPlaneStart(SourceWriter w, InstructionSet isa) => Spreading.EmitZeros(w, isa, Geometry, "yc", Vectors(isa));

    protected override void EmitWindow(Window window)
    {
        SourceWriter w = window.Writer;
        InstructionSet isa = window.Isa;
        for (int v = 0; v < Vectors(isa); v++)
            w.Line($"{isa.Type} value{v} = {window.At("x", "0", v)}{(scale == 1f ? "" : $" * {isa.Constant(scale)}")};");
        window.ForEach(tap =>
        {
            for (int v = 0; v < Vectors(isa); v++)
            {
                string value = activation?.Gradient(isa, $"value{v}", window.At("saved", tap, v)) ?? $"value{v}";
                w.Line($"{window.At("y", tap, v)} {(Geometry.Overlaps ? "+=" : "=")} {value};");
            }
        });
    }
}

/// <summary>dx = dy at the first maximum of each window, for blocks of samples.</summary>
internal sealed class MaxPoolGradientKernel(PoolGeometry geometry, ElementwiseFunction? activation) : WindowKernel(geometry)
{
    public override string Name => $"MaxPool{Geometry.Name}Gradient{activation?.Name}";

    public override string Summary =>
        $"dx = dy{(activation is null ? "" : $", times the derivative of {activation.Name},")} at the first maximum of each window, else 0; "
        + $"for blocks of samples. Shapes: dy {Geometry.OutputShape}, x and dx {Geometry.InputShape}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Block("dx"),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    protected override IReadOnlyList<string> Planes { get; } = ["x", "dx"];

    protected override IReadOnlyList<string> OutputPlanes { get; } = ["dy", "y"];

    protected override void EmitPlaneStart(SourceWriter w, InstructionSet isa) =>
        Spreading.EmitZeros(w, isa, Geometry, "dxc", Vectors(isa));

    /// <summary>What is left of dy is handed from value to value until one takes it.</summary>
    protected override void EmitWindow(Window window)
    {
        SourceWriter w = window.Writer;
        InstructionSet isa = window.Isa;
        string store = Geometry.Overlaps ? "+=" : "=";
        for (int v = 0; v < Vectors(isa); v++)
        {
            w.Line($"{isa.Type} max{v} = {window.At("y", "0", v)};");
            string dy = window.At("dy", "0", v);
            w.Line($"{isa.Type} left{v} = {activation?.Gradient(isa, dy, $"max{v}") ?? dy};");
            if (window.Taps is not { Count: 1 })
                w.Line($"{(isa.IsScalar ? "bool" : isa.Type)} hit{v};");
        }

        string? last = window.Taps is null ? null : Identifier.Text(window.Taps[window.Taps.Count - 1]);
        window.ForEach(tap =>
        {
            for (int v = 0; v < Vectors(isa); v++)
            {
                if (tap == last)
                {
                    w.Line($"{window.At("dx", tap, v)} {store} left{v};");
                    continue;
                }

                w.Line($"hit{v} = {isa.GreaterThanOrEqual(window.At("x", tap, v), $"max{v}")};");
                w.Line($"{window.At("dx", tap, v)} {store} {isa.Select($"hit{v}", $"left{v}", isa.Zero)};");
                w.Line($"left{v} = {isa.Select($"hit{v}", isa.Zero, $"left{v}")};");
            }
        });
    }
}

/// <summary>What the kernels that write windows share.</summary>
internal static class Spreading
{
    /// <summary>Clears a plane that the windows do not fill exactly once.</summary>
    public static void EmitZeros(SourceWriter w, InstructionSet isa, PoolGeometry geometry, string plane, int vectors)
    {
        if (geometry.IsPartition)
            return;
        using (w.Open($"for (int k = 0; k < {geometry.Plane * Panel.Lanes}; k += {Panel.Lanes})"))
        {
            for (int v = 0; v < vectors; v++)
                w.Line($"{isa.At(plane, v == 0 ? "k" : $"k + {v * isa.Lanes}")} = {isa.Zero};");
        }
    }
}
