namespace NetGen;

/// <summary>x where x &gt; 0, otherwise a · x with a trained slope a for each unit: each feature of a vector (N) or sequence (T, F), each
/// channel of an image (C, H, W). Weight [units].</summary>
/// <remarks>He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015. Weight decay leaves the slopes alone.</remarks>
public sealed class PReLUAttribute : LayerAttribute
{
    /// <param name="start">What every slope starts at, finite. Default 0.25.</param>
    public PReLUAttribute(float start = 0.25f) => Start = start;

    /// <summary>What every slope starts at.</summary>
    public float Start { get; }

    /// <summary>Prefix of the parameter's name; by default <c>prelu1</c>, counted from 1.</summary>
    public string? Name { get; set; }

    /// <summary>False freezes the slopes. Default true.</summary>
    public bool Trainable { get; set; } = true;
}
