using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Chooses the form of every convolution of a single sample, and moves a 2 × 2 pool behind it into it.</summary>
/// <remarks>
/// Vectors over the channels read no more than the image, and leave out what lies beside it; vectors over the pixels of a row need the image in
/// a frame of zeros. A form's cost is the vectors that it multiplies, half of them for 256 bits and less: by this the fuller vectors win.
/// Without 16 lanes the numbers differ, but their order seldom does.
/// </remarks>
internal static class SingleConvolutions
{
    /// <summary>Widest kernel whose columns are unrolled for each tile at the edge.</summary>
    private const int WidestClipped = 7;

    /// <summary>Rewrites the graph's nodes.</summary>
    public static void Run(NetworkGraph graph)
    {
        Dictionary<Tensor, int> consumers = graph.CountConsumers();
        List<Node> nodes = [];
        HashSet<Node> gone = [];
        foreach (Node node in graph.Nodes)
        {
            if (gone.Contains(node))
                continue;
            if (node.Operation is not ConvolutionOperation convolution)
            {
                nodes.Add(node);
                continue;
            }

            Node? next = node.Output != graph.Output && consumers[node.Output] == 1
                ? graph.Nodes.First(other => other.Inputs.Contains(node.Output))
                : null;
            FusedPool pool = next is null ? FusedPool.None : PoolOf(convolution.Geometry, next);
            if (pool != FusedPool.None)
                gone.Add(next!);
            Replace(nodes, node, convolution, pool, pool == FusedPool.None ? node.Output : next!.Output);
        }

        graph.Nodes = nodes;
    }

    /// <summary>Whether vectors over the channels serve better than those over the pixels of a row.</summary>
    public static bool PrefersChannels(ConvolutionGeometry geometry)
    {
        if (geometry.IsTransposed)
            return false;
        if (geometry.X.Stride > 2)
            return true;
        // To bring every other column together costs about as much as to multiply it by two channels.
        int overPixels = LaneCost(geometry.X.Output) * (geometry.OutputsPerGroup + (geometry.X.Stride == 2 ? 2 : 0));
        return LaneCost(geometry.OutputsPerGroup) * geometry.X.Output <= overPixels;
    }

    /// <summary>Vectors of 8 lanes that hold so many.</summary>
    private static int LaneCost(int lanes) => (lanes + 7) / 8;

    /// <summary>The pool that a node is, where a convolution can take it in.</summary>
    private static FusedPool PoolOf(ConvolutionGeometry geometry, Node node)
    {
        (PoolGeometry? shape, FusedPool pool) = node.Operation switch
        {
            MaxPoolOperation max => (max.Geometry, FusedPool.Max),
            SumPoolOperation { Scale: 0.25f } mean => (mean.Geometry, FusedPool.Average),
            _ => ((PoolGeometry?)null, FusedPool.None),
        };
        bool fits = shape is { Area: 4, IsClipped: false, Vertical: { Size: 2, Stride: 2 }, Horizontal: { Size: 2, Stride: 2 } }
            && !geometry.IsTransposed
            && (PrefersChannels(geometry) ? geometry.Y.Forward().IsInside : geometry.X.Output >= 4);
        return fits ? pool : FusedPool.None;
    }

    private static void Replace(List<Node> nodes, Node node, ConvolutionOperation convolution, FusedPool pool, Tensor output)
    {
        ConvolutionGeometry geometry = Flat(convolution.Geometry, pool);
        bool overChannels = PrefersChannels(geometry);
        Tensor x = node.Inputs[0];
        if (!overChannels || geometry.X.Kernel > WidestClipped)
            (x, geometry) = Framed(nodes, node, x, geometry);
        // Where there is one pixel, or one channel, both orders are the same.
        int channels = output.Shape.Extents[0];
        bool transposes = overChannels && channels > 1 && output.Shape.Length > channels;
        Tensor result = transposes ? new Tensor(-3, output.Name + "_pixels", output.Shape, TensorRole.Activation) : output;
        Node product = new(
            new SingleConvolutionOperation(geometry, convolution.HasBias, convolution.Activation, pool, overChannels, convolution.IsScaled), node.Name,
            [x, .. node.Inputs.Skip(1)], [result]);
        result.Producer = product;
        nodes.Add(product);
        if (!transposes)
            return;
        Node transposition = new(new ChannelsFirstOperation(), node.Name, [result], [output]);
        output.Producer = transposition;
        nodes.Add(transposition);
    }

    /// <summary>A convolution of single pixels is one of a single row.</summary>
    private static ConvolutionGeometry Flat(ConvolutionGeometry geometry, FusedPool pool)
    {
        bool isPointwise = pool == FusedPool.None && !geometry.IsTransposed && IsPoint(geometry.Y) && IsPoint(geometry.X);
        return isPointwise
            ? geometry with { Y = ConvolutionAxis.Single, X = ConvolutionAxis.Of(geometry.InputPositions, 1, 1, 0, 1) }
            : geometry;

        static bool IsPoint(ConvolutionAxis axis) => axis is { Kernel: 1, Stride: 1, Padding: 0 } && axis.Input == axis.Output;
    }

    /// <summary>Puts the operand into a frame of zeros, so that every tap lies inside.</summary>
    private static (Tensor X, ConvolutionGeometry Geometry) Framed(List<Node> nodes, Node node, Tensor x, ConvolutionGeometry geometry)
    {
        (int top, int bottom, ConvolutionAxis rows) = Frame(geometry.Y, geometry.IsTransposed);
        (int left, int right, ConvolutionAxis columns) = Frame(geometry.X, geometry.IsTransposed);
        if (top == 0 && bottom == 0 && left == 0 && right == 0)
            return (x, geometry);
        int channels = geometry.IsTransposed ? geometry.Outputs : geometry.Inputs;
        int height = geometry.IsTransposed ? geometry.Y.Output : geometry.Y.Input, width = geometry.IsTransposed ? geometry.X.Output : geometry.X.Input;
        FrameGeometry frame = new(channels, height, width, height + top + bottom, width + left + right, top, left);
        Tensor framed = new(-4, node.Name + "_framed", new Shape(channels, frame.OuterHeight, frame.OuterWidth), TensorRole.Activation);
        Node padding = new(new ZeroPadOperation(frame), node.Name, [x], [framed]);
        framed.Producer = padding;
        nodes.Add(padding);
        return (framed, geometry with { Y = rows, X = columns });
    }

    /// <summary>Zeros that an axis of the operand needs before and behind, and the axis with them.</summary>
    private static (int Before, int Behind, ConvolutionAxis Axis) Frame(ConvolutionAxis axis, bool isTransposed)
    {
        IReadOnlyList<AxisSweep> sweeps = isTransposed ? axis.Backward() : [axis.Forward()];
        int before = 0, behind = 0;
        foreach (AxisSweep sweep in sweeps.Where(sweep => sweep.Taps > 0))
        {
            int last = sweep.FirstOperand + ((sweep.Count - 1) * sweep.OperandStep) + ((sweep.Taps - 1) * sweep.TapDistance);
            before = Math.Max(before, -sweep.FirstOperand);
            behind = Math.Max(behind, last + 1 - sweep.Extent);
        }

        return (before, behind, isTransposed
            ? axis with { Output = axis.Output + before + behind, Padding = axis.Padding + (before * axis.Stride) }
            : axis with { Input = axis.Input + before + behind, Padding = axis.Padding - before });
    }
}
