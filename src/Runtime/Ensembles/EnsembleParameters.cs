namespace NetGen;

/// <summary>The parameters of several networks as those of one, for files: <c>member1.dense1.weight</c> and so on.</summary>
internal sealed class EnsembleParameters : INetwork
{
    private readonly IReadOnlyList<INetwork> members;
    private readonly float[] parameters;

    public EnsembleParameters(IReadOnlyList<INetwork> members)
    {
        this.members = members;
        NetworkInfo info = members[0].Info;
        int length = members[0].Parameters.Length;
        parameters = new float[checked(length * members.Count)];
        for (int i = 0; i < members.Count; i++)
            members[i].Parameters.CopyTo(parameters.AsSpan(i * length));
        Info = new NetworkInfo
        {
            Name = $"an ensemble of {members.Count} {info.Name}",
            InputShape = info.InputShape,
            Layers = info.Layers,
            Parameters = [.. members.SelectMany((member, i) => info.Parameters.Select(
                parameter => parameter with { Name = Prefix(i) + parameter.Name, Offset = (i * length) + parameter.Offset }))],
            PredictionBytes = info.PredictionBytes,
            TrainingBytes = info.TrainingBytes,
            BlockSize = info.BlockSize,
        };
    }

    public NetworkInfo Info { get; }

    public Span<float> Parameters => parameters;

    public int Threads { get; set; }

    public static string Prefix(int member) => FormattableString.Invariant($"member{member + 1}.");

    /// <summary>Gives the members what has been loaded.</summary>
    public void CopyToMembers()
    {
        int length = parameters.Length / members.Count;
        for (int i = 0; i < members.Count; i++)
            parameters.AsSpan(i * length, length).CopyTo(members[i].Parameters);
    }

    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) =>
        throw new NotSupportedException("These parameters are for files.");
}
