using NetGen;

#pragma warning disable NG0301 // The vanishing gradient that this warns of is what the sample shows.

/// <summary>Four hidden layers with sigmoids.</summary>
[Network(8)]
[Dense(16), Sigmoid, Dense(16), Sigmoid, Dense(16), Sigmoid, Dense(16), Sigmoid]
[Dense(1)]
[MeanSquaredError]
public sealed partial class SigmoidStack;

#pragma warning restore NG0301

/// <summary>The same with rectifiers.</summary>
[Network(8)]
[Dense(16), ReLU, Dense(16), ReLU, Dense(16), ReLU, Dense(16), ReLU]
[Dense(1)]
[MeanSquaredError]
public sealed partial class RectifierStack;

/// <summary>An activation and a loss of the user's.</summary>
[Network(1)]
[Dense(16), Activation(nameof(Bump), 2f), Dense(1)]
[Loss(nameof(Huberish))]
public sealed partial class BumpNetwork
{
    private static float Bump(float x, float width) => MathF.Exp(-x * x / width);

    private static float Huberish(float prediction, float target)
    {
        float d = MathF.Abs(prediction - target);
        return d < 0.1f ? 5f * d * d : d - 0.05f;
    }
}
