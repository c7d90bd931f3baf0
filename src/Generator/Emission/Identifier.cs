using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Generator.Emission;

/// <summary>Parts of C# names made from numbers.</summary>
internal static class Identifier
{
    /// <summary>An integer, invariant.</summary>
    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A valid C# name: everything but ASCII letters and digits has become _, and a keyword ends in _.</summary>
    public static string Of(string name)
    {
        string valid = new([.. name.Select(c => c < 128 && char.IsLetterOrDigit(c) ? c : '_')]);
        if (valid.Length == 0 || char.IsDigit(valid[0]))
            valid = "_" + valid;
        return SyntaxFacts.GetKeywordKind(valid) == SyntaxKind.None ? valid : valid + "_";
    }

    /// <summary>The name with an @ where it is a reserved or contextual keyword; both are legal names behind one.</summary>
    public static string Escape(string name)
    {
        string plain = name.TrimStart('@');
        return SyntaxFacts.GetKeywordKind(plain) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(plain) != SyntaxKind.None
            ? "@" + plain
            : plain;
    }

    /// <summary>A float as part of a name, different for every value: <c>0.01</c> gives <c>0_01</c>.</summary>
    public static string Of(float value) =>
        value.ToString("R", CultureInfo.InvariantCulture).Replace('.', '_').Replace("-", "m").Replace("+", "");
}
