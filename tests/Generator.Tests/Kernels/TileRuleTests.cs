using NetGen.Generator.Kernels;

namespace NetGen.Generator.Tests.Kernels;

/// <summary>Register tiles fill the registers and never more.</summary>
public class TileRuleTests
{
    [Theory]
    [InlineData(512, 31)]
    [InlineData(256, 15)]
    [InlineData(128, 15)]
    public void Tiles_fit_the_registers(int bits, int registers)
    {
        InstructionSet isa = InstructionSet.Vectors.Single(isa => isa.Bits == bits);
        for (int rows = 1; rows <= 2000; rows++)
        {
            int tile = TileRule.Rows(isa, rows);

            Assert.InRange(tile, 1, rows);
            // Accumulators, operands and one broadcast.
            Assert.InRange((tile * TileRule.Vectors) + TileRule.Vectors + 1, 1, registers);
            // Enough accumulators to hide the latency of the multiply-add.
            Assert.True(tile == rows || tile * TileRule.Vectors >= 12, $"{rows} rows in tiles of {tile}");
        }
    }

    [Theory]
    [InlineData(512, 128, 8)]
    [InlineData(512, 784, 14)]
    [InlineData(512, 100, 10)]
    [InlineData(512, 10, 10)]
    [InlineData(512, 14, 14)]
    [InlineData(256, 128, 6)]
    [InlineData(256, 5, 5)]
    public void Tiles_leave_no_rows_over_where_they_can(int bits, int rows, int expected) =>
        Assert.Equal(expected, TileRule.Rows(InstructionSet.Vectors.Single(isa => isa.Bits == bits), rows));

    [Fact]
    public void What_must_be_left_over_is_not_a_row_or_two_where_that_can_be_avoided()
    {
        for (int rows = 15; rows <= 500; rows++)
        {
            int tile = TileRule.Rows(InstructionSet.V512, rows), left = rows % tile;
            bool avoidable = Enumerable.Range(8, 7).Any(other => rows % other is 0 or >= 4);

            Assert.True(!avoidable || left is 0 or >= 4, $"{rows} rows in tiles of {tile} leave {left}");
        }
    }
}
