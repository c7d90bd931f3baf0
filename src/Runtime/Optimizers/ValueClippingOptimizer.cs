using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Bounds each gradient, chunk by chunk on the stack of the thread that updates.</summary>
internal sealed class ValueClippingOptimizer(ITrainableNetwork network, Optimizer inner, float limit) : ClippingOptimizer(network, inner)
{
    private const int ChunkLength = 512;
    private readonly OptimizerState chunkState = new(ChunkLength, vectors: 0);
    private int parameterCount;

    public override bool AllowsThreads => Inner.AllowsThreads;

    internal override OptimizerState? State => Inner.State;

    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
    {
        CheckRange(parameters.Length, gradients.Length, offset, parameterCount);
        Span<float> chunk = stackalloc float[ChunkLength];
        for (int first = 0; first < parameters.Length; first += ChunkLength)
        {
            int count = Math.Min(ChunkLength, parameters.Length - first);
            Span<float> clipped = chunk[..count];
            OptimizerState.Update(chunkState, new Rule(limit), clipped, gradients.Slice(first, count), 0);
            Inner.Update(parameters.Slice(first, count), clipped, offset + first, decay);
        }
    }

    public override void EndStep()
    {
    }

    protected override void Initialize(int parameterCount) => this.parameterCount = parameterCount;

    protected override void Prepare() => Inner.BeginStep(Network, parameterCount);

    /// <summary>What is written are the clipped gradients; NaN stays NaN.</summary>
    private readonly struct Rule(float limit) : IUpdateRule
    {
        private readonly float limit = limit;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector upper = limit, lower = -limit;
            for (; at.Fits; at.Advance())
                at.Parameter = TVector.Min(TVector.Max(at.Gradient, lower), upper);
        }
    }
}
