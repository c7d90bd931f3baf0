using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Tests.Kernels;

/// <summary>Rows of any length are cut into vectors without waste.</summary>
public class LaneGroupTests
{
    public static TheoryData<int, int> Cases
    {
        get
        {
            TheoryData<int, int> cases = [];
            foreach (InstructionSet isa in InstructionSet.Vectors)
            {
                foreach (int most in new[] { 2, 8, 16 })
                    cases.Add(isa.Bits, most);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Vectors_cover_every_float_once(int bits, int most)
    {
        for (int length = 1; length <= 200; length++)
        {
            int next = 0;
            foreach ((int first, LaneVector vector) in Vectors(bits, length, most))
            {
                Assert.Equal(next, first);
                Assert.InRange(vector.Valid, 1, vector.Isa.Lanes);
                next += vector.Valid;
            }

            Assert.Equal(length, next);
            Assert.Equal(length, LaneGroup.Split(Isa(bits), length, most).Sum(group => group.Width));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Only_the_last_vector_may_run_over_and_by_less_than_four_floats(int bits, int most)
    {
        for (int length = 1; length <= 200; length++)
        {
            LaneVector[] vectors = [.. Vectors(bits, length, most).Select(pair => pair.Vector)];

            Assert.All(vectors[..^1], vector => Assert.Equal(vector.Isa.Lanes, vector.Valid));
            Assert.InRange(vectors[^1].Isa.Lanes - vectors[^1].Valid, 0, 3);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Vectors_are_as_wide_as_possible_and_the_rest_is_at_most_two(int bits, int most)
    {
        InstructionSet isa = Isa(bits);
        for (int length = 1; length <= 200; length++)
        {
            int[] lanes = [.. Vectors(bits, length, most).Select(pair => pair.Vector.Isa.Lanes)];

            Assert.Equal(lanes.OrderDescending(), lanes);
            Assert.All(lanes, width => Assert.InRange(width, 4, isa.Lanes));
            Assert.InRange(lanes.Length, (length + isa.Lanes - 1) / isa.Lanes, (length / isa.Lanes) + 2);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Groups_fit_and_no_short_tail_stands_alone(int bits, int most)
    {
        InstructionSet isa = Isa(bits);
        for (int length = 1; length <= 200; length++)
        {
            List<LaneGroup> groups = LaneGroup.Split(isa, length, most);
            int more = isa.Registers == 32 ? 1 : 0;

            Assert.All(groups, group => Assert.InRange(group.Vectors.Count, 1, most + more));
            Assert.All(groups, group => Assert.Equal(0, group.Vectors[0].Offset));
            if (more > 0 && groups.Count > 1)
                Assert.InRange(groups[^1].Vectors.Count, 2, most + 1);
        }
    }

    [Fact]
    public void Equal_neighbours_are_printed_once_in_a_loop()
    {
        SourceWriter w = new();
        LaneGroup.ForEach(w, LaneGroup.Split(InstructionSet.V512, 100), (group, o) => w.Line($"{group.Width} at {o}"));

        Assert.Equal(
            "for (int o = 0; o < 64; o += 32)\n{\n    32 at o\n}\n// outputs 64 to 99\n{\n    36 at 64\n}\n", w.ToString());
    }

    private static InstructionSet Isa(int bits) => InstructionSet.Vectors.Single(isa => isa.Bits == bits);

    private static IEnumerable<(int First, LaneVector Vector)> Vectors(int bits, int length, int most) =>
        LaneGroup.Split(Isa(bits), length, most).SelectMany(group => group.Vectors.Select(vector => (group.First + vector.Offset, vector)));
}
