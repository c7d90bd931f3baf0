using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetGen.Network.Tests;

/// <summary>One attribute of a declaration, read without the generator's help.</summary>
/// <param name="Kind">The name as written: <c>Dense</c>.</param>
/// <param name="Values">Positional arguments.</param>
/// <param name="Named">Named arguments.</param>
internal sealed record DeclaredAttribute(string Kind, IReadOnlyList<string> Values, IReadOnlyDictionary<string, string> Named)
{
    /// <summary>The attributes of a declaration in source order.</summary>
    public static IReadOnlyList<DeclaredAttribute> Parse(string declaration)
    {
        var type = (ClassDeclarationSyntax)CSharpSyntaxTree.ParseText(declaration + " class X;").GetCompilationUnitRoot().Members.Single();
        return
        [
            .. type.AttributeLists.SelectMany(list => list.Attributes).Select(attribute => new DeclaredAttribute(
                attribute.Name.ToString(),
                [.. Arguments(attribute).Where(argument => argument.NameEquals is null).Select(argument => argument.Expression.ToString())],
                Arguments(attribute).Where(argument => argument.NameEquals is not null)
                    .ToDictionary(argument => argument.NameEquals!.Name.ToString(), argument => argument.Expression.ToString()))),
        ];

        static IEnumerable<AttributeArgumentSyntax> Arguments(AttributeSyntax attribute) =>
            (IEnumerable<AttributeArgumentSyntax>?)attribute.ArgumentList?.Arguments ?? [];
    }

    public int Int(int position) => int.Parse(Values[position], CultureInfo.InvariantCulture);

    /// <summary>A float argument as it is written: 0.1 for 0.1f.</summary>
    public double Number(int position, double otherwise) => position < Values.Count
        ? double.Parse(Values[position].Replace(" ", "").TrimEnd('f'), CultureInfo.InvariantCulture)
        : otherwise;

    /// <summary>A named integer argument.</summary>
    public int NamedInt(string name, int otherwise) =>
        Named.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A named float argument.</summary>
    public double Number(string name, double otherwise) => Named.TryGetValue(name, out string? text)
        ? double.Parse(text.TrimEnd('f'), CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A named array of floats, <c>new[] { 1f, 2f }</c>; empty where there is none.</summary>
    public IReadOnlyList<double> Numbers(string name) => !Named.TryGetValue(name, out string? text) ? []
        : [.. text[(text.IndexOf('{') + 1)..text.IndexOf('}')].Split(',').Select(one => double.Parse(one.Trim().TrimEnd('f'), CultureInfo.InvariantCulture))];

    public bool Flag(string name, bool otherwise) => Named.TryGetValue(name, out string? text) ? text == "true" : otherwise;
}
