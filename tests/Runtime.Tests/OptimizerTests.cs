namespace NetGen.Tests;

public class OptimizerTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, 70)];

    [Theory, MemberData(nameof(Lengths))]
    public void SGD_follows_its_formula(int length) => Follow(new SGD(0.05f), length, (w, g, m, v, t) => (w - (0.05 * g), 0, 0));

    [Theory, MemberData(nameof(Lengths))]
    public void Momentum_follows_its_formula(int length) => Follow(new Momentum(0.05f, 0.8f), length, (w, g, m, _, t) =>
    {
        double velocity = t == 1 ? g : (0.8 * m) + g;
        return (w - (0.05 * velocity), velocity, 0);
    });

    [Theory, MemberData(nameof(Lengths))]
    public void Nesterov_follows_its_formula(int length) => Follow(new Nesterov(0.05f, 0.8f), length, (w, g, m, _, t) =>
    {
        double velocity = t == 1 ? g : (0.8 * m) + g;
        return (w - (0.05 * (g + (0.8 * velocity))), velocity, 0);
    });

    [Theory, MemberData(nameof(Lengths))]
    public void Adam_follows_its_formula(int length) => Follow(new Adam(0.01f, 0.9f, 0.999f, 1e-8f), length, (w, g, m, v, t) =>
    {
        m = (0.9 * m) + (0.1 * g);
        v = (0.999 * v) + (0.001 * g * g);
        double corrected = m / (1 - Math.Pow(0.9, t)), root = Math.Sqrt(v / (1 - Math.Pow(0.999, t)));
        return (w - (0.01 * corrected / (root + 1e-8)), m, v);
    });

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Result_does_not_depend_on_the_width_that_computes_it(int kind)
    {
        // The same 45 values once as one range (wide vectors) and once as 45 ranges of one float (scalar).
        float[] wide = Values(45, 1), narrow = Values(45, 1);
        Optimizer first = Create(kind), second = Create(kind);
        for (int step = 0; step < 5; step++)
        {
            float[] gradients = Values(45, 10 + step);
            first.BeginStep(wide, 45);
            first.Update(wide, gradients, 0, decay: false);
            second.BeginStep(narrow, 45);
            for (int i = 0; i < 45; i++)
                second.Update(narrow.AsSpan(i, 1), gradients.AsSpan(i, 1), i, decay: false);
        }

        Assert.NotEqual(Values(45, 1), wide);
        Assert.Equal(wide, narrow);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Update_leaves_the_neighbours_alone(int kind)
    {
        float[] parameters = Values(40, 1), gradients = Values(40, 2);
        Optimizer optimizer = Create(kind);
        optimizer.BeginStep(this, 40);
        optimizer.Update(parameters.AsSpan(3, 29), gradients.AsSpan(3, 29), 3, decay: true);
        Assert.Equal(Values(40, 1)[..3], parameters[..3]);
        Assert.Equal(Values(40, 1)[32..], parameters[32..]);
        for (int i = 3; i < 32; i++)
            Assert.NotEqual(Values(40, 1)[i], parameters[i]);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Ranges_that_do_not_fit_are_refused(int kind)
    {
        Optimizer optimizer = Create(kind);
        optimizer.BeginStep(this, 10);
        Assert.Contains("4 gradients for 5",
            Assert.Throws<ArgumentException>(() => optimizer.Update(new float[5], new float[4], 0, true)).Message);
        Assert.Contains("8 to 12", Assert.Throws<ArgumentException>(() => optimizer.Update(new float[5], new float[5], 8, true)).Message);
        Assert.Throws<ArgumentException>(() => optimizer.Update(new float[5], new float[5], -1, true));
        optimizer.Update([], [], 10, true);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Updating_before_the_first_step_is_refused(int kind) =>
        Assert.Throws<ArgumentException>(() => Create(kind).Update(new float[1], new float[1], 0, true));

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Steps_allocate_nothing(int kind)
    {
        float[] parameters = Values(100, 1), gradients = Values(100, 2);
        Optimizer optimizer = Create(kind);
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            optimizer.BeginStep(this, 100);
            optimizer.Update(parameters, gradients, 0, true);
        }
    }

    [Fact]
    public void State_belongs_to_the_first_network()
    {
        LinearNetwork first = new(2, 1), second = new(2, 1);
        Adam adam = new();
        first.Train([1, 2], [1f], adam);
        Assert.Contains("LinearNetwork", Assert.Throws<InvalidOperationException>(() => second.Train([1, 2], [1f], adam)).Message);
        Assert.Equal(1, adam.Steps);
    }

    [Fact]
    public void Zero_gradients_leave_finite_parameters_unchanged()
    {
        for (int kind = 0; kind < 4; kind++)
        {
            float[] parameters = Values(20, 1);
            Optimizer optimizer = Create(kind);
            optimizer.BeginStep(this, 20);
            optimizer.Update(parameters, new float[20], 0, true);
            Assert.Equal(Values(20, 1), parameters);
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        Assert.Equal(0.01f, new SGD().LearningRate);
        Assert.Equal((0.01f, 0.9f), (new Momentum().LearningRate, new Momentum().MomentumFactor));
        Assert.Equal((0.01f, 0.9f), (new Nesterov().LearningRate, new Nesterov().MomentumFactor));
        Adam adam = new();
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f), (adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon));
    }

    [Theory, InlineData(0f), InlineData(-1f), InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void Learning_rate_must_be_positive_and_finite(float rate)
    {
        Assert.Equal("learningRate", Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(rate)).ParamName);
        SGD sgd = new(0.5f);
        if (rate == 0)
        {
            sgd.LearningRate = 0;   // a schedule may end here
            Assert.Equal(0, sgd.LearningRate);
            return;
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => sgd.LearningRate = rate);
        Assert.Equal(0.5f, sgd.LearningRate);
    }

    [Theory, InlineData(-0.1f), InlineData(1f), InlineData(float.NaN)]
    public void Coefficients_must_lie_in_zero_to_below_one(float value)
    {
        Assert.Equal("momentum", Assert.Throws<ArgumentOutOfRangeException>(() => new Momentum(0.1f, value)).ParamName);
        Assert.Equal("momentum", Assert.Throws<ArgumentOutOfRangeException>(() => new Nesterov(0.1f, value)).ParamName);
        Assert.Equal("beta1", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(beta1: value)).ParamName);
        Assert.Equal("beta2", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(beta2: value)).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(epsilon: Math.Min(value, 0))).ParamName);
    }

    [Fact]
    public void Learning_rate_changes_take_effect_at_the_next_step()
    {
        SGD sgd = new(0.5f);
        float[] w = [1];
        sgd.BeginStep(this, 1);
        sgd.Update(w, [1], 0, true);
        sgd.LearningRate = 0.25f;
        sgd.BeginStep(this, 1);
        sgd.Update(w, [1], 0, true);
        Assert.Equal([0.25f], w);
    }

    [Fact]
    public void Velocity_is_the_state_of_momentum()
    {
        Momentum momentum = new(0.1f, 0.5f);
        Assert.True(momentum.Velocity.IsEmpty);
        float[] w = [0, 0];
        for (int i = 0; i < 2; i++)
        {
            momentum.BeginStep(this, 2);
            momentum.Update(w, [1, 2], 0, true);
        }

        Assert.Equal([1.5f, 3f], momentum.Velocity.ToArray());
    }

    private static Optimizer Create(int kind) => kind switch
    {
        0 => new SGD(),
        1 => new Momentum(),
        2 => new Nesterov(),
        _ => new Adam(),
    };

    private static float[] Values(int count, int seed)
    {
        RandomSource random = new((ulong)seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextGaussian();
        return values;
    }

    /// <summary>Ten steps against the formula in double: (w, g, m, v, t) to the next (w, m, v).</summary>
    private static void Follow(
        Optimizer optimizer, int length, Func<double, double, double, double, int, (double W, double M, double V)> formula)
    {
        float[] parameters = Values(length, 1);
        var expected = parameters.Select(w => (W: (double)w, M: 0.0, V: 0.0)).ToArray();
        for (int t = 1; t <= 10; t++)
        {
            float[] gradients = Values(length, 100 + t);
            optimizer.BeginStep(optimizer, length);
            optimizer.Update(parameters, gradients, 0, decay: true);
            for (int i = 0; i < length; i++)
                expected[i] = formula(expected[i].W, gradients[i], expected[i].M, expected[i].V, t);
        }

        // Ten steps, each a handful of roundings of numbers around 1.
        for (int i = 0; i < length; i++)
            Assert.Equal(expected[i].W, parameters[i], 40 * 1.2e-7 * Math.Max(1, Math.Abs(expected[i].W)) / 4);
    }
}
