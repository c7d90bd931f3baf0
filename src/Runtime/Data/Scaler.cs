using System.Buffers.Binary;
using System.Globalization;

namespace NetGen;

/// <summary>Brings each input column to a common range: x ← (x − offset) · factor, with both fitted on the training part only.</summary>
/// <remarks>
/// Fitting on all data would let the test part leak into training. Keep the scaler, beside the network's file: what is predicted later must
/// be scaled alike.
/// A constant column carries no information and becomes 0.
/// </remarks>
public sealed class Scaler
{
    private const string OffsetsName = "offsets", FactorsName = "factors", ValueType = "F64";
    private readonly double[] offsets, factors;

    private Scaler(double[] offsets, double[] factors)
    {
        this.offsets = offsets;
        this.factors = factors;
    }

    /// <summary>Number of input columns.</summary>
    public int InputLength => offsets.Length;

    /// <summary>Subtracted from each column: its mean or its minimum.</summary>
    public ReadOnlySpan<double> Offsets => offsets;

    /// <summary>Multiplied with each column afterwards: 1 / standard deviation or 1 / range; 0 for a constant column.</summary>
    public ReadOnlySpan<double> Factors => factors;

    /// <summary>Fits mean 0 and variance 1 (divided by the number of samples, not one less).</summary>
    /// <param name="training">The training part.</param>
    /// <exception cref="ArgumentException">An input is NaN or infinite.</exception>
    public static Scaler Standardize(Dataset training)
    {
        (double[] offsets, double[] factors) = Prepare(training);
        for (int column = 0; column < offsets.Length; column++)
        {
            double sum = 0, squares = 0;
            for (int i = column; i < training.Inputs.Length; i += offsets.Length)
                sum += training.Inputs[i];
            double mean = sum / training.Count;
            for (int i = column; i < training.Inputs.Length; i += offsets.Length)
                squares += (training.Inputs[i] - mean) * (training.Inputs[i] - mean);
            double deviation = Math.Sqrt(squares / training.Count);

            // Values that differ by less than their own rounding are constant: dividing by such a deviation would blow up noise.
            bool constant = deviation <= Math.Abs(mean) * 1e-12;
            (offsets[column], factors[column]) = (mean, constant ? 0 : 1 / deviation);
        }

        return new Scaler(offsets, factors);
    }

    /// <summary>Fits the range 0 to 1. Values beyond the training part's range leave it.</summary>
    /// <param name="training">The training part.</param>
    /// <exception cref="ArgumentException">An input is NaN or infinite.</exception>
    public static Scaler Normalize(Dataset training)
    {
        (double[] offsets, double[] factors) = Prepare(training);
        for (int column = 0; column < offsets.Length; column++)
        {
            double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
            for (int i = column; i < training.Inputs.Length; i += offsets.Length)
            {
                minimum = Math.Min(minimum, training.Inputs[i]);
                maximum = Math.Max(maximum, training.Inputs[i]);
            }

            (offsets[column], factors[column]) = (minimum, maximum > minimum ? 1 / (maximum - minimum) : 0);
        }

        return new Scaler(offsets, factors);
    }

    /// <summary>A scaled copy.</summary>
    /// <exception cref="ArgumentException">The dataset has another number of inputs.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.InputLength != InputLength)
        {
            throw new ArgumentException(
                $"The dataset has {data.InputLength} inputs per sample; the scaler was fitted on {InputLength}.", nameof(data));
        }

        float[] inputs = data.Inputs.ToArray();
        Apply(inputs);
        return data.WithInputs(inputs);
    }

    /// <summary>Scales samples in place, for predictions.</summary>
    /// <param name="inputs">Any number of samples back to back.</param>
    /// <exception cref="ArgumentException">The length is no multiple of <see cref="InputLength"/>.</exception>
    public void Apply(Span<float> inputs)
    {
        if (inputs.Length % InputLength != 0)
            throw new ArgumentException($"There are {inputs.Length} floats; a multiple of {InputLength} is needed.", nameof(inputs));
        for (int start = 0; start < inputs.Length; start += InputLength)
        {
            Span<float> sample = inputs.Slice(start, InputLength);
            for (int column = 0; column < sample.Length; column++)
                sample[column] = (float)((sample[column] - offsets[column]) * factors[column]);
        }
    }

    /// <summary>Saves the scaler as a safetensors file of two F64 tensors, <c>offsets</c> and <c>factors</c>. A crash never leaves half a
    /// file.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written; an older one stays as it was.</exception>
    public void Save(string path) => Safetensors.Replace(path, Save);

    /// <summary>Writes the bytes of such a file to a stream.</summary>
    /// <param name="stream">Receives the bytes at its position; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long bytes = sizeof(double) * (long)InputLength;
        stream.Write(SafetensorsHeader.Write(
        [
            new TensorEntry(OffsetsName, ValueType, [InputLength], 0, bytes),
            new TensorEntry(FactorsName, ValueType, [InputLength], bytes, 2 * bytes),
        ]));
        Span<byte> buffer = stackalloc byte[sizeof(double)];
        foreach (double value in (double[])[.. offsets, .. factors])
        {
            BinaryPrimitives.WriteDoubleLittleEndian(buffer, value);
            stream.Write(buffer);
        }
    }

    /// <summary>Loads a scaler with every bit of the one that was saved.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or holds something else.</exception>
    public static Scaler Load(string path)
    {
        using FileStream file = Safetensors.Open(path);
        return Load(file, path);
    }

    /// <summary>Loads a scaler from a stream, such as an embedded resource.</summary>
    /// <param name="stream">The bytes of a file, from the position to the end; it stays open, and need not be able to seek.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or hold something else.</exception>
    public static Scaler Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        return Load(bytes, "stream");
    }

    private static Scaler Load(Stream file, string name)
    {
        List<TensorEntry> entries = SafetensorsHeader.Read(file, name);
        long start = file.Position;
        double[]? offsets = Read(OffsetsName), factors = Read(FactorsName);
        if (offsets is null || factors is null || offsets.Length != factors.Length || offsets.Length == 0)
        {
            throw new InvalidDataException(
                $"'{name}' holds no scaler: two {ValueType} tensors of one length, {OffsetsName} and {FactorsName}, with finite values are needed.");
        }

        return new Scaler(offsets, factors);

        // Null where there is no such tensor, or one that is no column of finite numbers.
        double[]? Read(string tensor)
        {
            TensorEntry? entry = entries.Find(entry => entry.Name == tensor);
            if (entry is not { Type: ValueType, Shape.Length: 1 })
                return null;
            byte[] bytes = new byte[checked((int)(entry.End - entry.Begin))];
            file.Position = start + entry.Begin;
            file.ReadExactly(bytes);
            double[] values = new double[bytes.Length / sizeof(double)];
            for (int i = 0; i < values.Length; i++)
                values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)));
            return Array.TrueForAll(values, double.IsFinite) ? values : null;
        }
    }

    private static (double[] Offsets, double[] Factors) Prepare(Dataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        for (int i = 0; i < training.Inputs.Length; i++)
        {
            if (!float.IsFinite(training.Inputs[i]))
            {
                throw new ArgumentException(
                    $"Input {i % training.InputLength} of sample {i / training.InputLength} is "
                    + $"{training.Inputs[i].ToString(CultureInfo.InvariantCulture)}; a scaler needs finite values.", nameof(training));
            }
        }

        return (new double[training.InputLength], new double[training.InputLength]);
    }
}
