using NetGen.CompilerServices;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Tests.Kernels;

/// <summary>Parts of a sum are long enough to pay, and are the rows of the weights that a thread updates.</summary>
public class TermSplitTests
{
    [Theory]
    [InlineData(784, 128, 2)]
    [InlineData(1000, 100, 2)]
    [InlineData(1024, 64, 4)]
    [InlineData(30_000, 100, 4)]
    [InlineData(784, 83, 1)] // 65,072 weights
    [InlineData(511, 500, 1)]
    [InlineData(200_000, 200_000, 4)]
    public void Long_sums_of_many_weights_are_split(int inputs, int units, int parts) =>
        Assert.Equal(parts, TermSplit.Of(inputs, units).Parts);

    [Theory, InlineData(784), InlineData(701), InlineData(1031), InlineData(4609), InlineData(30_000)]
    public void A_part_is_what_one_of_as_many_threads_updates(int inputs)
    {
        TermSplit split = TermSplit.Of(inputs, 512);

        Assert.True(split.Parts > 1);
        NetworkMemory memory = new(1);
        for (int part = 0; part < split.Parts; part++)
        {
            ParameterStep step = new(memory, optimizer: null, scratchFloats: 0, part, split.Parts);
            Assert.Equal(step.Rows(inputs), (split.Start(part), split.Start(part + 1)));
        }

        Assert.Equal(inputs, split.Start(split.Parts));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public void Every_part_is_done_once(int parts)
    {
        for (int workers = 1; workers <= 7; workers++)
        {
            for (int part = 0; part < parts; part++)
                Assert.Single(Enumerable.Range(0, workers), worker => Workers.Does(part, parts, worker, workers));
        }
    }
}
