namespace NetGen;

/// <summary>How well one class is recognised. A ratio without a denominator is 0.</summary>
/// <param name="Precision">Share of the samples predicted as the class that belong to it.</param>
/// <param name="Recall">Share of the samples of the class that were predicted as it.</param>
/// <param name="F1">Harmonic mean of the two.</param>
/// <param name="Support">Samples of the class.</param>
public readonly record struct ClassMetrics(double Precision, double Recall, double F1, long Support);
