using System.Buffers;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Networks of one class that answer together; <see cref="Ensemble.Bagging"/> trains one.</summary>
/// <typeparam name="TNetwork">The members' class.</typeparam>
public sealed class Ensemble<TNetwork>
    where TNetwork : class, ITrainableNetwork
{
    private const int ChunkSamples = 256;
    private readonly TNetwork[] members;
    private readonly int inputLength, outputLength;
    private readonly bool yesOrNo;
    private readonly float no, threshold;

    /// <param name="members">The networks, at least one, each only once.</param>
    /// <param name="combination">How they answer together.</param>
    /// <exception cref="ArgumentException">There is no member, or one is null.</exception>
    public Ensemble(IEnumerable<TNetwork> members, Combination combination = Combination.Average)
    {
        ArgumentNullException.ThrowIfNull(members);
        this.members = [.. members];
        if (this.members.Length == 0)
            throw new ArgumentException("There are no members; an ensemble needs at least one.", nameof(members));
        if (Array.IndexOf(this.members, null) >= 0)
            throw new ArgumentException($"Member {Array.IndexOf(this.members, null)} is null.", nameof(members));
        if (!Enum.IsDefined(combination))
            throw new ArgumentOutOfRangeException(nameof(combination), combination, "Average or Vote is needed.");
        Combination = combination;
        NetworkInfo info = this.members[0].Info;
        (inputLength, outputLength) = (info.InputLength, info.OutputLength);
        yesOrNo = outputLength == 1 || info.TakesSigns || info.Loss == "BinaryCrossEntropy";
        (no, threshold) = info.TakesSigns ? (-1f, 0f) : (0f, 0.5f);
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<TNetwork> Members => members;

    /// <summary>How they answer together.</summary>
    public Combination Combination { get; }

    /// <summary>Predicts any number of samples.</summary>
    /// <param name="inputs">n · InputLength floats, sample after sample.</param>
    /// <returns>n · OutputLength floats: mean outputs, or shares of votes.</returns>
    /// <exception cref="ArgumentException">The length is no multiple of InputLength.</exception>
    public float[] Predict(ReadOnlySpan<float> inputs)
    {
        float[] outputs = new float[Arguments.CountSamples(inputs.Length, inputLength, nameof(inputs)) * outputLength];
        Predict(inputs, outputs);
        return outputs;
    }

    /// <summary>Predicts any number of samples. Safe from many threads at once.</summary>
    /// <param name="inputs">n · InputLength floats, sample after sample.</param>
    /// <param name="outputs">Receives n · OutputLength floats: mean outputs, or shares of votes.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the two overlap.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int samples = Arguments.CountSamples(inputs.Length, inputLength, nameof(inputs));
        Arguments.CheckLength(outputs.Length, samples, outputLength, nameof(outputs));
        Arguments.CheckApart(inputs, outputs, nameof(outputs));
        float[] rented = ArrayPool<float>.Shared.Rent(Math.Min(samples, ChunkSamples) * outputLength);
        for (int first = 0; first < samples; first += ChunkSamples)
        {
            int count = Math.Min(ChunkSamples, samples - first);
            PredictChunk(inputs.Slice(first * inputLength, count * inputLength), outputs.Slice(first * outputLength, count * outputLength),
                rented.AsSpan(0, count * outputLength));
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Loss and metrics on a dataset. The metrics are those of the common answer.</summary>
    /// <remarks>The loss is the mean of the members' losses. Where the loss is convex in the outputs, as squared errors and cross-entropies
    /// are, the averaged answer's own loss is at most that.</remarks>
    /// <exception cref="ArgumentException">The data does not fit; the message names both sides.</exception>
    public Evaluation Evaluate(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Trainer.Evaluate(new EnsembleEvaluation(members, Predict), data);
    }

    /// <summary>Writes all members to one safetensors file, as <c>member1.dense1.weight</c> and so on; a crash leaves the old file or the
    /// new one, never half of one.</summary>
    /// <exception cref="IOException">The file cannot be written; an older one stays as it was.</exception>
    public void Save(string path) => Safetensors.Save(path, new EnsembleParameters(members));

    private void PredictChunk(ReadOnlySpan<float> inputs, Span<float> outputs, Span<float> answer)
    {
        outputs.Clear();
        foreach (TNetwork member in members)
        {
            member.Predict(inputs, answer);
            if (Combination == Combination.Vote)
                CastVotes(answer);
            for (int i = 0; i < outputs.Length; i++)
                outputs[i] += answer[i];
        }

        for (int i = 0; i < outputs.Length; i++)
            outputs[i] /= members.Length;
    }

    /// <summary>Replaces outputs by votes: 1 for what a member decides on, 0 for the rest, or -1 with a hinge loss.</summary>
    private void CastVotes(Span<float> answer)
    {
        for (int start = 0; start < answer.Length; start += outputLength)
        {
            Span<float> sample = answer.Slice(start, outputLength);
            int highest = 0;
            for (int i = 1; i < sample.Length; i++)
                highest = sample[i] > sample[highest] ? i : highest;
            for (int i = 0; i < sample.Length; i++)
                sample[i] = (yesOrNo ? sample[i] >= threshold : i == highest) ? 1 : no;
        }
    }
}
