using System.Globalization;

namespace NetGen;

/// <summary>One component of a gradient, computed in two ways.</summary>
/// <param name="Parameter">The parameter: <c>dense1.weight</c>.</param>
/// <param name="Index">Its position in the parameter's documented shape: <c>[3, 17]</c>.</param>
/// <param name="Gradient">What the network computes.</param>
/// <param name="Difference">What differences of the loss give.</param>
/// <param name="Tolerance">How far the two may be apart: the estimated error of the differences, and the tolerance asked for.</param>
public sealed record GradientDifference(string Parameter, IReadOnlyList<int> Index, double Gradient, double Difference, double Tolerance)
{
    /// <summary>Distance of the two in tolerances: above 1 they contradict each other.</summary>
    public double Ratio => double.IsNaN(Gradient - Difference) ? double.PositiveInfinity : Math.Abs(Gradient - Difference) / Tolerance;

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Parameter}[{string.Join(", ", Index)}]: gradient {Gradient:G6}, differences {Difference:G6} ± {Tolerance:G2}");
}

/// <summary>A comparison of a network's gradient with differences of its loss; <see cref="GradientChecker.CheckGradients"/> makes
/// it.</summary>
public sealed class GradientCheck
{
    internal GradientCheck(int compared, int undecided, int failed, GradientDifference? worst)
    {
        Compared = compared;
        Undecided = undecided;
        Failed = failed;
        Worst = worst;
    }

    /// <summary>Components that were compared.</summary>
    public int Compared { get; }

    /// <summary>Components beside them that could not be: a kink of the loss, as at the corner of a ReLU, or its rounding makes the
    /// differences too uncertain.</summary>
    public int Undecided { get; }

    /// <summary>Components that differ by more than their tolerance.</summary>
    public int Failed { get; }

    /// <summary>The component with the highest <see cref="GradientDifference.Ratio"/>; null when none was compared.</summary>
    public GradientDifference? Worst { get; }

    /// <summary>Whether something was compared and nothing differs.</summary>
    public bool Passed => Compared > 0 && Failed == 0;

    /// <summary>One line.</summary>
    public override string ToString()
    {
        string verdict = Compared == 0 ? "nothing to compare" : Failed == 0 ? "gradients agree" : $"{Failed} gradients differ";
        string worst = Worst is null ? "" : $"; worst {Worst}";
        return string.Create(CultureInfo.InvariantCulture, $"{verdict} ({Compared} compared, {Undecided} undecided){worst}");
    }
}
