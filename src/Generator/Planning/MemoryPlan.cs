using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Where each tensor lies in the working memory of one block of samples, or of a single sample.</summary>
/// <remarks>
/// Tensors whose lives do not overlap share memory: each takes the lowest place that is free as long as it lives, the earliest first or the
/// largest first, whichever needs less. A tensor made of parts that are written or read by themselves, such as a concatenation, holds its
/// place only part by part: what will be written late is somebody else's until then.
/// </remarks>
internal sealed class MemoryPlan
{
    private readonly Dictionary<Tensor, int> offsets = [];
    private readonly int lanes;

    private MemoryPlan(long floats, int lanes)
    {
        Floats = floats;
        this.lanes = lanes;
    }

    /// <summary>Floats of one block: the stride from block to block.</summary>
    public long Floats { get; }

    public int OffsetOf(Tensor tensor) => offsets[tensor.Storage] + (tensor.Offset * lanes);

    /// <summary>Floats of what the whole batch shares, beside the blocks.</summary>
    public int BatchFloats { get; private set; }

    /// <summary>Plans for blocks of samples, and beside them for what the batch shares:
    /// a few floats, each with a place of its own.</summary>
    public static MemoryPlan ForPanels(NetworkGraph graph, IReadOnlyList<Phase> phases)
    {
        MemoryPlan plan = Plan(graph, phases, PanelFloats, Panel.Lanes, isSingle: false);
        foreach (Tensor tensor in phases.SelectMany(phase => phase.Tensors).Where(tensor => tensor.Role == TensorRole.Batch).Distinct())
        {
            plan.offsets.Add(tensor, plan.BatchFloats);
            plan.BatchFloats += Panel.Padded((int)tensor.Shape.Length);
        }

        return plan;
    }

    /// <summary>Plans for one sample, which is the batch.</summary>
    public static MemoryPlan ForSingle(NetworkGraph graph, IReadOnlyList<Phase> phases) =>
        Plan(graph, phases, tensor => Panel.Padded((int)tensor.Shape.Length), lanes: 1, isSingle: true);

    /// <summary>Floats of a tensor in a block.</summary>
    public static int PanelFloats(Tensor tensor) => tensor.Producer?.Operation.OutputLayout switch
    {
        Layout.Rows => checked(Panel.Lanes * tensor.Shape.Rows * Panel.RowStride(tensor.Shape.Last)),
        Layout.Block => (int)tensor.Shape.Length,
        _ => checked(Panel.Lanes * (int)tensor.Shape.Length),
    };

    /// <summary>Places every tensor; blocks of samples leave the input where the caller has it, a single sample is copied in.</summary>
    private static MemoryPlan Plan(NetworkGraph graph, IReadOnlyList<Phase> phases, Func<Tensor, int> size, int lanes, bool isSingle)
    {
        IReadOnlyList<Life> lives = [.. FindLives(graph, [.. phases.SelectMany(phase => phase.Nodes)], size, lanes, isSingle)
            .Where(life => isSingle || life.Tensor != graph.Input)
            .OrderBy(life => life.First).ThenBy(life => life.Tensor.Id)];
        MemoryPlan early = Place(lives, lanes), large = Place(lives.OrderByDescending(life => life.Parts.Max(part => part.End)), lanes);
        return large.Floats < early.Floats ? large : early;
    }

    /// <summary>Gives each tensor, in the order given, the lowest place that is free as long as it lives.</summary>
    private static MemoryPlan Place(IEnumerable<Life> lives, int lanes)
    {
        List<(Tensor Tensor, long Start)> places = [];
        List<Part> placed = [];
        foreach (Life life in lives)
        {
            long start = LowestPlace(
                life, [.. placed.Where(other => life.Parts.Any(part => part.LivesWith(other))).OrderBy(other => other.Start)]);
            places.Add((life.Tensor, start));
            placed.AddRange(life.Parts.Select(part => part with { Start = start + part.Start, End = start + part.End }));
        }

        MemoryPlan plan = new(placed.Count == 0 ? 0 : Panel.Padded(checked((int)placed.Max(part => part.End))), lanes);
        foreach ((Tensor tensor, long start) in places)
            plan.offsets[tensor] = checked((int)start);
        return plan;
    }

    /// <summary>The lowest place that meets none of the others, which come in the order of theirs.</summary>
    private static long LowestPlace(Life life, IReadOnlyList<Part> others)
    {
        long start = 0, before;
        do
        {
            before = start;
            foreach (Part other in others)
            {
                foreach (Part part in life.Parts)
                {
                    // Every place up to there meets the same one.
                    if (part.Meets(other, start))
                        start = Panel.Padded(checked((int)(other.End - part.Start)));
                }
            }
        }
        while (start > before && life.Parts.Count > 1);
        return start;
    }

    /// <summary>When each tensor's memory holds something, part by part.</summary>
    private static IEnumerable<Life> FindLives(
        NetworkGraph graph, IReadOnlyList<Node> nodes, Func<Tensor, int> size, int lanes, bool isSingle)
    {
        Dictionary<Tensor, List<Part>> uses = [];
        foreach (Tensor? given in new[] { graph.Input, graph.Targets, graph.OutputGradient })
            Use(given, -1);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].Operation is ViewOperation)
                continue;
            foreach (Tensor tensor in nodes[i].Inputs.Concat(nodes[i].Outputs))
                Use(tensor, i);
        }

        bool outputIsRead = graph.Purpose is GraphPurpose.Prediction or GraphPurpose.Evaluation;
        foreach (Tensor? result in new[] { outputIsRead ? graph.Output : null, graph.Losses, graph.InputGradient })
            Use(result, nodes.Count);
        return uses.Select(pair => new Life(pair.Key, Part.Cut(pair.Value)));

        void Use(Tensor? tensor, int step)
        {
            if (tensor?.Storage is not { Role: TensorRole.Input or TensorRole.Activation or TensorRole.Targets or TensorRole.Batch } storage
                || (storage.Role == TensorRole.Batch && !isSingle))
            {
                return;
            }

            if (!uses.TryGetValue(storage, out List<Part>? parts))
                uses.Add(storage, parts = []);
            long start = (long)tensor.Offset * lanes;
            parts.Add(new Part(start, start + size(tensor), step, step));
        }
    }

    /// <summary>A tensor that owns memory, and when each part of it holds something.</summary>
    private sealed record Life(Tensor Tensor, IReadOnlyList<Part> Parts)
    {
        public int First => Parts.Min(part => part.First);
    }

    /// <summary>Floats from Start to End, at the steps First to Last.</summary>
    private sealed record Part(long Start, long End, int First, int Last)
    {
        public bool LivesWith(Part other) => First <= other.Last && other.First <= Last;

        /// <summary>Whether it needs a place that the other one has at the same time, when it is moved by so many floats.</summary>
        public bool Meets(Part other, long by) => LivesWith(other) && Start + by < other.End && other.Start < End + by;

        /// <summary>Cuts overlapping uses into neighbours, each from its first use to its last.</summary>
        public static IReadOnlyList<Part> Cut(IReadOnlyList<Part> uses)
        {
            long[] borders = [.. uses.SelectMany(use => new[] { use.Start, use.End }).Distinct().OrderBy(border => border)];
            List<Part> parts = [];
            for (int i = 0; i + 1 < borders.Length; i++)
            {
                IReadOnlyList<Part> here = [.. uses.Where(use => use.Start <= borders[i] && borders[i + 1] <= use.End)];
                if (here.Count > 0)
                    parts.Add(new Part(borders[i], borders[i + 1], here.Min(use => use.First), here.Max(use => use.Last)));
            }

            return parts;
        }
    }
}
