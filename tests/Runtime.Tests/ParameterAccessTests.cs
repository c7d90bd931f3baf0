namespace NetGen.Tests;

public class ParameterAccessTests
{
    private static readonly NetworkInfo Info = new LinearNetwork(3, 2).Info;

    [Fact]
    public void Transposed_parameters_come_out_in_their_documented_layout_and_go_back()
    {
        float[] stored = [0, 1, 2, 3, 4, 5, 6, 7], weight = new float[6], bias = new float[2], back = new float[8];
        ParameterAccess.Get(Info, stored, "dense1.weight", weight);
        ParameterAccess.Get(Info, stored, "dense1.bias", bias);
        Assert.Equal([0f, 2f, 4f, 1f, 3f, 5f], weight);
        Assert.Equal([6f, 7f], bias);
        ParameterAccess.Set(Info, back, "dense1.weight", weight);
        ParameterAccess.Set(Info, back, "dense1.bias", bias);
        Assert.Equal(stored, back);
    }

    [Fact]
    public void Unknown_names_list_the_known_ones()
    {
        Assert.Contains("no parameter 'dense2.bias'; it has dense1.weight, dense1.bias",
            Assert.Throws<ArgumentException>(() => ParameterAccess.Get(Info, new float[8], "dense2.bias", new float[2])).Message);
        Assert.Throws<ArgumentException>(() => ParameterAccess.Set(Info, new float[8], "Dense1.bias", new float[2]));
    }

    [Theory, InlineData(5), InlineData(7), InlineData(0)]
    public void Wrong_lengths_name_both_numbers_and_change_nothing(int length)
    {
        float[] stored = new float[8], values = Enumerable.Repeat(1f, length).ToArray();
        string message = $"{length} floats for dense1.weight [2, 3]; 6 are needed";
        Assert.Contains(message,
            Assert.Throws<ArgumentException>(() => ParameterAccess.Set(Info, stored, "dense1.weight", values)).Message);
        Assert.Contains(message,
            Assert.Throws<ArgumentException>(() => ParameterAccess.Get(Info, stored, "dense1.weight", values)).Message);
        Assert.All(stored, value => Assert.Equal(0, value));
    }
}
