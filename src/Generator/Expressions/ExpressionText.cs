using System.Globalization;

namespace NetGen.Generator.Expressions;

/// <summary>An expression as a string, and back: what a value-equal model holds. Equal expressions give equal strings.</summary>
/// <remarks>One entry per node, operands by their position: <c>p0;c3F800000;Add 0 1</c>. The last entry is the value.</remarks>
internal static class ExpressionText
{
    public static string Write(Expression root)
    {
        Dictionary<Expression, int> positions = [];
        List<string> entries = [];
        Visit(root);
        return string.Join(";", entries);

        // Depth first, so that the string depends on nothing but the expression.
        void Visit(Expression node)
        {
            if (positions.ContainsKey(node))
                return;
            foreach (Expression operand in node.Operands)
                Visit(operand);
            positions.Add(node, entries.Count);
            entries.Add(node.Kind switch
            {
                ExpressionKind.Parameter => "p" + node.Parameter.ToString(CultureInfo.InvariantCulture),
                ExpressionKind.Constant => "c"
                    + BitConverter.ToInt32(BitConverter.GetBytes(node.Value), 0).ToString("X8", CultureInfo.InvariantCulture),
                _ => string.Join(" ", node.Operands.Select(operand => positions[operand].ToString(CultureInfo.InvariantCulture))
                    .Prepend(node.Kind.ToString())),
            });
        }
    }

    public static Expression Read(ExpressionPool pool, string text)
    {
        List<Expression> nodes = [];
        foreach (string entry in text.Split(';'))
        {
            nodes.Add(entry[0] switch
            {
                'p' => pool.Parameter(int.Parse(entry.Substring(1), CultureInfo.InvariantCulture)),
                'c' => pool.Constant(BitConverter.ToSingle(
                    BitConverter.GetBytes(int.Parse(entry.Substring(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture)), 0)),
                _ => ReadNode(entry.Split(' ')),
            });
        }

        return nodes[nodes.Count - 1];

        Expression ReadNode(string[] parts) => pool.Build(
            (ExpressionKind)Enum.Parse(typeof(ExpressionKind), parts[0]),
            [.. parts.Skip(1).Select(part => nodes[int.Parse(part, CultureInfo.InvariantCulture)])]);
    }
}
