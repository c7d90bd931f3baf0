using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the body of a step method: a list of kernel calls.</summary>
/// <remarks>
/// The printed code sees <c>p</c>, the first parameter; <c>g</c>, the first gradient; <c>a</c>, the working memory; <c>stride</c>, floats from
/// block to block; <c>samples</c>; in training <c>scale</c>, and where parameters are updated <c>step</c>.
/// </remarks>
internal sealed class StepWriter(SourceWriter writer, KernelSet kernels, MemoryPlan memory, bool single)
{
    /// <summary>Prints one line.</summary>
    public void Line(string line) => writer.Line(line);

    /// <summary>Prints the calls of all nodes of a phase, each under a comment that names it.</summary>
    public void Run(Phase phase)
    {
        foreach (Node node in phase.Nodes.Where(node => node.Operation is not Operations.ViewOperation))
        {
            string shapes = string.Join(", ", node.Inputs.Where(input => input.Role != TensorRole.Parameter));
            writer.Line($"// {node.Operation.Name} of {node.Name}: {shapes} → {string.Join(", ", node.Outputs)}");
            if (single)
                node.Operation.EmitSingle(this, node);
            else
                node.Operation.EmitPanels(this, node);
        }
    }

    /// <summary>A reference to a tensor's first float.</summary>
    public string Ref(Tensor tensor) => RefAt(tensor, 0);

    /// <summary>A reference behind a tensor's first float.</summary>
    public string RefAt(Tensor tensor, int offset) => tensor.Role switch
    {
        TensorRole.Parameter or TensorRole.State => $"ref {Address.At("p", tensor.Parameter!.Offset + offset)}",
        TensorRole.ParameterGradient => $"ref {Address.At("g", tensor.Parameter!.Offset + offset)}",
        _ => $"ref {Address.At("a", memory.OffsetOf(tensor) + offset)}",
    };

    /// <summary>Floats of a tensor in a block.</summary>
    public int PanelFloats(Tensor tensor) => MemoryPlan.PanelFloats(tensor);

    /// <summary>Floats of a tensor in a single sample's memory.</summary>
    public int PaddedFloats(Tensor tensor) => Panel.Padded((int)tensor.Shape.Length);

    /// <summary>Calls a kernel; stride and samples are added where it takes them.</summary>
    public void Call(Kernel kernel, params string[] arguments) => writer.Line($"Kernels.{Use(kernel)}({string.Join(", ", WithExtent(kernel, arguments))});");

    /// <summary>Calls a parameter gradient's kernel on this worker's rows and updates them.</summary>
    /// <param name="kernel">Takes first and last row at the end.</param>
    /// <param name="node">Its output is the gradient.</param>
    /// <param name="rows">Rows of the parameter as it is stored.</param>
    /// <param name="rowLength">Floats per row.</param>
    public void CallByRows(Kernel kernel, Node node, int rows, int rowLength)
    {
        Parameter parameter = node.Output.Parameter!;
        using (writer.OpenScope())
        {
            writer.Line($"(int first, int last) = step.Rows({rows});");
            string arguments = string.Join(", ", WithExtent(kernel, [.. node.Inputs.Concat(node.Outputs).Select(Ref)]));
            writer.Line($"Kernels.{Use(kernel)}({arguments}, first, last);");
            writer.Line($"step.Update({parameter.Offset} + first * {rowLength}, (last - first) * {rowLength}, decay: {(parameter.Decays ? "true" : "false")});");
        }
    }

    /// <summary>Calls a parameter gradient's kernel that is not worth splitting, and updates the parameter.</summary>
    public void CallOnce(Kernel kernel, Node node)
    {
        Parameter parameter = node.Output.Parameter!;
        using (writer.Open("if (step.IsFirst)"))
        {
            Call(kernel, [.. node.Inputs.Concat(node.Outputs).Select(Ref)]);
            writer.Line($"step.Update({parameter.Offset}, {parameter.Length}, decay: {(parameter.Decays ? "true" : "false")});");
        }
    }

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
