using NetGen.Generator.Kernels;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Kernels;

/// <summary>Equal shapes share a kernel, and a kernel's name tells it from every other.</summary>
public class KernelSetTests
{
    [Fact]
    public void Kernels_are_kept_once_in_the_order_of_first_use()
    {
        KernelSet kernels = new();
        foreach (int units in new[] { 3, 5, 3, 4, 5 })
            kernels.Use(new BiasGradient(units, positions: 1));

        Assert.Equal(["Bias3Gradient", "Bias5Gradient", "Bias4Gradient"], kernels.InOrder.Select(kernel => kernel.Name));
    }

    [Fact]
    public void A_hundred_equal_layers_need_the_kernels_of_three()
    {
        IReadOnlyDictionary<string, string> few = Texts(3), many = Texts(100);

        Assert.Equal(few.Keys, many.Keys);
        foreach (string part in few.Keys.Where(part => part.Contains("Kernels", StringComparison.Ordinal)))
            Assert.Equal(few[part], many[part]);
        Assert.Equal(5, few.Keys.Count(part => part.Contains("Kernels", StringComparison.Ordinal)));
    }

    [Fact]
    public void Text_grows_by_the_same_few_lines_for_every_layer()
    {
        int[] lengths = [.. new[] { 20, 60, 100 }.Select(layers => Texts(layers).Values.Sum(text => text.Split('\n').Length))];

        Assert.Equal(lengths[1] - lengths[0], lengths[2] - lengths[1]);
        Assert.InRange((lengths[1] - lengths[0]) / 40, 1, 80);
    }

    [Fact]
    public void Names_tell_functions_with_constants_apart()
    {
        HashSet<string> names = [];
        float[] slopes = [0.1f, 0.14f, 0.11f, 0.01f, 0.014f, 1f, 14f, 1.4f, -0.1f, 1e-10f, 1e10f];
        int[] sizes = [32, 64, 128, 4128, 1128, 11128, 16, 416, 110016, 10016];
        foreach (float slope in slopes)
        {
            foreach (int floats in sizes)
                names.Add(ElementwiseKernel.Forward(ElementwiseFunction.LeakyReLU(slope), floats).Name);
        }

        Assert.Equal(slopes.Length * sizes.Length, names.Count);
        Assert.All(names, name => Assert.Matches("^[A-Za-z][A-Za-z0-9_]*$", name));
    }

    [Fact]
    public void Networks_with_other_shapes_have_other_kernels() => Assert.NotEqual(
        Compiler.Compile(Network([64], Dense(64), Layer("MeanSquaredError"))).Single(file => file.HintName.EndsWith("Kernels512.g.cs", StringComparison.Ordinal)).Text,
        Compiler.Compile(Network([64], Dense(65), Layer("MeanSquaredError"))).Single(file => file.HintName.EndsWith("Kernels512.g.cs", StringComparison.Ordinal)).Text);

    private static IReadOnlyDictionary<string, string> Texts(int layers)
    {
        NetworkDecl declaration = Network([64], [.. Repeat(layers, Dense(64), Layer("ReLU")), Layer("MeanSquaredError")]);
        return Compiler.Compile(declaration).ToDictionary(file => file.HintName, file => file.Text);
    }
}
