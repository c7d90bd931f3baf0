namespace NetGen.Network.Tests;

/// <summary>Generated networks against PyTorch: predictions, losses, gradients and trajectories of the optimizers.</summary>
public class ReferenceTests
{
    public static TheoryData<string> Cases => [.. ReferenceCase.Names];

    [Fact]
    public void There_are_cases() => Assert.NotEmpty(ReferenceCase.Names);

    [Theory, MemberData(nameof(Cases))]
    public void Predictions_match(string name)
    {
        ReferenceCase reference = ReferenceCase.Load(name);
        TestNetwork network = reference.CreateNetwork();
        Bounded[] expected = Bounds(reference.CreateDouble()?.Predict(DoubleNetwork.Rounded(reference.Inputs)), reference.Prediction,
            network.Info);
        float[] inputs = ReferenceCase.ToFloats(reference.Inputs);

        Tolerance.Check("batch", network.Predict(inputs), expected);
        float[] oneByOne = [.. inputs.Chunk(network.Info.InputLength).SelectMany(input => network.Predict(input))];
        Tolerance.Check("one by one", oneByOne, expected);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Loss_and_gradients_match(string name)
    {
        ReferenceCase reference = ReferenceCase.Load(name);
        TestNetwork network = reference.CreateNetwork();
        DoubleNetwork? twin = reference.CreateDouble();
        Bounded[] inputs = DoubleNetwork.Rounded(reference.Inputs), targets = DoubleNetwork.Rounded(reference.Targets);
        DoubleGradients? bounds = twin?.Gradients(inputs, targets);
        int samples = reference.SampleCount;

        float[] gradients = new float[network.Parameters.Length];
        float loss = network.Gradients(ReferenceCase.ToFloats(reference.Inputs), ReferenceCase.ToFloats(reference.Targets), gradients);

        Tolerance.Check("loss", [loss], Bounds(twin is null ? null : [twin.Loss(inputs, targets)], [reference.Loss], network.Info,
            samples));
        foreach ((string parameter, double[] expected) in reference.Gradients)
            Tolerance.Check(parameter, network.Extract(parameter, gradients),
                Bounds(bounds?.Parameters[parameter], expected, network.Info, samples));
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Input_gradients_match(string name)
    {
        ReferenceCase reference = ReferenceCase.Load(name);
        Skip.If(reference.InputGradient is null, "The inputs are integers.");
        TestNetwork network = reference.CreateNetwork();
        int outputs = network.Info.OutputLength, samples = reference.SampleCount;
        DoubleLoss loss = DoubleLoss.Create(DeclaredAttribute.Parse(reference.Declaration)[^1], outputs, network.Info.OutputShape[^1])
            ?? throw new NotSupportedException($"{nameof(DoubleLoss)} does not know {network.Info.Loss}.");
        double weight = reference.Targets.Chunk(outputs).Sum(t => loss.Weight(ToBounded(t)).Value);
        double[] outputGradient =
        [
            .. reference.TrainingOutputs.Chunk(outputs)
                .Zip(reference.Targets.Chunk(outputs), (y, t) => loss.OutputGradient(ToBounded(y), ToBounded(t)))
                .SelectMany(gradient => gradient).Select(gradient => gradient.Value / weight),
        ];
        Skip.If(
            outputGradient.Any(gradient => Math.Abs(gradient) > float.MaxValue), "A gradient of the output is beyond the range of float.");
        DoubleGradients? bounds = reference.CreateDouble()?.Backward(DoubleNetwork.Rounded(reference.Inputs),
            DoubleNetwork.Rounded(outputGradient));

        float[] inputGradient = new float[reference.Inputs.Length], gradients = new float[network.Parameters.Length];
        network.Backward(ReferenceCase.ToFloats(reference.Inputs), ReferenceCase.ToFloats(outputGradient), inputGradient, gradients);

        Tolerance.Check("input gradient", inputGradient, Bounds(bounds?.Inputs, reference.InputGradient!, network.Info));
        // The reference's gradients are those of the loss, penalties included; going back from the outputs knows none.
        if (network.Info.Parameters.Any(parameter => parameter.L1 > 0 || parameter.L2 > 0))
            return;
        foreach ((string parameter, double[] expected) in reference.Gradients)
            Tolerance.Check(parameter, network.Extract(parameter, gradients),
                Bounds(bounds?.Parameters[parameter], expected, network.Info, samples));

        static Bounded[] ToBounded(double[] values) => Array.ConvertAll(values, value => new Bounded(value));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Training_follows_the_trajectory(string name)
    {
        ReferenceCase reference = ReferenceCase.Load(name);
        TestNetwork network = reference.CreateNetwork();
        DoubleNetwork? twin = reference.CreateDouble();
        DoubleOptimizer? twinOptimizer = DoubleOptimizer.TryCreate(reference.Optimizer);
        bool known = twin is not null && twinOptimizer is not null;
        Bounded[] inputs = DoubleNetwork.Rounded(reference.Inputs), targets = DoubleNetwork.Rounded(reference.Targets);
        float[] inputFloats = ReferenceCase.ToFloats(reference.Inputs), targetFloats = ReferenceCase.ToFloats(reference.Targets);
        Optimizer optimizer = reference.CreateOptimizer();

        int steps = 0;
        foreach (double expected in reference.Losses.Take(reference.FiniteSteps))
        {
            Bounded[]? bound = known ? [twin!.Loss(inputs, targets)] : null;
            if (known)
                Step(twin!, twinOptimizer!, inputs, targets);
            float loss = network.Train(inputFloats, targetFloats, optimizer);
            steps++;
            Tolerance.Check($"loss before step {steps}", [loss], Bounds(bound, [expected], network.Info, reference.SampleCount, steps));
        }

        Assert.Equal(steps, optimizer.Steps);
        if (steps < reference.Losses.Length)
            return;
        foreach ((string parameter, double[] expected) in reference.FinalParameters)
        {
            Bounded[]? bound = known ? twin!.Parameters.Single(one => one.Name == parameter).Values : null;
            Tolerance.Check(parameter, network.Extract(parameter), Bounds(bound, expected, network.Info, reference.SampleCount, steps));
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_step_matches(string name)
    {
        ReferenceCase reference = ReferenceCase.Load(name);
        DoubleNetwork? twin = reference.CreateDouble();
        DoubleOptimizer? twinOptimizer = DoubleOptimizer.TryCreate(reference.Optimizer);
        Skip.If(twin is null || twinOptimizer is null, "The reference implementation does not know a layer or the optimizer.");
        TestNetwork network = reference.CreateNetwork();
        float[] inputs = ReferenceCase.ToFloats(reference.Inputs), targets = ReferenceCase.ToFloats(reference.Targets);
        Optimizer optimizer = reference.CreateOptimizer();

        for (int step = 1; step <= reference.FiniteSteps; step++)
        {
            twin!.CopyParameters(network);
            Bounded loss = twin.Loss(DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets));
            Step(twin, twinOptimizer!, DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets));
            Tolerance.Check(
                $"loss before step {step}", [network.Train(inputs, targets, optimizer)],
                Tolerance.Sharper(network.Info, [loss], Tolerance.Coarse(network.Info, [loss.Value], reference.SampleCount)));
            // One case has a rate at which training blows up: then whole classes hang on the last bit, and no bound is tight.
            bool hasBlownUp = reference.Losses[step - 1] > 1e6 * reference.Losses[0];
            foreach (DoubleParameter parameter in twin.Parameters)
            {
                double[] values = Array.ConvertAll(parameter.Values, value => value.Value);
                Bounded[] bounds = Tolerance.Sharper(
                    network.Info, parameter.Values, Tolerance.Coarse(network.Info, values, reference.SampleCount));
                if (!hasBlownUp)
                    Tolerance.CheckTight(parameter.Name, bounds, Tolerance.Share(network.Info, 1e-4));
                Tolerance.Check($"{parameter.Name} after step {step}", network.Extract(parameter.Name), bounds);
            }
        }
    }

    private static void Step(DoubleNetwork network, DoubleOptimizer optimizer, Bounded[] inputs, Bounded[] targets)
    {
        optimizer.Step(network, network.Gradients(inputs, targets));
        network.UpdateState();
    }

    /// <summary>The bounds of the reference implementation around PyTorch's numbers, with which it must agree; or the coarse
    /// ones.</summary>
    private static Bounded[] Bounds(Bounded[]? twin, double[] expected, NetworkInfo info, int samples = 1, int steps = 1)
    {
        Bounded[] coarse = Tolerance.Coarse(info, expected, samples, steps);
        if (twin is null)
            return coarse;

        Assert.Equal(expected.Length, twin.Length);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(twin[i].Value, expected[i] - (1e-12 * (1 + largest)), expected[i] + (1e-12 * (1 + largest)));
        // 0 in theory, such as the gradient of a bias before BatchNorm, has no size to compare with.
        if (steps == 1 && largest < 1e-12)
            return Array.ConvertAll(twin, bound => bound with { Error = Math.Min(bound.Error, 1e-4) });

        // Every_step_matches has the sharp ones for each of several steps.
        Bounded[] bounds = Tolerance.Sharper(info, twin, coarse, steps);
        Tolerance.CheckTight("bounds", bounds, Tolerance.Share(info, steps == 1 ? 3e-4 : 1e-3));
        return bounds;
    }
}
