using NetGen.Generator.Kernels;
using NetGen.Generator.Model;

namespace NetGen.Generator.Emission;

/// <summary>Prints the kernels: one file that chooses the instruction set, one per vector width, one with the plain loops.</summary>
internal static class KernelEmitter
{
    private const string BodyAttributes = "[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]";

    public static IEnumerable<(string Part, string Text)> Emit(TypeDecl type, KernelSet kernels)
    {
        yield return ("Kernels", EmitDispatch(type, kernels));
        foreach (InstructionSet isa in InstructionSet.Vectors)
            yield return ($"Kernels{isa.Bits}", EmitVectors(type, kernels, isa));
        yield return ("KernelsScalar", EmitScalar(type, kernels));
    }

    private static string EmitDispatch(TypeDecl type, KernelSet kernels)
    {
        SourceWriter w = SourceFile.Start(
            type, "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "System.Runtime.Intrinsics",
            "System.Runtime.Intrinsics.X86", "NetGen.CompilerServices");
        {
            w.Line("/// <summary>One method per loop nest. The choice of the instruction set is a constant for the JIT and for NativeAOT.</summary>");
            using (w.Open("internal static partial class Kernels"))
            {
                EmitMethods(
                    w, kernels.InOrder, "[MethodImpl(MethodImplOptions.AggressiveInlining)]", isBody: false,
                    kernel => EmitChoice(w, kernel));
                if (kernels.InOrder.OfType<SmallNetwork>().FirstOrDefault(kernel => kernel.HasBuffer) is SmallNetwork small)
                {
                    w.Line();
                    w.Line("/// <summary>What lives between the layers of a small network, on the stack.</summary>");
                    w.Line($"[StructLayout(LayoutKind.Sequential, Size = {4 * small.BufferFloats})]");
                    w.Line("private struct Buffer;");
                }
            }
        }

        return w.ToString();
    }

    private static void EmitChoice(SourceWriter w, Kernel kernel)
    {
        string call =
            $".{kernel.Name}({string.Join(", ", kernel.Parameters.Select(parameter => parameter.Argument))}{PackedArgument(kernel)});";
        string start = "";
        if (kernel.SplitsTail)
        {
            using (w.Open("if (Vector512.IsHardwareAccelerated)"))
                EmitSplit(w, kernel);
            start = "else ";
        }

        foreach (InstructionSet isa in InstructionSet.Vectors.Where(isa => isa.Lanes <= (kernel.SplitsTail ? 8 : kernel.WidestLanes)))
        {
            w.Line($"{start}if (Vector{isa.Bits}.IsHardwareAccelerated{(isa.Bits == 256 ? " && Fma.IsSupported" : "")})");
            w.Line($"    Bits{isa.Bits}{call}");
            start = "else ";
        }

        w.Line("else");
        w.Line($"    Scalar{call}");
    }

    /// <summary>A last block that is at most half full takes 256-bit vectors, so that no vector is all waste.</summary>
    private static void EmitSplit(SourceWriter w, Kernel kernel)
    {
        w.Line($"// A last block of at most {Panel.Lanes / 2} samples fills 256-bit vectors better.");
        w.Line($"int tail = samples & {Panel.Lanes - 1}, whole = tail is > 0 and <= {Panel.Lanes / 2} ? samples - tail : samples;");
        w.Line("if (whole > 0)");
        w.Line($"    Bits512.{kernel.Name}({Arguments(false)}{PackedArgument(kernel)});");
        using (w.Open("if (whole < samples)"))
        {
            w.Line($"int offset = (whole >> {Panel.Shift}) * stride;");
            w.Line($"Bits256.{kernel.Name}({Arguments(true)}{PackedArgument(kernel)});");
        }

        string Arguments(bool isTail) => string.Join(", ", kernel.Parameters.Select(parameter => parameter switch
        {
            { Name: "samples" } => isTail ? "tail" : "whole",
            { IsPerBlock: true } when isTail => $"ref Unsafe.Add(ref {parameter.Name}, offset)",
            _ => parameter.Argument,
        }));
    }

    private static string EmitVectors(TypeDecl type, KernelSet kernels, InstructionSet isa)
    {
        IReadOnlyList<Kernel> own = [.. kernels.InOrder.Where(kernel => kernel.WidestLanes >= isa.Lanes)];
        SourceWriter w = SourceFile.Start(
            type, "System", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics", "NetGen.CompilerServices",
            $"static System.Runtime.Intrinsics.Vector{isa.Bits}", $"V = System.Runtime.Intrinsics.Vector{isa.Bits}<float>");
        using (w.Open("internal static partial class Kernels"))
        {
            w.Line($"/// <summary>{isa.Lanes} floats to a vector.</summary>");
            using (w.Open($"private static class Bits{isa.Bits}"))
            {
                EmitMethods(w, own, BodyAttributes, isBody: true, kernel => kernel.EmitVector(w, isa));
                if (own.Count > 0)
                    w.Line();
                w.Line($"/// <summary>The {isa.Lanes} floats from an offset on, to read or to write.</summary>");
                w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                w.Line("private static ref V At(ref float start, int offset) => ref Unsafe.As<float, V>(ref Unsafe.Add(ref start, offset));");
                MathFunction.Emit(w, own.SelectMany(kernel => kernel.Functions(isa)));
            }
        }

        return w.ToString();
    }

    private static string EmitScalar(TypeDecl type, KernelSet kernels)
    {
        SourceWriter w = SourceFile.Start(type, "System", "System.Runtime.CompilerServices", "NetGen.CompilerServices");
        using (w.Open("internal static partial class Kernels"))
        {
            w.Line("/// <summary>The same mathematics in plain loops, for machines without vectors and for readers.</summary>");
            using (w.Open("private static class Scalar"))
            {
                EmitMethods(w, kernels.InOrder, BodyAttributes, isBody: true, kernel => kernel.EmitScalar(w));
                MathFunction.Emit(w, kernels.InOrder.SelectMany(kernel => kernel.Functions(InstructionSet.Scalar))
                    .Where(pair => pair.Isa.IsScalar));
            }
        }

        return w.ToString();
    }

    /// <summary>Prints a method for every kernel, with an empty line in between.</summary>
    private static void EmitMethods(SourceWriter w, IReadOnlyList<Kernel> kernels, string attributes, bool isBody, Action<Kernel> emit)
    {
        for (int i = 0; i < kernels.Count; i++)
        {
            if (i > 0)
                w.Line();
            w.Line($"/// <summary>{kernels[i].Summary}</summary>");
            w.Line(attributes);
            using (w.Open($"public static void {Signature(kernels[i], isBody)}"))
                emit(kernels[i]);
        }
    }

    private static string PackedArgument(Kernel kernel) => kernel.PackedFloats > 0 ? $", ref Scratch.Packed({kernel.PackedFloats})" : "";

    private static string Signature(Kernel kernel, bool isBody)
    {
        bool updates = kernel.Parameters.Any(parameter => parameter.Type == "TUpdate");
        string parameters = string.Join(", ", kernel.Parameters.Select(parameter => parameter.Declaration))
            + (isBody && kernel.PackedFloats > 0 ? ", ref float packed" : "");
        return updates
            ? $"{kernel.Name}<TUpdate>({parameters})\n    where TUpdate : struct, IWeightUpdate"
            : $"{kernel.Name}({parameters})";
    }
}
