namespace NetGen;

/// <summary>What is about to be trained.</summary>
/// <param name="Network">The network.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="Samples">Training samples per epoch.</param>
/// <param name="BatchSize">Samples in a full batch.</param>
/// <param name="BatchesPerEpoch">Batches per epoch, a partial one included.</param>
public sealed record TrainingPlan(NetworkInfo Network, int Epochs, int Samples, int BatchSize, int BatchesPerEpoch);
