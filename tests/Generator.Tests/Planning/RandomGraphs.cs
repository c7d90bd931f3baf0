using NetGen.Generator.Graph;
using NetGen.Generator.Operations;
using NetGen.Generator.Tests.Graph;

namespace NetGen.Generator.Tests.Planning;

/// <summary>Graphs with branches, views and values used more than once, with their gradients.</summary>
internal static class RandomGraphs
{
    public static NetworkGraph Create(int seed)
    {
        Random random = new(seed);
        GraphBuilder builder = Declare.Builder(GraphPurpose.Backward);
        Tensor input = builder.NewTensor("input", new Shape(random.Next(1, 40)), TensorRole.Input);
        List<Tensor> values = [input];
        for (int i = random.Next(1, 25); i > 0; i--)
            values.Add(Extend(builder, random, values));
        Tensor output = values[^1];
        Tensor outputGradient = builder.NewTensor("∂output", output.Shape, TensorRole.Targets);
        Differentiation differentiation = new(builder, builder.Nodes, [input]);
        differentiation.Seed(output, outputGradient);
        List<Tensor> results = [output, .. differentiation.Run()];
        Tensor? inputGradient = differentiation.GradientOf(input);
        if (inputGradient is not null)
            results.Add(inputGradient);
        return new NetworkGraph(GraphPurpose.Backward, input, output, Liveness.Reachable(builder.Nodes, results))
        {
            OutputGradient = outputGradient,
            InputGradient = inputGradient,
        };
    }

    private static Tensor Extend(GraphBuilder builder, Random random, List<Tensor> values)
    {
        Tensor x = values[random.Next(Math.Max(0, values.Count - 4), values.Count)];
        string name = $"v{values.Count}";
        switch (random.Next(6))
        {
            case 0:
                int units = random.Next(1, 40);
                Tensor weight = builder.AddParameter(
                    name + ".weight", new Shape(units, x.Shape.Last), true, random.Next(4) > 0, true, Initialization.Xavier, x.Shape.Last,
                    units);
                return builder.Apply(new DenseOperation(hasBias: false), name, x.Shape.WithLast(units), x, weight);
            case 1:
                return builder.View(x, name, x.Shape.Rank == 1 ? new Shape(1, (int)x.Shape.Length) : new Shape((int)x.Shape.Length));
            case 2:
                Tensor[] alike = [.. values.Where(value => value.Shape == x.Shape)];
                return builder.Apply(new AddOperation(), name, x.Shape, x, alike[random.Next(alike.Length)]);
            case 3:
                Tensor[] parts = [x, .. values.Where(value => value.Shape.Rank == 1).OrderBy(_ => random.Next()).Take(random.Next(1, 3))];
                return x.Shape.Rank != 1 ? builder.View(x, name, new Shape((int)x.Shape.Length))
                    : builder.Apply(new ConcatOperation(), name, new Shape(parts.Sum(part => part.Shape.Last)), parts);
            case 4:
                Tensor[] factors = [.. values.Where(value => value.Shape == x.Shape)];
                return builder.Apply(new MultiplyOperation(), name, x.Shape, x, factors[random.Next(factors.Length)]);
            default:
                ElementwiseFunction function = random.Next(2) == 0 ? ElementwiseFunction.ReLU : ElementwiseFunction.Tanh;
                return builder.Apply(new ElementwiseOperation(function), name, x.Shape, x);
        }
    }
}
