namespace NetGen;

/// <summary>xᵢ − ln Σⱼ exp(xⱼ) over the last axis: the logarithm of <see cref="SoftmaxAttribute"/>, without its underflow.</summary>
/// <remarks>For losses of your own. <see cref="CrossEntropyAttribute"/> takes probabilities: it follows Softmax, and is as exact.</remarks>
public sealed class LogSoftmaxAttribute : LayerAttribute
{
}
