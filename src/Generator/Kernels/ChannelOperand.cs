namespace NetGen.Generator.Kernels;

/// <summary>How an operand of a kernel over channels is indexed.</summary>
internal enum ChannelExtent
{
    /// <summary>[outer][channels][inner] of every sample.</summary>
    Values,

    /// <summary>[groups] of every sample.</summary>
    Groups,

    /// <summary>[channels], the same for all samples.</summary>
    Channels,
}

/// <summary>One operand of a kernel over channels.</summary>
internal sealed record ChannelOperand(string Name, ChannelExtent Extent)
{
    public KernelParameter Parameter => Extent == ChannelExtent.Channels ? KernelParameter.Shared(Name) : KernelParameter.Block(Name);

    public static ChannelOperand Values(string name) => new(name, ChannelExtent.Values);
}
