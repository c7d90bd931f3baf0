using System.Buffers.Binary;

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
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(network);
        string target = Path.GetFullPath(path);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                WriteTo(file, network);
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

    /// <summary>Loads all parameters. F32 is taken as it is; F64, F16 and BF16 are converted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network; unchanged when an exception is thrown.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or its tensors are not the network's: the message lists the missing,
    /// extra and mis-shaped ones.</exception>
    public static void Load(string path, INetwork network)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(network);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{Path.GetFullPath(path)}'.", path);
        using FileStream file = File.OpenRead(path);
        List<TensorEntry> entries = SafetensorsHeader.Read(file, path);
        NetworkInfo info = network.Info;
        CheckFit(entries, info, path);

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
            ParameterAccess.Set(info, staged, entry.Name, values);
        }

        staged.CopyTo(network.Parameters);
    }

    private static void WriteTo(Stream file, INetwork network)
    {
        NetworkInfo info = network.Info;
        file.Write(SafetensorsHeader.Write(info.Parameters));
        foreach (ParameterInfo parameter in info.Parameters)
        {
            float[] values = new float[parameter.Length];
            ParameterAccess.Get(info, network.Parameters, parameter.Name, values);
            byte[] bytes = new byte[sizeof(float) * values.Length];
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), values[i]);
            file.Write(bytes);
        }
    }

    private static void CheckFit(List<TensorEntry> entries, NetworkInfo info, string path)
    {
        Dictionary<string, TensorEntry> found = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        List<string> missing = [], wrong = [];
        foreach (ParameterInfo parameter in info.Parameters)
        {
            string shape = $"[{string.Join(", ", parameter.Shape)}]";
            if (!found.Remove(parameter.Name, out TensorEntry? entry))
                missing.Add($"{parameter.Name} {shape}");
            else if (!entry.Shape.SequenceEqual(parameter.Shape.Select(extent => (long)extent)))
                wrong.Add($"{parameter.Name} is {entry.Describe()}, needed is {shape}");
            else if (TensorTypes.SizeOf(entry.Type) == 0)
                wrong.Add($"{parameter.Name} has the type {entry.Type}, needed is F32, F64, F16 or BF16");
        }

        if (missing.Count == 0 && wrong.Count == 0 && found.Count == 0)
            return;
        List<string> problems = [];
        if (missing.Count > 0)
            problems.Add($"missing: {string.Join(", ", missing)}");
        if (found.Count > 0)
            problems.Add($"extra: {string.Join(", ", found.Values.Select(entry => $"{entry.Name} {entry.Describe()}"))}");
        if (wrong.Count > 0)
            problems.Add($"not fitting: {string.Join(", ", wrong)}");
        throw new InvalidDataException($"'{path}' does not fit {info.Name}: {string.Join("; ", problems)}. The network is unchanged.");
    }
}
