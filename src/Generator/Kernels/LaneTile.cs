using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Neighbouring vectors over the samples of a block that one round of a loop takes: two, or one float without vectors.</summary>
internal sealed class LaneTile(InstructionSet isa)
{
    /// <summary>Vectors of a round.</summary>
    public int Vectors { get; } = isa.IsScalar ? 1 : 2;

    /// <summary>Samples of a round.</summary>
    public int Lanes => Vectors * isa.Lanes;

    /// <summary>Offset of sample <c>s</c>, the first of a round.</summary>
    public string Start => Lanes == Panel.Lanes ? Panel.Start : Panel.Lane;

    /// <summary>Opens the loop over the samples.</summary>
    public SourceWriter.Block OpenLoop(SourceWriter w) => w.Open($"for (int s = 0; s < samples; s += {Lanes})");

    /// <summary>Offset of a vector from an index of its round's first.</summary>
    public string Offset(string index, int vector) => vector == 0 ? index : $"{index} + {vector * isa.Lanes}";

    /// <summary>One of the vectors that start at an index.</summary>
    public string At(string reference, string index, int vector) => isa.At(reference, Offset(index, vector));

    /// <summary>Prints the same for every vector.</summary>
    public void ForEach(Action<int> emit)
    {
        for (int vector = 0; vector < Vectors; vector++)
            emit(vector);
    }
}
