using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Where an optimizer's pass is: the parameters that are updated together, their gradients and their state.</summary>
/// <typeparam name="TVector">So many floats.</typeparam>
internal ref struct Sweep<TVector>
    where TVector : struct, IVector<TVector>
{
    private readonly ref float parameters, gradients, first, second, third;
    private readonly int last;
    private int index;

    /// <param name="parameters">The range of parameters.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="first">The first vector of their state, if there is one; likewise the next two.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <param name="start">Where to start in the range.</param>
    /// <param name="count">Length of the range.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Sweep(ref float parameters, ref float gradients, ref float first, ref float second, ref float third, int start, int count)
    {
        this.parameters = ref parameters;
        this.gradients = ref gradients;
        this.first = ref first;
        this.second = ref second;
        this.third = ref third;
        last = count - TVector.Count;
        index = start;
    }

    /// <summary>Whether a whole vector is left.</summary>
    public readonly bool Fits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => index <= last;
    }

    /// <summary>The parameters.</summary>
    public readonly TVector Parameter
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Load(ref parameters, index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TVector.Store(value, ref parameters, index);
    }

    /// <summary>Their gradients.</summary>
    public readonly TVector Gradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Load(ref gradients, index);
    }

    /// <summary>The first float of state of each.</summary>
    public readonly TVector First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Load(ref first, index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TVector.Store(value, ref first, index);
    }

    /// <summary>The second.</summary>
    public readonly TVector Second
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Load(ref second, index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TVector.Store(value, ref second, index);
    }

    /// <summary>The third.</summary>
    public readonly TVector Third
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Load(ref third, index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TVector.Store(value, ref third, index);
    }

    /// <summary>Goes on by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance() => index += TVector.Count;
}
