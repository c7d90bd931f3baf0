using System.Globalization;
using System.Numerics;

/// <summary>A sample's command line.</summary>
/// <param name="Data">Directory of the data, or null to draw some.</param>
/// <param name="Epochs">Passes over the training images, or null for the sample's own number.</param>
/// <param name="Seed">Seed of the weights and of the order of training.</param>
/// <param name="Help">Whether only the usage is asked for.</param>
internal sealed record Options(string? Data, int? Epochs, ulong Seed, bool Help)
{
    /// <exception cref="FormatException">The command line is not understood; the message says why.</exception>
    public static Options Parse(string[] arguments)
    {
        Options options = new(null, null, 42, false);
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            options = name switch
            {
                "--data" => options with { Data = Value() },
                "--epochs" => options with { Epochs = Number(1, int.MaxValue) },
                "--seed" => options with { Seed = Number(0UL, ulong.MaxValue) },
                "--help" or "-h" => options with { Help = true },
                _ => throw new FormatException($"Unknown option '{name}'; there are --data, --epochs, --seed and --help."),
            };

            string Value() => ++i < arguments.Length ? arguments[i] : throw new FormatException($"{name} needs a value.");

            T Number<T>(T least, T most) where T : struct, INumber<T>
            {
                string text = Value();
                return T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T number) && number >= least
                    ? number
                    : throw new FormatException($"{name} needs a whole number from {least} to {most}; '{text}' is none.");
            }
        }

        return options;
    }
}
