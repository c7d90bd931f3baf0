using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Where each tensor lies in the working memory of one block of samples, or of a single sample.</summary>
/// <remarks>Tensors whose lives do not overlap share memory: each takes the lowest place that is free as long as it lives,
/// the earliest first or the largest first, whichever needs less.</remarks>
internal sealed class MemoryPlan
{
    private readonly Dictionary<Tensor, int> offsets = [];

    private MemoryPlan(long floats)
    {
        Floats = floats;
    }

    /// <summary>Floats of one block: the stride from block to block.</summary>
    public long Floats { get; }

    public int OffsetOf(Tensor tensor) => offsets[tensor.Storage];

    /// <summary>Floats of what the whole batch shares, beside the blocks.</summary>
    public int BatchFloats { get; private set; }

    /// <summary>Plans for blocks of samples, and beside them for what the batch shares: a few floats, each with a place of its own.</summary>
    public static MemoryPlan ForPanels(NetworkGraph graph, IReadOnlyList<Phase> phases)
    {
        MemoryPlan plan = Plan(graph, phases, PanelFloats, isSingle: false);
        foreach (Tensor tensor in phases.SelectMany(phase => phase.Tensors).Where(tensor => tensor.Role == TensorRole.Batch).Distinct())
        {
            plan.offsets.Add(tensor, plan.BatchFloats);
            plan.BatchFloats += Panel.Padded((int)tensor.Shape.Length);
        }

        return plan;
    }

    /// <summary>Plans for one sample, which is the batch.</summary>
    public static MemoryPlan ForSingle(NetworkGraph graph, IReadOnlyList<Phase> phases) =>
        Plan(graph, phases, tensor => Panel.Padded((int)tensor.Shape.Length), isSingle: true);

    /// <summary>Floats of a tensor in a block.</summary>
    public static int PanelFloats(Tensor tensor) => tensor.Producer?.Operation.OutputLayout switch
    {
        Layout.Rows => checked(Panel.Lanes * tensor.Shape.Rows * Panel.RowStride(tensor.Shape.Last)),
        Layout.Block => (int)tensor.Shape.Length,
        _ => checked(Panel.Lanes * (int)tensor.Shape.Length),
    };

    /// <summary>Places every tensor; blocks of samples leave the input where the caller has it, a single sample is copied in.</summary>
    private static MemoryPlan Plan(NetworkGraph graph, IReadOnlyList<Phase> phases, Func<Tensor, int> size, bool isSingle)
    {
        Dictionary<Tensor, (int First, int Last)> lives = FindLives(graph, [.. phases.SelectMany(phase => phase.Nodes)], isSingle);
        if (!isSingle)
            lives.Remove(graph.Input);
        var byTime = lives.OrderBy(life => life.Value.First).ThenBy(life => life.Key.Id);
        MemoryPlan early = Place(byTime, size), large = Place(byTime.OrderByDescending(life => size(life.Key)), size);
        return large.Floats < early.Floats ? large : early;
    }

    /// <summary>Gives each tensor, in the order given, the lowest place that is free as long as it lives.</summary>
    private static MemoryPlan Place(IEnumerable<KeyValuePair<Tensor, (int First, int Last)>> lives, Func<Tensor, int> size)
    {
        List<(Tensor Tensor, int First, int Last, long Start, long End)> placed = [];
        foreach (KeyValuePair<Tensor, (int First, int Last)> life in lives)
        {
            long start = 0, length = Panel.Padded(size(life.Key));
            foreach (var other in placed.Where(other => other.First <= life.Value.Last && life.Value.First <= other.Last).OrderBy(other => other.Start))
            {
                if (start + length <= other.Start)
                    break;
                start = Math.Max(start, other.End);
            }

            placed.Add((life.Key, life.Value.First, life.Value.Last, start, start + length));
        }

        MemoryPlan plan = new(placed.Count == 0 ? 0 : placed.Max(place => place.End));
        foreach (var place in placed)
            plan.offsets[place.Tensor] = checked((int)place.Start);
        return plan;
    }

    /// <summary>First and last step at which each tensor's memory holds something.</summary>
    private static Dictionary<Tensor, (int First, int Last)> FindLives(NetworkGraph graph, IReadOnlyList<Node> nodes, bool isSingle)
    {
        Dictionary<Tensor, (int First, int Last)> lives = [];
        foreach (Tensor? given in new[] { graph.Input, graph.Targets, graph.OutputGradient })
            Extend(given, -1);
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (Tensor tensor in nodes[i].Inputs.Concat(nodes[i].Outputs))
                Extend(tensor, i);
        }

        bool outputIsRead = graph.Purpose is GraphPurpose.Prediction or GraphPurpose.Evaluation;
        foreach (Tensor? result in new[] { outputIsRead ? graph.Output : null, graph.Losses, graph.InputGradient })
            Extend(result, nodes.Count);
        return lives;

        void Extend(Tensor? tensor, int step)
        {
            if (tensor?.Storage is not { Role: TensorRole.Input or TensorRole.Activation or TensorRole.Targets or TensorRole.Batch } storage
                || (storage.Role == TensorRole.Batch && !isSingle))
            {
                return;
            }

            lives[storage] = lives.TryGetValue(storage, out var life) ? (life.First, Math.Max(life.Last, step)) : (step, step);
        }
    }
}
