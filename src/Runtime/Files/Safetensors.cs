namespace NetGen;

/// <summary>Saves and loads a network's parameters as a safetensors file, which goes to and from Python as it is.</summary>
public static class Safetensors
{
    /// <summary>Saves all parameters as F32 in their documented shapes. A crash never leaves half a file: the file is written under
    /// another name in the same directory, flushed to disk and renamed.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="IOException">The file cannot be written; an older one stays as it was.</exception>
    public static void Save(string path, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Replace(path, file => WriteTo(file, network));
    }

    /// <summary>Writes all parameters to a stream, such as a response or an archive's entry: the bytes of a file.</summary>
    /// <param name="stream">Receives the bytes at its position; it stays open.</param>
    /// <param name="network">The network.</param>
    public static void Save(Stream stream, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        WriteTo(stream, network);
    }

    /// <summary>Loads all parameters. F32 is taken as it is; F64, F16 and BF16 are converted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network; unchanged when an exception is thrown.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or its tensors are not the network's: the message lists the missing,
    /// extra and mis-shaped ones.</exception>
    public static void Load(string path, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using FileStream file = Open(path);
        Load(file, path, network);
    }

    /// <summary>Loads all parameters from a stream, such as an embedded resource.</summary>
    /// <param name="stream">The bytes of a file, from the position to the end; it stays open, and need not be able to seek.</param>
    /// <param name="network">The network; unchanged when an exception is thrown.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or their tensors are not the network's: the message lists the
    /// missing, extra and mis-shaped ones.</exception>
    public static void Load(Stream stream, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        Load(bytes, "stream", network);
    }

    /// <summary>Loads by name the tensors that fit and leaves all other parameters as they are, as transfer learning does: the layers that
    /// two networks share by name and shape come from the file, the rest keeps its start.</summary>
    /// <param name="path">The file, of any network.</param>
    /// <param name="network">The network; unchanged when an exception is thrown.</param>
    /// <returns>What was loaded and what was not. That nothing fits is no error.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static TransferResult LoadMatching(string path, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using FileStream file = Open(path);
        List<TensorEntry> entries = SafetensorsHeader.Read(file, path);
        Fit fit = Compare(entries, network.Info);
        Read(file, fit.Matching, network);
        return new TransferResult(
            [.. fit.Matching.Select(entry => entry.Name)], [.. fit.Missing.Select(parameter => parameter.Name)], fit.Mismatched,
            [.. fit.Extra.Select(entry => entry.Name)]);
    }

    /// <summary>The names of a file's tensors.</summary>
    internal static IEnumerable<string> ReadNames(string path)
    {
        using FileStream file = Open(path);
        return SafetensorsHeader.Read(file, path).ConvertAll(entry => entry.Name);
    }

    /// <summary>Writes a file under another name and renames it, so that a crash never leaves half of one.</summary>
    /// <exception cref="IOException">The file cannot be written; an older one stays as it was.</exception>
    internal static void Replace(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{directory}' to save in.");
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Loads what is checked first.</summary>
    /// <param name="file">It stands at its start.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="network">The network.</param>
    private static void Load(Stream file, string name, INetwork network)
    {
        List<TensorEntry> entries = SafetensorsHeader.Read(file, name);
        CheckFit(entries, network.Info, name);
        Read(file, entries, network);
    }

    internal static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path)
            ? File.OpenRead(path)
            : throw new FileNotFoundException($"There is no file '{Path.GetFullPath(path)}'.", path);
    }

    /// <summary>Reads tensors that fit. The file stands at its data section.</summary>
    private static void Read(Stream file, List<TensorEntry> entries, INetwork network)
    {
        // Everything is decoded aside first, so that an error on the way changes nothing.
        long dataStart = file.Position;
        float[] staged = network.Parameters.ToArray();
        foreach (TensorEntry entry in entries)
        {
            byte[] bytes = new byte[checked((int)(entry.End - entry.Begin))];
            float[] values = new float[bytes.Length / TensorTypes.SizeOf(entry.Type)];
            file.Position = dataStart + entry.Begin;
            file.ReadExactly(bytes);
            TensorTypes.Decode(entry.Type, bytes, values);
            ParameterAccess.Set(network.Info, staged, entry.Name, values);
        }

        staged.CopyTo(network.Parameters);
    }

    /// <summary>The tensors of a file, in the order of the parameters.</summary>
    private static IEnumerable<TensorEntry> Entries(NetworkInfo info)
    {
        long position = 0;
        foreach (ParameterInfo parameter in info.Parameters)
        {
            long end = position + (sizeof(float) * (long)parameter.Length);
            yield return new TensorEntry(parameter.Name, "F32", [.. parameter.Shape.Select(extent => (long)extent)], position, end);
            position = end;
        }
    }

    private static void WriteTo(Stream file, INetwork network)
    {
        NetworkInfo info = network.Info;
        file.Write(SafetensorsHeader.Write(Entries(info)));
        foreach (ParameterInfo parameter in info.Parameters)
        {
            float[] values = new float[parameter.Length];
            ParameterAccess.Get(info, network.Parameters, parameter.Name, values);
            TensorData.Write(file, values);
        }
    }

    private static Fit Compare(List<TensorEntry> entries, NetworkInfo info)
    {
        Fit fit = new([], [], [], []);
        Dictionary<string, TensorEntry> found = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (ParameterInfo parameter in info.Parameters)
        {
            string shape = Describe(parameter);
            if (!found.Remove(parameter.Name, out TensorEntry? entry))
                fit.Missing.Add(parameter);
            else if (!entry.Shape.SequenceEqual(parameter.Shape.Select(extent => (long)extent)))
                fit.Mismatched.Add(new TensorMismatch(parameter.Name, $"is {entry.Describe()}, needed is {shape}"));
            else if (TensorTypes.SizeOf(entry.Type) == 0)
            {
                fit.Mismatched.Add(new TensorMismatch(
                    parameter.Name, $"has the type {entry.Type}, needed is F32, F64, F16 or BF16"));
            }
            else
                fit.Matching.Add(entry);
        }

        fit.Extra.AddRange(found.Values);
        return fit;
    }

    private static void CheckFit(List<TensorEntry> entries, NetworkInfo info, string path)
    {
        Fit fit = Compare(entries, info);
        List<string> problems = [];
        if (fit.Missing.Count > 0)
            problems.Add($"missing: {string.Join(", ", fit.Missing.Select(parameter => $"{parameter.Name} {Describe(parameter)}"))}");
        if (fit.Extra.Count > 0)
            problems.Add($"extra: {string.Join(", ", fit.Extra.Select(entry => $"{entry.Name} {entry.Describe()}"))}");
        if (fit.Mismatched.Count > 0)
            problems.Add($"not fitting: {string.Join(", ", fit.Mismatched)}");
        if (problems.Count > 0)
            throw new InvalidDataException($"'{path}' does not fit {info.Name}: {string.Join("; ", problems)}. The network is unchanged.");
    }

    private static string Describe(ParameterInfo parameter) => $"[{string.Join(", ", parameter.Shape)}]";

    /// <summary>A file's tensors beside a network's parameters.</summary>
    private sealed record Fit(
        List<TensorEntry> Matching, List<ParameterInfo> Missing, List<TensorMismatch> Mismatched, List<TensorEntry> Extra);
}
