using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints kernels' bodies in place of calls: for networks so small that a call costs as much as a layer.</summary>
internal sealed class InlineWriter(SourceWriter writer, ProgramPlan program, InstructionSet isa)
    : StepWriter(writer, new KernelSet(), program.Memory, single: true)
{
    private readonly SourceWriter writer = writer;

    /// <summary>The kernels printed so far.</summary>
    public List<Kernel> Printed { get; } = [];

    /// <summary>Keeps the tensors' names apart from those inside the bodies.</summary>
    protected override string NameSuffix => "_";

    public override void Call(Kernel kernel, params string[] arguments)
    {
        Printed.Add(kernel);
        writer.Line($"// {kernel.Summary}");
        using (writer.OpenScope())
        {
            for (int i = 0; i < arguments.Length; i++)
                writer.Line($"{kernel.Parameters[i].Declaration} = {arguments[i]};");
            if (kernel.Parameters.Count > arguments.Length)
                writer.Line("const int stride = 0, samples = 1;");
            if (isa.IsScalar)
                kernel.EmitScalar(writer);
            else
                kernel.EmitVector(writer, isa);
        }
    }

    protected override string Place(Tensor tensor) =>
        tensor.Storage == program.Graph.Input ? Address.At("input", tensor.Offset)
        : tensor.Storage == program.Graph.Output.Storage ? Address.At("output", tensor.Offset)
        : tensor.Role == TensorRole.Activation ? Address.At("buffer", program.Memory.OffsetOf(tensor))
        : base.Place(tensor);
}
