namespace NetGen;

/// <summary>Is told how training goes. Called on the training thread: what takes long here slows training down.</summary>
public interface ITrainingProgress
{
    /// <summary>Before the first batch, when everything has been validated.</summary>
    void OnStart(TrainingPlan plan);

    /// <summary>After every batch.</summary>
    void OnBatch(in BatchProgress progress);

    /// <summary>After every epoch and its validation.</summary>
    void OnEpoch(EpochResult result);

    /// <summary>When training has ended; not when an exception ended it.</summary>
    void OnEnd(TrainingHistory history);
}
