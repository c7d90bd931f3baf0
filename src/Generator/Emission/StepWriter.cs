using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the body of a step method: a list of kernel calls.</summary>
/// <remarks>
/// The printed code sees <c>p</c>, the first parameter; <c>x</c>, the first sample; <c>a</c>, the working memory; <c>stride</c>, floats
/// from block to block; <c>samples</c>; <c>b</c>, what the batch shares; in training <c>scale</c>, <c>weights</c> of the samples and
/// <c>random</c>; where terms are summed in parts <c>worker</c> and <c>workers</c>; and where gradients are summed <c>g</c>, what they go
/// to or change, <c>v</c>, the optimizer's state beside it, <c>update</c> and <c>step</c>. Every tensor gets a name first.
/// </remarks>
internal class StepWriter(SourceWriter writer, KernelSet kernels, MemoryPlan memory, bool single)
{
    /// <summary>What the step methods call their own things, and the classes that they name.</summary>
    private static readonly HashSet<string> Reserved =
    [
        "Kernels", "Panels", "Unsafe", "p", "g", "v", "x", "a", "b", "stride", "samples", "scale", "weights", "random", "step", "update",
        "first", "last", "s", "Workers", "worker", "workers",
    ];

    private readonly Dictionary<Tensor, string> names = [];

    /// <summary>Most floats of gradients that wait for the optimizer at once.</summary>
    public int ScratchFloats { get; private set; }

    /// <summary>Whether gradients of parameters include those of their penalties.</summary>
    public bool AddsPenalties { get; init; }

    /// <summary>Prints one line.</summary>
    public void Line(string line) => writer.Line(line);

    /// <summary>A header and an open brace; disposing the result closes it.</summary>
    public SourceWriter.Block Open(string header) => writer.Open(header);

    /// <summary>Prints the tensors of the phases and then the calls of all their nodes.</summary>
    public void Run(params IReadOnlyList<Phase> phases)
    {
        Node[] nodes = [.. phases.SelectMany(phase => phase.Nodes).Where(node => node.Operation is not ViewOperation)];
        foreach (Tensor tensor in nodes.SelectMany(node => node.Inputs.Concat(node.Outputs)).Select(tensor => tensor.Place).Distinct())
        {
            // Gradients of parameters go where the step says.
            if (tensor.Role != TensorRole.ParameterGradient)
                Declare(tensor);
        }

        writer.Line();
        foreach (Node node in nodes)
        {
            if (single)
                node.Operation.EmitSingle(this, node);
            else
                node.Operation.EmitPanels(this, node);
        }
    }

    /// <summary>A reference to a tensor's first float.</summary>
    public string Ref(Tensor tensor) => $"ref {names[tensor.Place]}";

    /// <summary>A reference behind a tensor's first float.</summary>
    public string RefAt(Tensor tensor, int offset) => $"ref {Address.At(names[tensor.Place], offset)}";

    /// <summary>Floats of a tensor in a block.</summary>
    public int PanelFloats(Tensor tensor) => MemoryPlan.PanelFloats(tensor);

    /// <summary>Floats of a tensor in a single sample's memory.</summary>
    public int PaddedFloats(Tensor tensor) => Panel.Padded((int)tensor.Shape.Length);

    /// <summary>Calls a kernel; stride and samples are added where it takes them.</summary>
    public virtual void Call(Kernel kernel, params string[] arguments) =>
        writer.Line($"Kernels.{Use(kernel)}({string.Join(", ", WithExtent(kernel, arguments))});");

    /// <summary>Calls a weight gradient's kernel chunk by chunk on this worker's rows; the optimizer follows it.</summary>
    public void CallByRows(WeightGradient kernel, Node node, int rows, int rowLength) =>
        CallByRows(kernel, kernel.ChunkRows, node, rows, rowLength);

    /// <summary>Calls the kernel of a convolution's weight gradient in the same way.</summary>
    public void CallByRows(ConvolutionWeightGradient kernel, Node node) =>
        CallByRows(kernel, kernel.ChunkRows, node, kernel.Rows, kernel.RowLength, $", {kernel.Granularity}");

    /// <summary>Calls a kernel that sums by units; where it has one parameter, on this worker's units.</summary>
    public void CallByUnits(UnitSum kernel, Node node)
    {
        if (kernel.IsSplit)
            CallByRows(kernel, UnitSum.ChunkUnits, node, node.Output.Parameter!.Length, 1);
        else
            CallOnce(kernel, node);
    }

    /// <summary>Calls a kernel that adds up the blocks' sums, on this worker's floats where there are many.</summary>
    public void CallByFloats(BlockSum kernel, Node node)
    {
        if (kernel.IsSplit)
            CallByRows(kernel, BlockSum.ChunkFloats, node, node.Output.Parameter!.Length, 1);
        else
            CallOnce(kernel, node);
    }

    /// <summary>Calls a parameter gradient's kernel on each block of samples by itself; what it finds stays in the block.</summary>
    /// <param name="kernel">Takes the inputs, target, state and update, stride and samples.</param>
    /// <param name="node">The operation; its output is the target.</param>
    /// <param name="range">The kernel's further arguments.</param>
    public void CallByBlocks(Kernel kernel, Node node, params string[] range)
    {
        string Block(Tensor tensor) => $"ref Unsafe.Add({Ref(tensor)}, {Panel.Start})";
        string target = Block(node.Output);
        string[] arguments =
        [
            .. node.Inputs.Select(Block), target, target, "default(StoreGradient)", "stride", $"Math.Min({Panel.Lanes}, samples - s)",
            .. range,
        ];
        writer.Line($"for (int s = 0; s < samples; s += {Panel.Lanes})");
        writer.Line($"    Kernels.{Use(kernel)}({string.Join(", ", arguments)});");
    }

    /// <summary>Calls a kernel that takes a range after stride and samples.</summary>
    public void CallRange(Kernel kernel, int first, int last, string[] arguments, string indentation = "") =>
        writer.Line($"{indentation}Kernels.{Use(kernel)}({string.Join(", ", WithExtent(kernel, arguments))}, {first}, {last});");

    /// <summary>Calls a parameter gradient's kernel that is not worth splitting, and updates the parameter,
    /// or several back to back.</summary>
    public void CallOnce(Kernel kernel, Node node)
    {
        Parameter parameter = node.Output.Parameter!;
        int length = node.Outputs.Sum(output => output.Parameter!.Length);
        ScratchFloats = Math.Max(ScratchFloats, length);
        writer.Line($"// the gradient of {string.Join(" and ", node.Outputs.Select(output => output.Parameter!.Name))}, by one worker");
        using (writer.Open("if (step.IsFirst)"))
        {
            Call(kernel, WithUpdate(node, Identifier.Text(parameter.Offset)));
            Update(node, Identifier.Text(parameter.Offset), Identifier.Text(length));
        }
    }

    /// <summary>What is added to the tensors' names.</summary>
    protected virtual string NameSuffix => "";

    /// <summary>Where a tensor lies, as an lvalue.</summary>
    protected virtual string Place(Tensor tensor) => tensor.Role switch
    {
        TensorRole.Parameter or TensorRole.State => Address.At("p", tensor.Parameter!.Offset),
        TensorRole.Batch when !single => Address.At("b", memory.OffsetOf(tensor)),
        _ when !single && tensor.Storage.Role == TensorRole.Input => Address.At("x", tensor.Offset),
        _ => Address.At("a", memory.OffsetOf(tensor)),
    };

    private void CallByRows(Kernel kernel, int chunkRows, Node node, int rows, int rowLength, string granularity = "")
    {
        Parameter parameter = node.Output.Parameter!;
        string offset = $"{(parameter.Offset == 0 ? "" : $"{parameter.Offset} + ")}{Offset.Times("i", rowLength)}";
        string length = rowLength == 1 ? "end - i" : $"(end - i) * {rowLength}";
        ScratchFloats = Math.Max(ScratchFloats, Math.Min(chunkRows, rows) * rowLength);
        writer.Line($"// the gradient of {parameter.Name}, this worker's part of it");
        using (writer.OpenScope())
        {
            writer.Line($"(int first, int last) = step.Rows({rows}{granularity});");
            using (writer.Open($"for (int i = first; i < last; i += {chunkRows})"))
            {
                writer.Line($"int end = Math.Min(i + {chunkRows}, last);");
                writer.Line($"Kernels.{Use(kernel)}({string.Join(", ", WithExtent(kernel, WithUpdate(node, offset)))}, i, end);");
                Update(node, offset, length);
            }
        }
    }

    /// <summary>Names a tensor's memory after it: <c>dense1.weight</c> is dense1_weight, its gradient d_dense1_weight.</summary>
    private void Declare(Tensor tensor)
    {
        string name = Identifier.Of(tensor.Name.Replace("∂", "d_")) + NameSuffix;
        while (Reserved.Contains(name) || names.ContainsValue(name))
            name += "_";
        names.Add(tensor, name);
        string shape = tensor.Parameter is { Transposed: true } parameter
            ? $"[{string.Join(", ", parameter.Shape.Extents.Skip(1).Append(parameter.Shape.Extents[0]))}]"
            : tensor.Shape.ToString();
        writer.Line($"ref float {name} = ref {Place(tensor)}; // {shape}");
    }

    /// <summary>What a parameter gradient's kernel takes: its inputs, the target, the optimizer's state beside it and the update.</summary>
    private string[] WithUpdate(Node node, string offset)
    {
        IEnumerable<string> inputs = node.Inputs.Select(Ref);
        // Even an update that has no use for the state may touch it: it must be this worker's part.
        string state = $"ref Unsafe.Add(ref v, {offset})";
        return node.Output.Share switch
        {
            GradientShare.First => [.. inputs, $"ref step.Sum({offset})", state, "default(StoreGradient)"],
            GradientShare.Next or GradientShare.Last => [.. inputs, $"ref step.Sum({offset})", state, "default(AddGradient)"],
            _ when Penalizes(node.Output.Parameter!) => [.. inputs, $"ref step.PenalizedTarget({offset})", state, "default(StoreGradient)"],
            _ => [.. inputs, $"ref step.Target(ref g, {offset})", state, "update"],
        };
    }

    /// <summary>Prints what follows a parameter gradient's kernel: nothing before the last of several gradients of one parameter. A penalty
    /// is added first, so no kernel can update what it concerns.</summary>
    private void Update(Node node, string offset, string length)
    {
        Parameter parameter = node.Output.Parameter!;
        string range = $"{offset}, {length}, decay: {(parameter.Decays ? "true" : "false")}";
        string penalties = $"{Literal.Of(parameter.L1)}, {Literal.Of(parameter.L2)}";
        switch (node.Output.Share)
        {
            case GradientShare.Whole:
                writer.Line(Penalizes(parameter) ? $"step.UpdatePenalized({range}, {penalties});" : $"step.Update({range});");
                break;
            case GradientShare.Last:
                if (Penalizes(parameter))
                    writer.Line($"step.AddPenalty({offset}, {length}, {penalties});");
                writer.Line($"step.UpdateSum({range});");
                break;
        }
    }

    private bool Penalizes(Parameter parameter) => AddsPenalties && parameter.IsPenalized;

    private string Use(Kernel kernel)
    {
        kernels.Use(kernel);
        return kernel.Name;
    }

    private IEnumerable<string> WithExtent(Kernel kernel, string[] arguments)
    {
        bool takesExtent = kernel.Parameters.Any(parameter => parameter.Name == "samples");
        return takesExtent ? [.. arguments, single ? "0" : "stride", single ? "1" : "samples"] : arguments;
    }
}
