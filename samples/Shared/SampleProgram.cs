using System.Globalization;
using System.Text;

/// <summary>What the samples do around their own work: output in UTF-8 and English, and errors of the command line and of files as one
/// line.</summary>
internal static class SampleProgram
{
    /// <returns>The process's exit code: 0, 1 for files that cannot be used, 2 for a command line that is not understood.</returns>
    public static int Run(string[] arguments, string usage, Action<Options> run)
    {
        Console.OutputEncoding = Encoding.UTF8;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            Options options = Options.Parse(arguments);
            if (options.Help)
                Console.WriteLine(usage);
            else
                run(options);
            return 0;
        }
        catch (FormatException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
