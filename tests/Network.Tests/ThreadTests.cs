namespace NetGen.Network.Tests;

/// <summary>Any number of threads, the same bits.</summary>
public class ThreadTests
{
    /// <summary>Large enough that batches of 32 and more are shared between threads.</summary>
    private const string Declaration = "[Network(300)] [Dense(200), PReLU, Dense(50), Tanh, Dense(7), Softmax] [CrossEntropy]";

    private static readonly int[] Batches = [64, 33, 256, 1, 100, 31, 128];

    /// <summary>Its first layer's columns fill no vectors, and its rows no tiles.</summary>
    private const string Uneven = "[Network(701)] [Dense(100), ReLU, Dense(10), Softmax] [CrossEntropy]";

    /// <summary>The sums of their first layers are split in two and in four; the last part has an odd number of terms.</summary>
    private const string Halves = "[Network(701)] [Dense(101), ReLU, Dense(10), Softmax] [CrossEntropy]",
        Quarters = "[Network(4609)] [Dense(35, Bias = false), Dropout(0.2f), Dense(3)] [MeanSquaredError]";

    [Theory]
    [InlineData("SGD"), InlineData("Momentum"), InlineData("Nesterov"), InlineData("Adam")]
    [InlineData("SGD", Uneven), InlineData("Adam", Uneven)]
    [InlineData("SGD", Halves), InlineData("Adam", Halves), InlineData("Momentum", Quarters), InlineData("Adam", Quarters)]
    public void Training_gives_the_same_bits_for_any_number_of_threads(string optimizer, string declaration = Declaration) =>
        ThreadAgreement.Check(NetworkCompiler.Compile(declaration), optimizer, Batches);

    [Theory, InlineData("SGD"), InlineData("Momentum"), InlineData("Adam")]
    public void Parameters_of_units_have_the_same_bits_for_any_number_of_threads(string optimizer)
    {
        const string Units = "[Network(4, 17, 9)] [PReLU, Activation(nameof(Wave), 1f, 0.5f, Learnable = true), Flatten, Dense(90), PReLU, "
            + "Activation(nameof(Swish), 1f, Learnable = true), Maxout(3), Dense(7)] [MeanSquaredError]";
        ThreadAgreement.Check(NetworkCompiler.Compile(Units, DoubleLearned.Members), optimizer, Batches);
    }

    [Fact]
    public void Prediction_gives_the_same_bits_for_any_number_of_threads()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create(seed: 3);
        foreach (int samples in (int[])[256, 257, 300, 639, 1000, 1027])
        {
            float[] inputs = Samples.Normal(5, samples * network.Info.InputLength);
            network.Network.Threads = 1;
            int[] alone = Bits.Of(network.Predict(inputs));
            for (int threads = 2; threads <= 5; threads++)
            {
                network.Network.Threads = threads;
                Assert.Equal(alone, Bits.Of(network.Predict(inputs)));
            }
        }
    }

    [Fact]
    public void Shared_steps_allocate_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create();
        network.Network.Threads = 3;
        float[] inputs = Samples.Normal(1, 512 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 512);
        float[] outputs = new float[512 * network.Info.OutputLength];
        Adam optimizer = new();

        Allocations.AssertNone(Step);

        void Step()
        {
            network.Train(inputs, targets, optimizer);
            network.Predict(inputs, outputs);
        }
    }

    [Fact]
    public void Networks_that_train_at_the_same_time_do_not_disturb_each_other()
    {
        int[][] results = new int[4][];
        CompiledNetwork network = NetworkCompiler.Compile(Declaration);
        int[] alone = Train(threads: 1);

        Parallel.For(0, results.Length, i => results[i] = Train(threads: 2 + (i % 2)));

        Assert.All(results, result => Assert.Equal(alone, result));

        int[] Train(int threads) => ThreadAgreement.Train(network, "Adam", threads, Batches).Parameters;
    }

    [Fact]
    public void An_exception_on_a_worker_reaches_the_caller_and_the_next_step_works()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create();
        network.Network.Threads = 3;
        float[] inputs = Samples.Normal(1, 64 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 64);
        FailingOptimizer optimizer = new() { Fails = true };

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => network.Train(inputs, targets, optimizer));
        Assert.Equal("refused", exception.Message);

        optimizer.Fails = false;
        Assert.True(float.IsFinite(network.Train(inputs, targets, optimizer)));
        Assert.True(optimizer.Updates > 0);
    }

    [Fact]
    public void An_optimizer_that_knows_nothing_of_threads_is_called_by_one()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create();
        network.Network.Threads = 4;
        float[] inputs = Samples.Normal(1, 64 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 64);
        CallerOptimizer optimizer = new();

        network.Train(inputs, targets, optimizer);

        Assert.Equal([Environment.CurrentManagedThreadId], optimizer.Threads);
    }

    [Fact]
    public void A_negative_number_of_threads_is_refused()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create();

        Assert.Throws<ArgumentOutOfRangeException>(() => network.Network.Threads = -1);
        Assert.Equal(0, network.Network.Threads);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void A_step_refuses_those_of_other_threads_and_is_not_disturbed(int threads)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Declaration);
        TestNetwork network = compiled.Create(), alone = compiled.Create();
        network.Network.Threads = alone.Network.Threads = threads;
        float[] inputs = Samples.Normal(1, 64 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 64);
        List<string> messages = [];
        InterruptedOptimizer optimizer = new(() => Refuse(network, messages));
        Assert.Equal(alone.Train(inputs, targets, new InterruptedOptimizer(() => { })), network.Train(inputs, targets, optimizer));
        Assert.Equal(Bits.Of(alone.Parameters), Bits.Of(network.Parameters));
        Assert.Equal(4, messages.Count);
        Assert.All(messages, message =>
            Assert.Equal($"{network.Info.Name} is being trained by another thread; a network takes one training at a time.", message));

        // It is free again, also after an exception.
        Assert.Throws<TimeoutException>(() => network.Train(inputs, targets, new InterruptedOptimizer(() => throw new TimeoutException())));
        Assert.True(float.IsFinite(network.Train(inputs, targets, optimizer)));
        Assert.Equal(8, messages.Count);
    }

    /// <summary>Collects what calls on another thread throw that want more of the network's memory than it has.</summary>
    private static void Refuse(TestNetwork network, List<string> messages)
    {
        float[] inputs = Samples.Normal(3, 256 * network.Info.InputLength), targets = Samples.Targets(network.Info, 4, 256);
        int[] labels = new int[256];
        float[] gradients = new float[network.Info.ParameterCount], inputGradients = new float[inputs.Length];
        Action[] calls =
        [
            () => network.Train(inputs, targets, new Adam()), () => network.Train(inputs, labels, new SGD()),
            () => network.Gradients(inputs, targets, gradients), () => network.Backward(inputs, targets, inputGradients, gradients),
        ];
        Thread other = new(() => messages.AddRange(calls.Select(call => Record.Exception(call) switch
        {
            InvalidOperationException refusal => refusal.Message,
            Exception unexpected => unexpected.ToString(),
            null => "not refused",
        })));
        other.Start();
        other.Join();
    }

    /// <summary>Gradient descent whose first update of each step does something else before.</summary>
    private sealed class InterruptedOptimizer(Action interruption) : Optimizer(0.01f)
    {
        private bool interrupted;

        public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
        {
            if (!interrupted)
                interruption();
            interrupted = true;
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] -= LearningRate * gradients[i];
        }

        protected override void Initialize(int parameterCount)
        {
        }

        protected override void Prepare() => interrupted = false;
    }

    /// <summary>Fails where parameter 30,000 is updated: by the second of three threads, or by the only one where others are
    /// busy.</summary>
    private sealed class FailingOptimizer() : Optimizer(0.01f)
    {
        private int updates;

        public bool Fails { get; set; }

        public int Updates => updates;

        public override bool AllowsThreads => true;

        public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
        {
            Interlocked.Increment(ref updates);
            if (Fails && offset <= 30_000 && 30_000 < offset + parameters.Length)
                throw new InvalidOperationException("refused");
        }

        protected override void Initialize(int parameterCount)
        {
        }
    }

    private sealed class CallerOptimizer() : Optimizer(0.01f)
    {
        public HashSet<int> Threads { get; } = [];

        public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
            Threads.Add(Environment.CurrentManagedThreadId);

        protected override void Initialize(int parameterCount)
        {
        }
    }
}
