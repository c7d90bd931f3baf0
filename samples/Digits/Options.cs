using System.Globalization;
using System.Numerics;

/// <summary>The command line.</summary>
internal sealed record Options(string? Data, int? Epochs, ulong Seed, bool Help)
{
    public const string Usage = """
        Trains a 784-128-10 network to read digits, tests it, saves it and loads it again.

        usage: Digits [--data DIR] [--epochs N] [--seed N]

          --data DIR    MNIST files in IDX format, plain or .gz; without it the program draws its own digits
          --epochs N    passes over the training images, by default 10, on MNIST 20
          --seed N      seed of the weights and of the order of training, by default 42
          --help        this text
        """;

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
