namespace NetGen.Generator.Kernels;

/// <summary>The kernels of one network: equal shapes share one, however many layers have them.</summary>
internal sealed class KernelSet
{
    private readonly Dictionary<string, Kernel> kernels = new(StringComparer.Ordinal);

    /// <summary>In the order of first use.</summary>
    public List<Kernel> InOrder { get; } = [];

    /// <summary>Adds a kernel unless there is one of its name.</summary>
    public void Use(Kernel kernel)
    {
        if (kernels.ContainsKey(kernel.Name))
            return;
        kernels.Add(kernel.Name, kernel);
        InOrder.Add(kernel);
    }
}
