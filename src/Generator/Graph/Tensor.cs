namespace NetGen.Generator.Graph;

/// <summary>Where a tensor's floats live.</summary>
internal enum TensorRole
{
    /// <summary>What the caller passes in; copied into the working memory.</summary>
    Input,

    /// <summary>Working memory: an activation, a saved value or a gradient of one.</summary>
    Activation,

    /// <summary>One value for the whole batch, such as a batch's mean: beside the blocks of samples.</summary>
    Batch,

    /// <summary>Learned, part of the flat parameter vector.</summary>
    Parameter,

    /// <summary>Carried from step to step but not learned, such as a running mean; part of the flat parameter vector.</summary>
    State,

    /// <summary>Gradient of a parameter, at the parameter's place in the flat gradient vector.</summary>
    ParameterGradient,

    /// <summary>Target values of the loss.</summary>
    Targets,
}

/// <summary>Which share of a parameter's gradient is computed.</summary>
internal enum GradientShare
{
    /// <summary>All of it: the parameter is used once.</summary>
    Whole,

    /// <summary>That of the first use.</summary>
    First,

    /// <summary>That of another use; it is added.</summary>
    Next,

    /// <summary>That of the last use: the sum is then known, and the parameter may change.</summary>
    Last,
}

/// <summary>A value that flows between operations; one sample of it for activations.</summary>
internal sealed class Tensor(int id, string name, Shape shape, TensorRole role)
{
    public int Id { get; } = id;

    /// <summary>For documentation and comments: <c>dense1</c>, <c>dense1.weight</c>, <c>∂relu1</c>.</summary>
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public TensorRole Role { get; } = role;

    /// <summary>The operation that computes it; null for inputs and parameters.</summary>
    public Node? Producer { get; set; }

    /// <summary>The tensor whose memory this one shares, under another shape or as a part of it; or null.</summary>
    public Tensor? ViewOf { get; set; }

    /// <summary>Where a part starts in <see cref="ViewOf"/>, in floats of a sample.</summary>
    public int ViewOffset { get; set; }

    /// <summary>For parameters, states and their gradients.</summary>
    public Parameter? Parameter { get; init; }

    /// <summary>For gradients of parameters, as the schedule has them.</summary>
    public GradientShare Share { get; set; }

    /// <summary>The tensor that owns the memory.</summary>
    public Tensor Storage => ViewOf is null ? this : ViewOf.Storage;

    /// <summary>The tensor that names the memory: itself where it is no view, or where it is but a part of what it views.</summary>
    public Tensor Place => ViewOf is null || ViewOffset > 0 || Shape.Length < ViewOf.Shape.Length ? this : ViewOf.Place;

    /// <summary>Whether it lies among others in its storage: one of several inputs, or a part of a concatenation.</summary>
    public bool IsPart => Shape.Length < Storage.Shape.Length;

    /// <summary>Where it starts in its storage, in floats of a sample.</summary>
    public int Offset => ViewOf is null ? 0 : ViewOf.Offset + ViewOffset;

    public override string ToString() => $"{Name} {Shape}";
}
