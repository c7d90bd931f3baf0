namespace NetGen;

/// <summary>Keeps the gradients of a step until all are there, scales them if their norm is too large, and then lets the optimizer
/// update.</summary>
internal sealed class NormClippingOptimizer(ITrainableNetwork network, Optimizer inner, float limit) : ClippingOptimizer(network, inner)
{
    private const byte Absent = 0, Plain = 1, Decaying = 2;
    private float[] gradients = [];
    private byte[] kinds = [];

    /// <summary>Threads write disjoint ranges.</summary>
    public override bool AllowsThreads => true;

    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
    {
        CheckRange(parameters.Length, gradients.Length, offset, this.gradients.Length);
        gradients.CopyTo(this.gradients.AsSpan(offset));
        kinds.AsSpan(offset, gradients.Length).Fill(decay ? Decaying : Plain);
    }

    public override void EndStep()
    {
        // A norm that is NaN scales nothing, an infinite one makes NaN: either reaches the parameters and is noticed there.
        double norm = Norm();
        if (norm > limit)
            Scale((float)(limit / norm));
        Inner.BeginStep(Network, gradients.Length);
        Span<float> parameters = Network.Parameters;
        for (int first = 0; first < kinds.Length;)
        {
            // What was not given, as that of frozen parameters, is not updated; neighbours of one kind are updated together.
            byte kind = kinds[first];
            int length = kinds.AsSpan(first).IndexOfAnyExcept(kind);
            length = length < 0 ? kinds.Length - first : length;
            if (kind != Absent)
                Inner.Update(parameters.Slice(first, length), gradients.AsSpan(first, length), first, kind == Decaying);
            first += length;
        }

        Array.Clear(kinds);
        Array.Clear(gradients);
    }

    protected override void Initialize(int parameterCount)
    {
        gradients = new float[parameterCount];
        kinds = new byte[parameterCount];
    }

    /// <summary>√Σg² in double precision, always summed in the same order.</summary>
    private double Norm()
    {
        // Four sums, so that additions need not wait for each other.
        double a = 0, b = 0, c = 0, d = 0;
        ReadOnlySpan<float> rest = gradients;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            a += (double)rest[0] * rest[0];
            b += (double)rest[1] * rest[1];
            c += (double)rest[2] * rest[2];
            d += (double)rest[3] * rest[3];
        }

        foreach (float gradient in rest)
            a += (double)gradient * gradient;
        return Math.Sqrt(a + b + (c + d));
    }

    private void Scale(float factor)
    {
        foreach (ref float gradient in gradients.AsSpan())
            gradient *= factor;
    }
}
