namespace NetGen.Tests;

/// <summary>y = W x + b in plain C#, with a mean squared error, or as probabilities with a cross-entropy. W is stored transposed.</summary>
internal sealed class LinearNetwork : ITrainableNetwork
{
    private readonly int inputs, outputs;
    private readonly bool softmax;
    private readonly float[] parameters, gradients, probabilities;

    public LinearNetwork(int inputs, int outputs, bool softmax = false, string? loss = null)
    {
        (this.inputs, this.outputs, this.softmax) = (inputs, outputs, softmax);
        int count = (inputs * outputs) + outputs;
        parameters = new float[count];
        gradients = new float[count];
        probabilities = new float[outputs];
        Info = new NetworkInfo
        {
            Name = "Linear",
            InputShape = [inputs],
            Layers = [new LayerInfo("dense1", $"Dense({outputs})", [outputs], count, inputs * outputs)],
            Parameters =
            [
                new ParameterInfo("dense1.weight", [outputs, inputs], 0, ParameterLayout.Transposed, true),
                new ParameterInfo("dense1.bias", [outputs], inputs * outputs, ParameterLayout.RowMajor, true),
            ],
            Loss = loss ?? (softmax ? "CrossEntropy" : "MeanSquaredError"),
            Targets = softmax ? TargetKind.LabelsOrValues : TargetKind.Values,
            PredictionBytes = 0,
            TrainingBytes = 0,
            BlockSize = 1,
        };
    }

    public int Threads { get; set; }

    public NetworkInfo Info { get; init; }

    public Span<float> Parameters => parameters;

    /// <summary>Samples of each training step, when set.</summary>
    public List<int>? BatchSizes { get; init; }

    /// <summary>First input of each trained sample, when set.</summary>
    public List<float>? Seen { get; init; }

    /// <summary>Called in each training step, when set.</summary>
    public Action? OnStep { get; init; }

    /// <summary>Is asked for the loss instead of the arithmetic, when set.</summary>
    public Func<float>? FakeEvaluation { get; init; }

    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        for (int sample = 0; sample < inputs.Length / this.inputs; sample++)
            Forward(inputs.Slice(sample * this.inputs, this.inputs), outputs.Slice(sample * this.outputs, this.outputs));
    }

    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
        Step(inputs, targets, default, optimizer);

    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        softmax ? Step(inputs, default, labels, optimizer) : throw new NotSupportedException();

    public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs)
    {
        Predict(inputs, outputs);
        return FakeEvaluation?.Invoke() ?? Loss(inputs, targets, default);
    }

    public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs)
    {
        Assert.True(softmax);
        Predict(inputs, outputs);
        return FakeEvaluation?.Invoke() ?? Loss(inputs, default, labels);
    }

    public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients)
    {
        float loss = Loss(inputs, targets, default);
        this.gradients.CopyTo(gradients);
        return loss;
    }

    private float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer)
    {
        OnStep?.Invoke();
        BatchSizes?.Add(inputs.Length / this.inputs);
        for (int sample = 0; Seen is not null && sample < inputs.Length; sample += this.inputs)
            Seen.Add(inputs[sample]);
        optimizer.BeginStep(this, parameters.Length);
        float loss = Loss(inputs, targets, labels);
        optimizer.Update(parameters, gradients, 0, decay: true);
        return loss;
    }

    private void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int o = 0; o < outputs; o++)
        {
            float sum = parameters[(inputs * outputs) + o];
            for (int i = 0; i < inputs; i++)
                sum += x[i] * parameters[(i * outputs) + o];
            y[o] = sum;
        }

        if (!softmax)
            return;
        float total = 0;
        for (int o = 0; o < outputs; o++)
            total += y[o] = MathF.Exp(y[o]);
        for (int o = 0; o < outputs; o++)
            y[o] /= total;
    }

    /// <summary>Mean loss; leaves its gradient in the buffer.</summary>
    private float Loss(ReadOnlySpan<float> x, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels)
    {
        Array.Clear(gradients);
        int samples = x.Length / inputs;
        float loss = 0;
        for (int sample = 0; sample < samples; sample++)
        {
            Forward(x.Slice(sample * inputs, inputs), probabilities);
            for (int o = 0; o < outputs; o++)
            {
                float target = targets.IsEmpty ? (labels[sample] == o ? 1 : 0) : targets[(sample * outputs) + o];
                float error = probabilities[o] - target;
                loss += softmax ? -target * MathF.Log(probabilities[o]) : error * error / outputs;
                float slope = (softmax ? error : 2 * error / outputs) / samples;
                gradients[(inputs * outputs) + o] += slope;
                for (int i = 0; i < inputs; i++)
                    gradients[(i * outputs) + o] += slope * x[(sample * inputs) + i];
            }
        }

        return loss / samples;
    }
}
