namespace NetGen;

/// <summary>Where training is.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Batch">Batches done in it.</param>
/// <param name="Samples">Samples done in it.</param>
/// <param name="Loss">Mean loss over those samples.</param>
public readonly record struct BatchProgress(int Epoch, int Batch, int Samples, double Loss);
