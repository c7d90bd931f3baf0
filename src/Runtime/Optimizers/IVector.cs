namespace NetGen;

/// <summary>Some floats that are computed on together. An optimizer's formula is written once against it and compiled for every
/// width.</summary>
/// <remarks>Every operation rounds alike in every width, so that results do not depend on where a range of parameters starts.</remarks>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
internal interface IVector<TSelf>
    where TSelf : struct, IVector<TSelf>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in each place.</summary>
    static abstract implicit operator TSelf(float value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>The floats from an index on.</summary>
    static abstract TSelf Load(ref float start, int index);

    /// <summary>Writes the floats from an index on.</summary>
    static abstract void Store(TSelf value, ref float start, int index);

    /// <summary>a · b + c, rounded once where the processor can, otherwise twice.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>√x, correctly rounded.</summary>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>The smaller ones; NaN where either is.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger ones; NaN where either is.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>One value where x &gt; 0, another where x &lt; 0, a third where x is 0 or NaN.</summary>
    static abstract TSelf BySign(TSelf x, TSelf positive, TSelf negative, TSelf other);

    /// <summary>x with its subnormals set to 0: <see cref="Subnormal"/> says why.</summary>
    static abstract TSelf Flush(TSelf x);
}
