using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen.Generator.Tests.Budgets;

/// <summary>What a method asks of the JIT, counted in its IL.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="Bytes">IL bytes.</param>
/// <param name="References">Instructions that read, write or take the address of a local or an argument.</param>
/// <param name="Branches">Instructions that may jump.</param>
/// <param name="Variables">Locals, with those of the methods that are inlined into it: our own helpers, Math.Min and the like, but nothing
/// that the JIT knows as an instruction.</param>
/// <param name="MultiplyAdds">Fused multiply-adds, with those inside the called methods.</param>
internal sealed record MethodCost(string Name, int Instructions, int Bytes, int References, int Branches, int Variables, int MultiplyAdds)
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>What may stand behind a call of <see cref="IWeightUpdate.Apply(ref float, ref float, int, float)"/>.</summary>
    private static readonly Type[] Updates =
        [.. typeof(IWeightUpdate).Assembly.GetTypes().Where(type => type.IsValueType && type.IsAssignableTo(typeof(IWeightUpdate)))];

    /// <summary>Counts a method.</summary>
    public static MethodCost Of(MethodBase method)
    {
        MethodBody body = method.GetMethodBody()!;
        byte[] code = body.GetILAsByteArray()!;
        int instructions = 0, references = 0, branches = 0, variables = body.LocalVariables.Count, multiplyAdds = 0;
        for (int at = 0; at < code.Length; instructions++)
        {
            OpCode operation = Read(code, ref at);
            string name = operation.Name!;
            if (name.StartsWith("ldloc", StringComparison.Ordinal) || name.StartsWith("stloc", StringComparison.Ordinal)
                || name.StartsWith("ldarg", StringComparison.Ordinal) || name.StartsWith("starg", StringComparison.Ordinal))
            {
                references++;
            }

            if (operation.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch)
                branches++;
            if (operation.OperandType == OperandType.InlineMethod)
            {
                MethodBase called = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, at), method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
                    method.IsGenericMethod ? method.GetGenericArguments() : null)!;
                if (called.Name is "FusedMultiplyAdd" or "MultiplyAddEstimate")
                    multiplyAdds++;
                (int locals, int fused) = CostOfCall(called);
                variables += locals;
                multiplyAdds += fused;
            }

            at += OperandLength(operation, code, at);
        }

        return new MethodCost(
            $"{method.DeclaringType!.Name}.{method.Name}", instructions, code.Length, references, branches, variables, multiplyAdds);
    }

    /// <summary>What a call brings.</summary>
    private static (int Variables, int MultiplyAdds) CostOfCall(MethodBase called)
    {
        if (called.DeclaringType == typeof(IWeightUpdate))
        {
            Type[] parameters = [.. called.GetParameters().Select(parameter => parameter.ParameterType)];
            MethodCost[] costs = [.. Updates.Select(update => Of(update.GetMethod(called.Name, parameters)!))];
            return (costs.Max(cost => cost.Variables), costs.Max(cost => cost.MultiplyAdds));
        }

        if (IsInstruction(called) || called.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoInlining))
            return (0, 0);
        if (!called.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveInlining) || IsFromTheBox(called))
            return (1, 0);
        MethodCost cost = Of(called);
        return (cost.Variables, cost.MultiplyAdds);
    }

    private static bool IsFromTheBox(MethodBase method) =>
        method.DeclaringType!.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>Whether the JIT expands a method itself: address arithmetic, vector operations but for the loads and stores among
    /// them.</summary>
    private static bool IsInstruction(MethodBase method) =>
        method.DeclaringType == typeof(Unsafe)
        || ((method.DeclaringType!.Namespace ?? "").StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal)
            && !method.Name.StartsWith("Load", StringComparison.Ordinal) && !method.Name.StartsWith("Store", StringComparison.Ordinal));

    private static OpCode Read(byte[] code, ref int at)
    {
        short value = code[at++];
        if (value == 0xFE)
            value = (short)(0xFE00 | code[at++]);
        return OpCodesByValue[value];
    }

    private static int OperandLength(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
