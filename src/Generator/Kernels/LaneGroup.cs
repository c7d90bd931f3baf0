using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>A vector over part of a row of floats.</summary>
/// <param name="Offset">First float, from the group's first.</param>
/// <param name="Isa">Its width.</param>
/// <param name="Valid">Lanes that belong to the row; fewer than the width only in the row's last vector, where reads may run over and
/// stores are exact.</param>
internal sealed record LaneVector(int Offset, InstructionSet Isa, int Valid)
{
    /// <summary>Writes the valid lanes and no other.</summary>
    public void EmitStore(SourceWriter w, string vector, string reference, int offset) => EmitParts(
        vector, offset, (own, part, at) => w.Line($"{(own is null ? Address.At(reference, at) : own.At(reference, at))} = {part};"));

    /// <summary>Hands the valid lanes to the update and no other.</summary>
    public void EmitUpdate(SourceWriter w, string vector, int offset) =>
        EmitParts(vector, offset, (_, part, at) => w.Line($"update.Apply(ref c, ref v, {at}, {part});"));

    /// <summary>Cuts the valid lanes into vectors and, at the end, floats (without an instruction set).</summary>
    private void EmitParts(string vector, int offset, Action<InstructionSet?, string, int> emit)
    {
        if (Valid == Isa.Lanes)
        {
            emit(Isa, vector, offset);
            return;
        }

        int half = Isa.Lanes / 2;
        if (Isa.Lanes > 4)
        {
            InstructionSet narrow = Isa.Narrow(half);
            new LaneVector(0, narrow, Math.Min(half, Valid)).EmitParts(vector + ".GetLower()", offset, emit);
            if (Valid > half)
                new LaneVector(0, narrow, Valid - half).EmitParts(vector + ".GetUpper()", offset + half, emit);
            return;
        }

        for (int lane = 0; lane < Valid; lane++)
            emit(null, $"{vector}.GetElement({lane})", offset + lane);
    }
}

/// <summary>Neighbouring vectors of a row that one register tile holds.</summary>
internal sealed record LaneGroup(int First, IReadOnlyList<LaneVector> Vectors)
{
    /// <summary>Floats of the row that it covers.</summary>
    public int Width => Vectors.Sum(vector => vector.Valid);

    /// <summary>Covers <paramref name="length"/> floats: full vectors two by two, then what is left in the smallest vectors that
    /// fit.</summary>
    public static List<LaneGroup> Split(InstructionSet isa, int length, int most = 2)
    {
        List<LaneVector> vectors = [];
        int offset = 0;
        while (offset < length)
        {
            int left = length - offset;
            int width = isa.Lanes;
            // A narrower vector serves as soon as it, with at most one of half its width, holds all that is left.
            while (width > 4 && left <= (width / 2) + (width >= 16 ? width / 4 : 0))
                width /= 2;
            int valid = Math.Min(width, left);
            vectors.Add(new LaneVector(offset, isa.Narrow(width), valid));
            offset += valid;
        }

        // With 32 registers a group may hold one vector more than the rest, so that no tail stands alone.
        List<LaneGroup> groups = [];
        for (int i = 0; i < vectors.Count;)
        {
            int count = Math.Min(most, vectors.Count - i);
            if (isa.Registers == 32 && vectors.Count - i == most + 1)
                count++;
            // Two and two are better than three and one.
            if (isa.Registers < 32 && most == 3 && vectors.Count - i == 4)
                count = 2;
            int first = vectors[i].Offset;
            groups.Add(
                new LaneGroup(first, [.. vectors.Skip(i).Take(count).Select(vector => vector with { Offset = vector.Offset - first })]));
            i += count;
        }

        return groups;
    }

    /// <summary>
    /// Covers what is worth a vector along the row: a last vector of up to four floats beside at least two others costs as much as eight
    /// or sixteen, and is better taken across rows or terms.
    /// </summary>
    /// <param name="isa">The widest vectors.</param>
    /// <param name="length">Floats of the row.</param>
    /// <param name="tail">The floats at the row's end that no group covers, 0 to 4.</param>
    /// <param name="most">Vectors of a group.</param>
    public static List<LaneGroup> SplitTail(InstructionSet isa, int length, out int tail, int most = 2)
    {
        List<LaneGroup> groups = Split(isa, length, most);
        LaneVector last = groups[groups.Count - 1].Vectors.Last();
        tail = isa.Lanes >= 8 && last.Valid <= 4 && groups.Sum(group => group.Vectors.Count) > 2 ? last.Valid : 0;
        return tail > 0 ? Split(isa, length - tail, most) : groups;
    }

    /// <summary>The last <paramref name="count"/> floats of a row, at most four, as one vector.</summary>
    public static LaneGroup Last(InstructionSet isa, int length, int count) =>
        new(length - count, [new LaneVector(0, isa.Narrow(4), count)]);

    /// <summary>Prints something for every group: once in a loop over <c>o</c> for neighbours of one shape,
    /// else in a block of its own.</summary>
    public static void ForEach(SourceWriter w, IReadOnlyList<LaneGroup> groups, Action<LaneGroup, string> emit)
    {
        for (int g = 0; g < groups.Count;)
        {
            int repeat = 1;
            while (g + repeat < groups.Count && groups[g + repeat].SameShapeAs(groups[g]))
                repeat++;
            LaneGroup group = groups[g];
            using (repeat > 1
                ? w.Open($"for (int o = {group.First}; o < {group.First + (repeat * group.Width)}; o += {group.Width})")
                : w.Open($"// outputs {group.First} to {group.First + group.Width - 1}"))
            {
                emit(group, repeat > 1 ? "o" : Identifier.Text(group.First));
            }

            g += repeat;
        }
    }

    /// <summary>Position of one of its vectors in the row; <paramref name="o"/> is what <see cref="ForEach"/> gave.</summary>
    public string Position(string o, LaneVector vector) =>
        o != "o" ? Identifier.Text(First + vector.Offset) : vector.Offset == 0 ? "o" : $"o + {vector.Offset}";

    /// <summary>Prints c{row} += a · b for all vectors, a being broadcast from a float.
    /// Narrower vectors take its lower part, which is free.</summary>
    public void EmitMultiplyAdds(SourceWriter w, int row, string scalar)
    {
        int widest = Vectors[0].Isa.Lanes;
        w.Line($"{Vectors[0].Isa.Type} a{row} = {Vectors[0].Isa.Create(scalar)};");
        for (int v = 0; v < Vectors.Count; v++)
        {
            string broadcast = $"a{row}", sum = $"c{row}_{v}";
            for (int lanes = widest; lanes > Vectors[v].Isa.Lanes; lanes /= 2)
                broadcast += ".GetLower()";
            w.Line($"{sum} = {Vectors[v].Isa.MultiplyAdd(broadcast, $"b{v}", sum)};");
        }
    }

    /// <summary>Whether a loop can run over both.</summary>
    private bool SameShapeAs(LaneGroup other) =>
        Vectors.Count == other.Vectors.Count
        && Vectors.Zip(other.Vectors, (a, b) => a.Offset == b.Offset && a.Isa.Lanes == b.Isa.Lanes && a.Valid == b.Valid).All(same => same);
}
