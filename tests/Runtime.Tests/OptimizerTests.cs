namespace NetGen.Tests;

public class OptimizerTests
{
    /// <summary>Every built-in optimizer that steps batch by batch.</summary>
    internal static readonly Dictionary<string, Func<ElementwiseOptimizer>> Factories = new()
    {
        ["SGD"] = () => new SGD(),
        ["Momentum"] = () => new Momentum(),
        ["Nesterov"] = () => new Nesterov(),
        ["Adagrad"] = () => new Adagrad(),
        ["RMSProp"] = () => new RMSProp(),
        ["Adadelta"] = () => new Adadelta(),
        ["Adam"] = () => new Adam(),
        ["AdamW"] = () => new AdamW(),
        ["AMSGrad"] = () => new AMSGrad(),
        ["NAdam"] = () => new NAdam(),
        ["Lion"] = () => new Lion(weightDecay: 0.1f),
        ["RProp"] = () => new RProp(),
    };

    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, 70)];

    public static TheoryData<string> Kinds => [.. Factories.Keys];

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

    [Theory, MemberData(nameof(Lengths))]
    public void Adagrad_follows_its_formula(int length) => Follow(new Adagrad(0.05f, 1e-6f), length, (w, g, m, _, t) =>
        (w - (0.05 * g / (Math.Sqrt(m + (g * g)) + 1e-6)), m + (g * g), 0));

    [Theory, MemberData(nameof(Lengths))]
    public void RMSProp_follows_its_formula(int length) => Follow(new RMSProp(0.02f, 0.8f, 1e-4f), length, (w, g, m, _, t) =>
    {
        m = (0.8 * m) + (0.2 * g * g);
        return (w - (0.02 * g / (Math.Sqrt(m) + 1e-4)), m, 0);
    });

    [Theory, MemberData(nameof(Lengths))]
    public void Adadelta_follows_its_formula(int length) => Follow(new Adadelta(0.5f, 0.8f, 1e-3f), length, (w, g, m, v, t) =>
    {
        m = (0.8 * m) + (0.2 * g * g);
        double change = Math.Sqrt(v + 1e-3) / Math.Sqrt(m + 1e-3) * g;
        return (w - (0.5 * change), m, (0.8 * v) + (0.2 * change * change));
    });

    [Theory, MemberData(nameof(Lengths))]
    public void AdamW_follows_its_formula(int length) => Follow(new AdamW(0.01f, 0.9f, 0.999f, 1e-8f, 0.5f), length, (w, g, m, v, t) =>
    {
        m = (0.9 * m) + (0.1 * g);
        v = (0.999 * v) + (0.001 * g * g);
        double corrected = m / (1 - Math.Pow(0.9, t)), root = Math.Sqrt(v / (1 - Math.Pow(0.999, t)));
        return (w - (0.01 * 0.5 * w) - (0.01 * corrected / (root + 1e-8)), m, v);
    });

    [Theory, MemberData(nameof(Lengths))]
    public void AMSGrad_follows_its_formula(int length)
    {
        double[] largest = new double[length];
        int turn = 0;
        Follow(new AMSGrad(0.01f, 0.9f, 0.6f, 1e-8f), length, (w, g, m, v, t) =>
        {
            m = (0.9 * m) + (0.1 * g);
            v = (0.6 * v) + (0.4 * g * g);
            int i = turn++ % length;
            largest[i] = Math.Max(largest[i], v);
            double corrected = m / (1 - Math.Pow(0.9, t)), root = Math.Sqrt(largest[i] / (1 - Math.Pow(0.6, t)));
            return (w - (0.01 * corrected / (root + 1e-8)), m, v);
        });
        Assert.Equal(10 * length, turn);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void NAdam_follows_its_formula(int length) => Follow(new NAdam(0.01f, 0.9f, 0.999f, 1e-8f, 0.04f), length, (w, g, m, v, t) =>
    {
        m = (0.9 * m) + (0.1 * g);
        v = (0.999 * v) + (0.001 * g * g);
        double product = 1;
        for (int i = 1; i <= t; i++)
            product *= Momentum(i);
        double change = (Momentum(t + 1) * m / (1 - (product * Momentum(t) * Momentum(t + 1)))) + ((1 - Momentum(t)) * g / (1 - product));
        return (w - (0.01 * change / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8)), m, v);

        static double Momentum(int step) => 0.9 * (1 - (0.5 * Math.Pow(0.96, step * 0.04)));
    });

    [Theory, MemberData(nameof(Lengths))]
    public void Lion_follows_its_formula(int length) => Follow(new Lion(0.01f, 0.9f, 0.99f, 0.5f), length, (w, g, m, _, t) =>
        (w - (0.01 * (Math.Sign((0.9 * m) + (0.1 * g)) + (0.5 * w))), (0.99 * m) + (0.01 * g), 0));

    [Theory, MemberData(nameof(Lengths))]
    public void RProp_follows_its_formula(int length) => Follow(new RProp(0.05f, 0.5f, 1.2f, 0.02f, 0.08f), length, (w, g, m, v, t) =>
    {
        double step = t == 1 ? 0.05 : v;
        step = Math.Clamp(step * (g * m > 0 ? 1.2 : g * m < 0 ? 0.5 : 1), 0.02, 0.08);
        double used = g * m < 0 ? 0 : g;
        return (w - (Math.Sign(used) * step), used, step);
    });

    [Fact]
    public void RProp_grows_shrinks_and_waits()
    {
        // By hand: 1 down; again down 1.2; the gradient turns, so it waits with 0.6; then up 0.6; a gradient of 0 keeps the step.
        RProp rprop = new(1f, 0.5f, 1.2f);
        float[] w = [10];
        (float Gradient, float Expected)[] steps = [(3, 9), (1, 7.8f), (-1, 7.8f), (-5, 8.4f), (0, 8.4f), (-1, 9f), (-1, 9.72f)];
        foreach ((float gradient, float expected) in steps)
        {
            rprop.BeginStep(this, 1);
            rprop.Update(w, [gradient], 0, true);
            Assert.Equal(expected, w[0], 1e-5f);
        }
    }

    [Fact]
    public void A_schedule_scales_the_steps_of_RProp()
    {
        RProp rprop = new(0.5f) { LearningRate = 0.25f };
        float[] w = [1];
        rprop.BeginStep(this, 1);
        rprop.Update(w, [1], 0, true);
        Assert.Equal(0.75f, w[0]);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Result_does_not_depend_on_the_width_that_computes_it(string kind)
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

    [Theory, MemberData(nameof(Kinds))]
    public void Update_leaves_the_neighbours_alone(string kind)
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

    [Theory, MemberData(nameof(Kinds))]
    public void Ranges_that_do_not_fit_are_refused(string kind)
    {
        Optimizer optimizer = Create(kind);
        optimizer.BeginStep(this, 10);
        Assert.Contains("4 gradients for 5",
            Assert.Throws<ArgumentException>(() => optimizer.Update(new float[5], new float[4], 0, true)).Message);
        Assert.Contains("8 to 12", Assert.Throws<ArgumentException>(() => optimizer.Update(new float[5], new float[5], 8, true)).Message);
        Assert.Throws<ArgumentException>(() => optimizer.Update(new float[5], new float[5], -1, true));
        optimizer.Update([], [], 10, true);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Updating_before_the_first_step_is_refused(string kind) =>
        Assert.Throws<ArgumentException>(() => Create(kind).Update(new float[1], new float[1], 0, true));

    [Theory, MemberData(nameof(Kinds))]
    public void Steps_allocate_nothing(string kind)
    {
        float[] parameters = Values(100, 1), gradients = Values(100, 2);
        Optimizer optimizer = Create(kind);
        Allocations.AssertNone(Step);

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
    public void All_optimizers_are_tested() => Assert.Equal(
        typeof(Optimizer).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Optimizer))).Select(type => type.Name)
            .Order(StringComparer.Ordinal),
        Factories.Keys.Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Kinds))]
    public void Zero_gradients_leave_finite_parameters_unchanged(string kind)
    {
        float[] parameters = Values(20, 1);
        Optimizer optimizer = Create(kind);
        for (int step = 0; step < 2; step++)
        {
            optimizer.BeginStep(this, 20);
            optimizer.Update(parameters, new float[20], 0, decay: false);
        }

        Assert.Equal(Values(20, 1), parameters);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_gradient_that_is_no_number_reaches_its_parameter(string kind)
    {
        float[] parameters = Values(29, 1), gradients = Values(29, 2);
        gradients[3] = gradients[17] = gradients[26] = gradients[28] = float.NaN;
        Optimizer optimizer = Create(kind);
        optimizer.BeginStep(this, 29);
        optimizer.Update(parameters, gradients, 0, decay: true);
        for (int i = 0; i < 29; i++)
            Assert.Equal(float.IsNaN(gradients[i]), float.IsNaN(parameters[i]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_learning_rate_of_zero_stands_still(string kind)
    {
        float[] parameters = Values(29, 1);
        Optimizer optimizer = Create(kind);
        optimizer.LearningRate = 0;
        for (int step = 0; step < 3; step++)
        {
            optimizer.BeginStep(this, 29);
            optimizer.Update(parameters, Values(29, 2 + step), 0, decay: true);
        }

        Assert.Equal(Values(29, 1), parameters);
    }

    [Theory, InlineData("AdamW", 0.001 * 0.01), InlineData("Lion", 1e-4 * 0.1)]
    public void Decay_shrinks_weights_and_nothing_else(string kind, double share)
    {
        float[] weights = Values(29, 1), biases = Values(29, 1);
        Optimizer optimizer = Create(kind);
        optimizer.BeginStep(this, 58);
        optimizer.Update(weights, new float[29], 0, decay: true);
        optimizer.Update(biases, new float[29], 29, decay: false);
        Assert.Equal(Values(29, 1), biases);
        for (int i = 0; i < 29; i++)
            Assert.Equal(Values(29, 1)[i] * (1 - share), weights[i], 1.2e-7 * Math.Abs(weights[i]));
    }

    [Fact]
    public void Only_optimizers_with_a_decay_tell_weights_from_biases()
    {
        Assert.False(new AdamW(weightDecay: 0).UsesDecay);
        Assert.False(new Lion().UsesDecay);
        Assert.Equal(["AdamW", "Lion"], Factories.Keys.Where(kind => Create(kind).UsesDecay));
        Assert.All(Factories.Keys, kind => Assert.True(Create(kind).AllowsThreads));
    }

    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        Assert.Equal(0.01f, new SGD().LearningRate);
        Assert.Equal((0.01f, 0.9f), (new Momentum().LearningRate, new Momentum().MomentumFactor));
        Assert.Equal((0.01f, 0.9f), (new Nesterov().LearningRate, new Nesterov().MomentumFactor));
        Adam adam = new();
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f), (adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon));
        Adagrad adagrad = new();
        Assert.Equal((0.01f, 1e-10f), (adagrad.LearningRate, adagrad.Epsilon));
        RMSProp rmsProp = new();
        Assert.Equal((0.01f, 0.9f, 1e-8f), (rmsProp.LearningRate, rmsProp.Decay, rmsProp.Epsilon));
        Adadelta adadelta = new();
        Assert.Equal((1f, 0.9f, 1e-6f), (adadelta.LearningRate, adadelta.Decay, adadelta.Epsilon));
        AdamW adamW = new();
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f, 0.01f),
            (adamW.LearningRate, adamW.Beta1, adamW.Beta2, adamW.Epsilon, adamW.WeightDecay));
        AMSGrad amsGrad = new();
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f), (amsGrad.LearningRate, amsGrad.Beta1, amsGrad.Beta2, amsGrad.Epsilon));
        NAdam nadam = new();
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f, 0.004f),
            (nadam.LearningRate, nadam.Beta1, nadam.Beta2, nadam.Epsilon, nadam.MomentumDecay));
        Lion lion = new();
        Assert.Equal((1e-4f, 0.9f, 0.99f, 0f), (lion.LearningRate, lion.Beta1, lion.Beta2, lion.WeightDecay));
        RProp rprop = new();
        Assert.Equal((0.01f, 0.5f, 1.2f, 1e-6f, 50f),
            (rprop.LearningRate, rprop.EtaMinus, rprop.EtaPlus, rprop.MinimumStep, rprop.MaximumStep));
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
        Assert.Equal("decay", Assert.Throws<ArgumentOutOfRangeException>(() => new RMSProp(decay: value)).ParamName);
        Assert.Equal("decay", Assert.Throws<ArgumentOutOfRangeException>(() => new Adadelta(decay: value)).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(epsilon: Math.Min(value, 0))).ParamName);
        Assert.Equal("beta1", Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(beta1: value)).ParamName);
        Assert.Equal("beta2", Assert.Throws<ArgumentOutOfRangeException>(() => new AMSGrad(beta2: value)).ParamName);
        Assert.Equal("beta2", Assert.Throws<ArgumentOutOfRangeException>(() => new Lion(beta2: value)).ParamName);
        Assert.Equal("beta1", Assert.Throws<ArgumentOutOfRangeException>(() => new NAdam(beta1: value)).ParamName);
    }

    [Theory, InlineData(-0.1f), InlineData(float.PositiveInfinity), InlineData(float.NaN)]
    public void Decay_must_not_be_negative(float value)
    {
        Assert.Equal("weightDecay", Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(weightDecay: value)).ParamName);
        Assert.Equal("weightDecay", Assert.Throws<ArgumentOutOfRangeException>(() => new Lion(weightDecay: value)).ParamName);
        Assert.Equal("momentumDecay", Assert.Throws<ArgumentOutOfRangeException>(() => new NAdam(momentumDecay: value)).ParamName);
    }

    [Fact]
    public void Factors_of_RProp_must_shrink_and_grow()
    {
        Assert.Equal("etaMinus", Assert.Throws<ArgumentOutOfRangeException>(() => new RProp(etaMinus: 0)).ParamName);
        Assert.Equal("etaMinus", Assert.Throws<ArgumentOutOfRangeException>(() => new RProp(etaMinus: 1)).ParamName);
        Assert.Equal("etaPlus", Assert.Throws<ArgumentOutOfRangeException>(() => new RProp(etaPlus: 1)).ParamName);
        Assert.Equal("minimumStep", Assert.Throws<ArgumentOutOfRangeException>(() => new RProp(minimumStep: 0)).ParamName);
        Assert.Equal("maximumStep",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RProp(minimumStep: 1, maximumStep: 0.5f)).ParamName);
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

    private static Optimizer Create(string kind) => Factories[kind]();

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
