using System.Text.RegularExpressions;
using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>A function that kernels call, printed into the kernel files that need it. Equal names mean equal functions.</summary>
internal sealed class MathFunction : IEquatable<MathFunction>
{
    /// <summary>What templates call of the file's own vector class, without naming it.</summary>
    private const string Renamed = @"(?<!\.)\b(Create|MinNative|MaxNative|Round|Abs|CopySign|ConvertToInt32Native|ConvertToSingle"
        + @"|ConditionalSelect|GreaterThan|LessThan|LessThanOrEqualAll|Widen|Narrow|Floor|Sqrt)\(";

    private readonly Func<InstructionSet, string?> text;

    /// <param name="name">What it is called by, at every width.</param>
    /// <param name="text">Its text on one rung of the ladder, spelled for that rung's file, or null where the library has it.</param>
    /// <param name="calls">The functions that the text calls.</param>
    public MathFunction(string name, Func<InstructionSet, string?> text, IReadOnlyList<MathFunction> calls)
    {
        Name = name;
        this.text = text;
        Calls = calls;
        Order = int.MaxValue;
    }

    /// <param name="name">What it is called by, at every width.</param>
    /// <param name="order">Its place in a file.</param>
    /// <param name="vector">The template of its text at every width.</param>
    /// <param name="scalar">Its text for single floats, or null where the library has it.</param>
    /// <param name="calls">The functions that the template calls.</param>
    public MathFunction(string name, int order, string vector, string? scalar = null, IReadOnlyList<MathFunction>? calls = null)
        : this(name, isa => isa.IsScalar ? scalar : Spell(vector, isa), calls ?? []) => Order = order;

    public string Name { get; }

    public IReadOnlyList<MathFunction> Calls { get; }

    /// <summary>Its place in a file.</summary>
    public int Order { get; }

    /// <summary>Its text on one rung of the ladder, or null where the library has it.</summary>
    public string? Text(InstructionSet isa) => text(isa);

    /// <summary>Prints the functions asked for, and those that they call.</summary>
    public static void Emit(SourceWriter w, IEnumerable<(MathFunction Function, InstructionSet Isa)> functions)
    {
        Dictionary<(MathFunction Function, int Lanes), InstructionSet> needed = [];
        foreach ((MathFunction function, InstructionSet isa) in functions)
            Add(function, isa);

        foreach (var entry in needed.OrderByDescending(entry => entry.Key.Lanes).ThenBy(entry => entry.Key.Function.Order)
            .ThenBy(entry => entry.Key.Function.Name, StringComparer.Ordinal))
        {
            if (entry.Key.Function.Text(entry.Value) is not string text)
                continue;
            w.Line();
            w.Lines(text);
        }

        void Add(MathFunction function, InstructionSet isa)
        {
            if (needed.ContainsKey((function, isa.Lanes)))
                return;
            needed.Add((function, isa.Lanes), isa);
            foreach (MathFunction called in function.Calls)
                Add(called, isa);
        }
    }

    public bool Equals(MathFunction? other) => other is not null && Name == other.Name;

    public override bool Equals(object? obj) => Equals(obj as MathFunction);

    public override int GetHashCode() => Name.GetHashCode();

    /// <summary>The templates are written for the file's own width; another one's type and functions are spelled in full.</summary>
    private static string Spell(string text, InstructionSet isa)
    {
        string prefix = isa.Create("").Replace("Create()", "");
        text = text.Replace("Fma(", isa.MultiplyAdd("", "", "").Split('(')[0] + "(");
        if (prefix.Length > 0)
        {
            text = Regex.Replace(text, Renamed, prefix + "$1(");
            text = Regex.Replace(text, @"\bV\b", isa.Type);
        }

        // The class's own Equals hides an imported one, and our functions those of the base library.
        return text.Replace("EqualTo(", $"Vector{isa.Bits}.Equals(").Replace("Box.", $"Vector{isa.Bits}.");
    }
}
