namespace NetGen;

/// <summary>1 where x &gt;= 0, otherwise 0: the perceptron's answer, for prediction. Its derivative is 0, so nothing before it can be
/// trained through it.</summary>
/// <remarks>Rosenblatt, The Perceptron, 1958.</remarks>
public sealed class StepAttribute : LayerAttribute
{
}
