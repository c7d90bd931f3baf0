using NetGen;

/// <summary>Functions whose derivatives nobody writes.</summary>
public static partial class Functions
{
    /// <summary>A single unit: the logistic function of a weighted input.</summary>
    [Differentiable]
    public static float Logistic(float x, float w, float b) => 1f / (MathF.Exp(-(w * x + b)) + 1f);

    /// <summary>The same unit with a squared error: the derivative goes through the call.</summary>
    [Differentiable]
    public static float Error(float x, float w, float b, float target)
    {
        float difference = Logistic(x, w, b) - target;
        return 0.5f * difference * difference;
    }
}
