namespace NetGen;

/// <summary>What every generated network can do; the runtime's loading, saving and validation are written against it.</summary>
public interface INetwork
{
    /// <summary>Layers, shapes and parameters.</summary>
    NetworkInfo Info { get; }

    /// <summary>All parameters as one vector, in storage order: <see cref="ParameterInfo.Offset"/> says what lies where.</summary>
    Span<float> Parameters { get; }

    /// <summary>The most threads that one call may use; 0, the default, is one per processor. What does not pay is not used, and the
    /// results are the same bits for any number.</summary>
    int Threads { get; set; }

    /// <summary>Predicts any number of samples. Safe from many threads at once; during a training step some parameters are old and some
    /// new.</summary>
    /// <param name="inputs">Samples back to back: n · InputLength floats.</param>
    /// <param name="outputs">Receives n · OutputLength floats.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    void Predict(ReadOnlySpan<float> inputs, Span<float> outputs);
}

/// <summary>A generated network with a loss. One thread at a time trains it or asks for gradients.</summary>
public interface ITrainableNetwork : INetwork
{
    /// <summary>One optimizer step on one mini-batch.</summary>
    /// <returns>The mean loss before the step.</returns>
    float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer);

    /// <summary>One optimizer step on one mini-batch with class labels.</summary>
    /// <returns>The mean loss before the step.</returns>
    /// <exception cref="NotSupportedException">The loss takes no labels: <see cref="NetworkInfo.Targets"/> says which do.</exception>
    float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer);

    /// <summary>One optimizer step on one mini-batch whose samples do not count alike.</summary>
    /// <param name="inputs">Samples back to back.</param>
    /// <param name="targets">Targets back to back.</param>
    /// <param name="weights">A weight per sample, finite and at least 0, not all 0: the mean loss is Σ w·loss / Σ w.</param>
    /// <param name="optimizer">Updates the parameters.</param>
    /// <returns>The weighted mean loss before the step.</returns>
    float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer) =>
        throw new NotSupportedException($"{Info.Name} takes no weights of samples.");

    /// <summary>The same with class labels.</summary>
    float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, Optimizer optimizer) =>
        throw new NotSupportedException($"{Info.Name} takes no class labels with weights of samples.");

    /// <summary>Predicts, and computes the weighted mean loss against the targets. Changes nothing.</summary>
    float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        throw new NotSupportedException($"{Info.Name} takes no weights of samples.");

    /// <summary>Predicts, and computes the weighted mean loss against class labels. Changes nothing.</summary>
    float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, Span<float> outputs) =>
        throw new NotSupportedException($"{Info.Name} takes no class labels with weights of samples.");

    /// <summary>Weighted mean loss, and its gradient with respect to every parameter. Changes nothing.</summary>
    float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients) =>
        throw new NotSupportedException($"{Info.Name} takes no weights of samples.");

    /// <summary>Predicts, and computes the mean loss against the targets. Changes nothing.</summary>
    float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs);

    /// <summary>Predicts, and computes the mean loss against class labels. Changes nothing.</summary>
    /// <exception cref="NotSupportedException">The loss takes no labels.</exception>
    float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs);

    /// <summary>Mean loss, and its gradient with respect to every parameter, in storage order. Changes nothing.</summary>
    /// <param name="inputs">Samples back to back.</param>
    /// <param name="targets">Targets back to back.</param>
    /// <param name="gradients">Receives one float per parameter; 0 for frozen ones.</param>
    float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients);
}
