using System.Globalization;
using System.Text;

/// <summary>Draws images on the console: half blocks in grey on a terminal, characters where the output is redirected.</summary>
internal static class Gallery
{
    private const int Size = 28;
    private const string Gap = "   ";
    private const string Ramp = " .:-=+*#%@";

    private static readonly bool InColour = !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Draws images side by side, each under its caption, as many to a row as fit.</summary>
    public static void Show(IReadOnlyList<(string Caption, float[] Image)> pictures)
    {
        int width = Console.IsOutputRedirected ? 100 : Console.WindowWidth;
        foreach ((string Caption, float[] Image)[] row in pictures.Chunk(Math.Max(1, (width + Gap.Length) / (Size + Gap.Length))))
        {
            Console.WriteLine(string.Join(Gap, row.Select(picture => picture.Caption.PadRight(Size))).TrimEnd());
            for (int y = 0; y < Size; y += 2)                  // a character is about twice as high as wide: two pixels to each
                Console.WriteLine(string.Join(Gap, row.Select(picture => TwoLines(picture.Image, y))).TrimEnd());
            Console.WriteLine();
        }
    }

    private static string TwoLines(float[] image, int y)
    {
        StringBuilder line = new();
        for (int x = 0; x < Size; x++)
        {
            float upper = image[y * Size + x], lower = image[(y + 1) * Size + x];
            if (InColour)
                line.Append(CultureInfo.InvariantCulture, $"\e[38;5;{Grey(upper)};48;5;{Grey(lower)}m▀");
            else
                line.Append(Ramp[(int)((upper + lower) / 2f * (Ramp.Length - 1) + 0.5f)]);
        }

        return InColour ? line.Append("\e[0m").ToString() : line.ToString();
    }

    /// <summary>One of the 24 greys of a 256-colour terminal.</summary>
    private static int Grey(float value) => 232 + (int)(value * 23f + 0.5f);
}
