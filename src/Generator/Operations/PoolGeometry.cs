namespace NetGen.Generator.Operations;

/// <summary>Where the windows of a pooling layer lie on its input. A sequence of channels is an image of one row.</summary>
/// <param name="Channels">Planes; each is pooled by itself.</param>
/// <param name="Vertical">Along the rows of a plane.</param>
/// <param name="Horizontal">Along the columns.</param>
internal sealed record PoolGeometry(int Channels, PoolAxis Vertical, PoolAxis Horizontal)
{
    /// <summary>Values of a window.</summary>
    public int Area => Vertical.Size * Horizontal.Size;

    /// <summary>Values of a plane of the input.</summary>
    public int Plane => Vertical.Input * Horizontal.Input;

    /// <summary>Values of a plane of the output.</summary>
    public int OutputPlane => Vertical.Output * Horizontal.Output;

    /// <summary>Whether some windows hang over the input's edge.</summary>
    public bool IsClipped => Vertical.Padding > 0 || Horizontal.Padding > 0;

    /// <summary>Whether windows share values.</summary>
    public bool Overlaps => Vertical.Overlaps || Horizontal.Overlaps;

    /// <summary>Whether every value lies in exactly one window.</summary>
    public bool IsPartition => Vertical.IsPartition && Horizontal.IsPartition;

    /// <summary>Whether each plane is one window.</summary>
    public bool IsGlobal => !IsClipped && Area == Plane;

    /// <summary>Every constant of it, as part of a kernel's name.</summary>
    public string Name
    {
        get
        {
            string name = $"{Channels}x{Vertical.Input}x{Horizontal.Input}Size{Pair(axis => axis.Size)}";
            if (Vertical.Stride != Vertical.Size || Horizontal.Stride != Horizontal.Size)
                name += $"Stride{Pair(axis => axis.Stride)}";
            return IsClipped ? name + $"Padding{Pair(axis => axis.Padding)}" : name;
        }
    }

    /// <summary>Shape of the input, for comments.</summary>
    public string InputShape => $"[{Channels}, {Vertical.Input}, {Horizontal.Input}]";

    /// <summary>Shape of the output, for comments.</summary>
    public string OutputShape => $"[{Channels}, {Vertical.Output}, {Horizontal.Output}]";

    /// <summary>Shapes of input and output, for comments.</summary>
    public string Shapes => $"{InputShape} → {OutputShape}";

    private string Pair(Func<PoolAxis, int> extent) => extent(Vertical) == extent(Horizontal)
        ? Emission.Identifier.Text(extent(Horizontal))
        : $"{extent(Vertical)}x{extent(Horizontal)}";
}

/// <summary>Windows along one axis.</summary>
/// <param name="Input">Extent of the input.</param>
/// <param name="Size">Extent of a window.</param>
/// <param name="Stride">Steps from window to window.</param>
/// <param name="Padding">Steps by which the first window starts before the input.</param>
internal sealed record PoolAxis(int Input, int Size, int Stride, int Padding)
{
    /// <summary>The only window on an axis of extent 1.</summary>
    public static PoolAxis One { get; } = new(1, 1, 1, 0);

    /// <summary>Number of windows.</summary>
    public int Output => ((Input + (2 * Padding) - Size) / Stride) + 1;

    public bool Overlaps => Stride < Size && Output > 1;

    public bool IsPartition => Padding == 0 && Stride == Size && Input % Size == 0;

    /// <summary>The first window that does not start before the input.</summary>
    public int FirstWhole => Math.Min((Padding + Stride - 1) / Stride, Output);

    /// <summary>Behind the last window that does not end behind the input.</summary>
    public int EndWhole =>
        Input + Padding < Size ? FirstWhole : Math.Max(FirstWhole, Math.Min(((Input + Padding - Size) / Stride) + 1, Output));
}
