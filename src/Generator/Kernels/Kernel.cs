using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>One parameter of a kernel.</summary>
/// <param name="Type">Its C# type, with <c>ref</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsPerBlock">Whether the reference advances with the blocks of samples; parameters of the network do not.</param>
internal sealed record KernelParameter(string Type, string Name, bool IsPerBlock = false)
{
    public static KernelParameter Block(string name) => new("ref float", name, IsPerBlock: true);

    public static KernelParameter Shared(string name) => new("ref float", name);

    /// <summary>What is done with gradients: an IWeightUpdate.</summary>
    public static KernelParameter Update() => new("TUpdate", "update");

    public static KernelParameter Int(string name) => new("int", name);

    public static KernelParameter Float(string name) => new("float", name);

    public string Declaration => $"{Type} {Name}";

    public string Argument => Type.StartsWith("ref", StringComparison.Ordinal) ? $"ref {Name}" : Name;
}

/// <summary>One loop nest with constant bounds, printed once per width. Equal names mean equal kernels:
/// the name says every constant.</summary>
internal abstract class Kernel
{
    public abstract string Name { get; }

    /// <summary>One sentence: the formula, then the shapes.</summary>
    public abstract string Summary { get; }

    public abstract IReadOnlyList<KernelParameter> Parameters { get; }

    /// <summary>The transcendental functions it calls on one rung of the ladder, each with its vector width.</summary>
    public virtual IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) => [];

    /// <summary>Whether half a block of samples is left to the 256-bit kernel when the 512-bit one would compute lanes of nobody.</summary>
    public virtual bool SplitsTail => false;

    /// <summary>Floats of the widest vector that it has a body for.</summary>
    public virtual int WidestLanes => 16;

    /// <summary>Floats of the thread's memory that its bodies see as <c>packed</c>: weights in the order in which they are read.
    /// 0 where they need none.</summary>
    public virtual int PackedFloats => 0;

    /// <summary>Prints the body for one vector width.</summary>
    public abstract void EmitVector(SourceWriter w, InstructionSet isa);

    /// <summary>Prints the textbook loops: what runs without vector hardware, and what a reader should look at first.</summary>
    public abstract void EmitScalar(SourceWriter w);
}
