using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Chooses the form of every convolution of a single sample, and moves what follows it into it: the sum of a residual block with
/// its activation, a 2 × 2 pool.</summary>
/// <remarks>
/// Vectors over the channels read no more than the image, and leave out what lies beside it; vectors over the pixels of a row need the
/// image in a frame of zeros. A form's cost is the vectors that it multiplies, half of them for 256 bits and less: by this the fuller
/// vectors win. Without 16 lanes the numbers differ, but their order seldom does.
/// Vectors over the channels leave the result [pixel][channel]. It stays so through further such convolutions and what works on single
/// values; where somebody else reads it, it is transposed.
/// </remarks>
internal static class SingleConvolutions
{
    /// <summary>Widest kernel whose columns are unrolled for each tile at the edge.</summary>
    private const int WidestClipped = 7;

    /// <summary>Rewrites the graph's nodes.</summary>
    public static void Run(NetworkGraph graph)
    {
        if (graph.Nodes.Any(node => node.Operation is ConvolutionOperation))
            graph.Nodes = new Rewriter(graph).Run();
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

    /// <summary>A convolution of single pixels is one of a single row.</summary>
    private static ConvolutionGeometry Flat(ConvolutionGeometry geometry)
    {
        bool isPointwise = !geometry.IsTransposed && IsPoint(geometry.Y) && IsPoint(geometry.X);
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
        ConvolutionSide own = geometry.Operand;
        FrameGeometry frame = new(
            own.Channels * geometry.Groups, own.Height, own.Width, own.Height + top + bottom, own.Width + left + right, top, left);
        Tensor framed = new(
            -4, node.Name + "_framed", new Shape(frame.Channels, frame.OuterHeight, frame.OuterWidth), TensorRole.Activation);
        Node padding = new(new ZeroPadOperation(frame), node.Name, [x], [framed]);
        framed.Producer = padding;
        nodes.Add(padding);
        return (framed, geometry with { Y = rows, X = columns });
    }

    /// <summary>Zeros that an axis of the operand needs before and behind, and the axis with them.</summary>
    private static (int Before, int Behind, ConvolutionAxis Axis) Frame(ConvolutionAxis axis, bool isTransposed)
    {
        int before = 0, behind = 0;
        foreach (AxisSweep sweep in axis.Sweeps(isTransposed).Where(sweep => sweep.Taps > 0))
        {
            int last = sweep.FirstOperand + ((sweep.Count - 1) * sweep.OperandStep) + ((sweep.Taps - 1) * sweep.TapDistance);
            before = Math.Max(before, -sweep.FirstOperand);
            behind = Math.Max(behind, last + 1 - sweep.Extent);
        }

        return (before, behind, isTransposed
            ? axis with { Output = axis.Output + before + behind, Padding = axis.Padding + (before * axis.Stride) }
            : axis with { Input = axis.Input + before + behind, Padding = axis.Padding - before });
    }

    /// <summary>A convolution and the nodes that move into it.</summary>
    private sealed class Chain(Node first, ConvolutionOperation convolution)
    {
        public ConvolutionOperation Convolution { get; } = convolution;

        /// <summary>The convolution and its pool, where there is one.</summary>
        public List<Node> Nodes { get; } = [first];

        public FusedPool Pool { get; set; }

        /// <summary>A node that adds something to the result, or null; it stays by itself where that lies in another order.</summary>
        public Node? Sum { get; set; }

        public Tensor Output => Nodes[Nodes.Count - 1].Output;
    }

    private sealed class Rewriter(NetworkGraph graph)
    {
        private readonly Dictionary<Tensor, int> consumers = graph.CountConsumers();
        private readonly List<Node> nodes = [];

        /// <summary>Chains by the node at whose place they run: by then all that they read is there.</summary>
        private readonly Dictionary<Node, Chain> chains = [];

        /// <summary>The other nodes of chains.</summary>
        private readonly HashSet<Node> taken = [];

        /// <summary>Values that are there as [pixel][channel].</summary>
        private readonly Dictionary<Tensor, Tensor> pixels = [];

        public IReadOnlyList<Node> Run()
        {
            foreach (Node node in graph.Nodes)
            {
                if (node.Operation is ConvolutionOperation convolution)
                    Follow(new Chain(node, convolution));
            }

            foreach (Node node in graph.Nodes)
            {
                if (chains.TryGetValue(node, out Chain? chain))
                    AddChain(chain);
                else if (!taken.Contains(node))
                    AddOther(node);
            }

            HashSet<Tensor> read = [graph.Output, .. nodes.SelectMany(node => node.Inputs)];
            return [.. nodes.Where(node => node.Operation is not ChannelsFirstOperation || read.Contains(node.Output))];
        }

        private void Follow(Chain chain)
        {
            if (Next(chain) is Node pool && PoolOf(chain.Convolution.Geometry, pool) is not FusedPool.None and FusedPool kind)
            {
                chain.Pool = kind;
                chain.Nodes.Add(pool);
            }
            else if (chain.Convolution.Activation is null && !chain.Convolution.Geometry.IsTransposed
                && Next(chain) is { Operation: AddOperation } sum && !chains.ContainsKey(sum))
            {
                chain.Sum = sum;
            }

            Node place = chain.Sum ?? chain.Nodes[chain.Nodes.Count - 1];
            chains.Add(place, chain);
            taken.UnionWith(chain.Nodes.Where(node => node != place));
        }

        /// <summary>The only node that reads a chain's result, or null.</summary>
        private Node? Next(Chain chain) => chain.Output != graph.Output && consumers[chain.Output] == 1
            ? graph.Nodes.First(node => node.Inputs.Contains(chain.Output))
            : null;

        private void AddChain(Chain chain)
        {
            Node convolution = chain.Nodes[0];
            ConvolutionGeometry geometry = chain.Pool != FusedPool.None ? chain.Convolution.Geometry : Flat(chain.Convolution.Geometry);
            bool overChannels = PrefersChannels(geometry);
            Tensor? other = chain.Sum?.Inputs.Single(input => input != chain.Output);
            if (other is not null && overChannels)
                other = pixels.TryGetValue(other, out Tensor? twin) ? twin : null;
            ElementwiseFunction? activation = other is null
                ? chain.Convolution.Activation
                : ((AddOperation)chain.Sum!.Operation).Activation;
            ConvolutionEpilogue epilogue = new(chain.Convolution.IsScaled, other is not null, activation, chain.Pool);

            Tensor x = convolution.Inputs[0];
            bool readsPixels = false;
            if (!overChannels || geometry.X.Kernel > WidestClipped)
                (x, geometry) = Framed(nodes, convolution, x, geometry);
            if (overChannels && pixels.TryGetValue(x, out Tensor? inPixels))
                (x, readsPixels) = (inPixels, true);
            SingleConvolutionOperation operation = new(geometry, chain.Convolution.HasBias, epilogue, overChannels, readsPixels);
            Tensor[] inputs = [x, .. convolution.Inputs.Skip(1), .. other is null ? Array.Empty<Tensor>() : [other]];
            Tensor output = other is null ? chain.Output : chain.Sum!.Output;
            string name = string.Join(", ", chain.Nodes.Concat(other is null ? [] : [chain.Sum!]).Select(node => node.Name));
            Add(operation, name, inputs, output, overChannels);
            if (chain.Sum is not null && other is null)
                AddOther(chain.Sum);
        }

        /// <summary>What works on single values takes them in the order in which all of its operands are there.</summary>
        private void AddOther(Node node)
        {
            bool keepsOrder = node.Operation is ElementwiseOperation or AddOperation or MultiplyOperation;
            if (keepsOrder && node.Inputs.All(pixels.ContainsKey))
                Add(node.Operation, node.Name, [.. node.Inputs.Select(input => pixels[input])], node.Output, inPixels: true);
            else
                nodes.Add(node);
        }

        /// <summary>A node whose result may be [pixel][channel]; for whoever wants it as documented there is that as well.</summary>
        private void Add(Operation operation, string name, Tensor[] inputs, Tensor output, bool inPixels)
        {
            // Where there is one pixel, or one channel, both orders are the same.
            int channels = output.Shape.Extents[0];
            bool differs = inPixels && channels > 1 && output.Shape.Length > channels;
            Tensor result = differs ? new Tensor(-3, output.Name + "_pixels", output.Shape, TensorRole.Activation) : output;
            result.Producer = new Node(operation, name, inputs, [result]);
            nodes.Add(result.Producer);
            if (inPixels)
                pixels[output] = result;
            if (!differs)
                return;
            output.Producer = new Node(new ChannelsFirstOperation(), name, [result], [output]);
            nodes.Add(output.Producer);
        }
    }
}
