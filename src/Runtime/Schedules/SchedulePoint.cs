namespace NetGen;

/// <summary>Where training is when a <see cref="Schedule"/> is asked for the learning rate of the next step.</summary>
/// <param name="BaseRate">The optimizer's own learning rate, from before training.</param>
/// <param name="Step">Steps taken so far: 0 before the first.</param>
/// <param name="Steps">Steps of the whole training, if nothing ends it early.</param>
/// <param name="Epoch">Epochs completed so far: 0 in the first.</param>
/// <param name="Results">What the completed epochs gave.</param>
public readonly record struct SchedulePoint(float BaseRate, long Step, long Steps, int Epoch, IReadOnlyList<EpochResult> Results);
