using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Changes the learning rate during training: see <see cref="TrainingOptions.Schedule"/>.</summary>
/// <remarks>A schedule remembers nothing, so one may serve any number of trainings. Derive from this class to write another one.</remarks>
public abstract class Schedule
{
    /// <summary>Whether the rate differs between the steps of one epoch. If not, it is asked for once per epoch.</summary>
    public virtual bool ChangesWithinEpochs => true;

    /// <summary>The learning rate of the next step: finite and at least 0.</summary>
    /// <param name="at">Where training is.</param>
    public abstract float LearningRate(in SchedulePoint at);

    /// <summary>Half a cosine from one value to another.</summary>
    /// <param name="from">The value where the share is 0.</param>
    /// <param name="to">The value where the share is 1.</param>
    /// <param name="share">How much of the way lies behind; 0 to 1.</param>
    internal static double Cosine(double from, double to, double share) => to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share)));

    /// <summary>Checks a number of steps or epochs.</summary>
    internal static int CheckCount(int value, int least, [CallerArgumentExpression(nameof(value))] string? name = null) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, string.Create(
            CultureInfo.InvariantCulture, $"{name} is {value}; it must be at least {least}."));

    /// <summary>Checks a factor or share.</summary>
    internal static float CheckRange(float value, float low, float high, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= low && value <= high
            ? value
            : throw new ArgumentOutOfRangeException(name, value, string.Create(
                CultureInfo.InvariantCulture, $"{name} is {value}; it must lie between {low} and {high}."));
}
