namespace NetGen.Generator.Graph;

/// <summary>How a parameter starts.</summary>
internal enum Initialization
{
    Zeros,
    Uniform,
    Normal,
    Xavier,
    He,
    XavierNormal,
    HeNormal,
    LeCun,
    LeCunUniform,
    Orthogonal,

    /// <summary>All of one value.</summary>
    Constant,
}

/// <summary>A learned tensor or a state, and its place in the flat parameter vector.</summary>
/// <param name="Name">Documented name: <c>dense1.weight</c>.</param>
/// <param name="Shape">Documented shape, PyTorch's.</param>
/// <param name="Transposed">Whether a matrix documented as [rows, columns] is stored as [columns, rows].</param>
/// <param name="Offset">Position in floats in the flat parameter vector.</param>
/// <param name="Trainable">Whether it has a gradient at all.</param>
/// <param name="Decays">Whether weight decay applies: weights yes, biases and normalisation no.</param>
/// <param name="Start">How it starts.</param>
/// <param name="FanIn">Inputs per output, for the initialisation.</param>
/// <param name="FanOut">Outputs per input, for the initialisation.</param>
internal sealed record Parameter(
    string Name, Shape Shape, bool Transposed, int Offset, bool Trainable, bool Decays, Initialization Start, int FanIn, int FanOut)
{
    /// <summary>What a constant one starts at.</summary>
    public float StartValue { get; init; }

    public int Length => (int)Shape.Length;

    /// <summary>λ of λ · Σ|w| in the training loss.</summary>
    public float L1 { get; init; }

    /// <summary>λ of ½ λ · Σw² in the training loss.</summary>
    public float L2 { get; init; }

    /// <summary>Whether the training loss depends on it by itself.</summary>
    public bool IsPenalized => L1 > 0 || L2 > 0;
}
