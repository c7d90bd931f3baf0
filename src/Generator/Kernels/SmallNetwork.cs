using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Kernels;

/// <summary>A whole small network on one sample, as straight-line code: from the caller's input to the caller's output.</summary>
internal sealed class SmallNetwork(ProgramPlan program) : Kernel
{
    /// <summary>Multiply-adds of a network that counts as small: its prediction takes about as long as its calls would.</summary>
    private const long Limit = 2048;

    /// <summary>Tensors that live between the layers, in floats.</summary>
    private const int BufferLimit = 512;

    public override string Name => "PredictSmall";

    public override string Summary =>
        $"The prediction of one sample, {program.Graph.Input.Shape} → {program.Graph.Output.Shape}, in one method.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Shared("input"), KernelParameter.Shared("p"), KernelParameter.Shared("output")];

    /// <summary>No vector is wider than the widest layer: a wider one would only wait for what narrower ones have stored.</summary>
    public override int WidestLanes
    {
        get
        {
            int units = program.Graph.Nodes.Where(node => node.Operation is DenseOperation).Max(node => node.Output.Shape.Last);
            return InstructionSet.Vectors.Last(isa => isa.Lanes >= Math.Min(units, 16)).Lanes;
        }
    }

    /// <summary>Whether anything lives between the layers.</summary>
    public bool HasBuffer => program.Graph.Nodes.Count(node => node.Operation is not ViewOperation) > 1;

    /// <summary>Floats that live between the layers, on the stack.</summary>
    public long BufferFloats => program.Memory.Floats;

    /// <summary>Whether a network is small, and such that its first and last steps touch the caller's memory exactly.</summary>
    public static bool Fits(ProgramPlan program, IEnumerable<LayerSummary> layers)
    {
        IReadOnlyList<Node> nodes = [.. program.Graph.Nodes.Where(node => node.Operation is not ViewOperation)];
        return nodes.Count > 0
            && nodes.All(node => IsInline(program, node) && node.Output.Shape.Rank == 1)
            && nodes.Any(node => node.Operation is DenseOperation)
            && layers.Sum(layer => layer.MultiplyAdds) <= Limit
            && program.Memory.Floats <= BufferLimit
            && VariableBudget.Allows(new SmallNetwork(program));
    }

    /// <summary>Whether a step writes its output exactly, and reads the caller's input exactly.</summary>
    private static bool IsInline(ProgramPlan program, Node node) => node.Operation switch
    {
        DenseOperation => true,
        UnitwiseOperation => node.Inputs[0].Storage != program.Graph.Input,
        _ => false,
    };

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa)
    {
        InlineWriter inline = new(new SourceWriter(), program, isa);
        inline.Run(program.Phases);
        return inline.Printed.SelectMany(kernel => kernel.Functions(isa));
    }

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        if (HasBuffer)
        {
            w.Line("Buffer floats = default;");
            w.Line("ref float buffer = ref Unsafe.As<Buffer, float>(ref floats);");
        }

        new InlineWriter(w, program, isa).Run(program.Phases);
    }
}
