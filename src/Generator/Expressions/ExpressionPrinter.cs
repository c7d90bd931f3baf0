using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Expressions;

/// <summary>Prints expressions as C# for one rung of the vector ladder: one local for every shared part, the rest in place.</summary>
internal sealed class ExpressionPrinter
{
    /// <summary>Longest text that is printed in place.</summary>
    private const int LongestText = 80;

    private readonly InstructionSet isa;
    private readonly IReadOnlyList<string> parameters;
    private readonly Action<string> line;
    private readonly int longest;
    private readonly HashSet<string> taken;
    private readonly Dictionary<Expression, Part> parts = [];

    private ExpressionPrinter(InstructionSet isa, IReadOnlyList<string> parameters, Action<string> line, int longest)
    {
        this.isa = isa;
        this.longest = longest;
        this.parameters = parameters;
        this.line = line;
        taken = new HashSet<string>(parameters, StringComparer.Ordinal);
    }

    /// <summary>How tightly C# binds what a text consists of.</summary>
    private enum Binding
    {
        Or,
        And,
        Equality,
        Relation,
        Sum,
        Product,
        Unary,
        Primary,
    }

    /// <summary>Prints the locals; gives the texts of the values.</summary>
    /// <param name="isa">The rung.</param>
    /// <param name="roots">The values.</param>
    /// <param name="parameters">Names of the parameters, in their order.</param>
    /// <param name="line">Takes each statement.</param>
    /// <param name="reserved">Names that no local may have.</param>
    public static string[] Print(
        InstructionSet isa, IReadOnlyList<Expression> roots, IReadOnlyList<string> parameters, Action<string> line,
        IReadOnlyList<string>? reserved = null)
    {
        ExpressionPrinter printer = new(isa, parameters, line, LongestText);
        printer.taken.UnionWith(reserved ?? []);
        return printer.Run(roots);
    }

    /// <summary>A value as one expression, or null where that would compute something twice.</summary>
    public static string? TryPrintInline(InstructionSet isa, Expression root, IReadOnlyList<string> parameters)
    {
        bool needsLocal = false;
        string text = new ExpressionPrinter(isa, parameters, _ => needsLocal = true, int.MaxValue).Run([root])[0];
        return needsLocal ? null : text;
    }

    /// <summary>The functions that the texts call on the vector rungs, and on the scalar one where the library has none.</summary>
    public static IReadOnlyList<MathFunction> Functions(IEnumerable<Expression> roots) =>
        [.. Expression.Reach(roots).Select(node => FunctionOf(node.Kind)).OfType<MathFunction>().Distinct()];

    private static MathFunction? FunctionOf(ExpressionKind kind) => kind switch
    {
        ExpressionKind.Exp => MathFunctions.Exponential,
        ExpressionKind.Expm1 => MathFunctions.Expm1,
        ExpressionKind.Log => MathFunctions.Logarithm,
        ExpressionKind.Log1P => MathFunctions.Log1P,
        ExpressionKind.Sin => MathFunctions.Sin,
        ExpressionKind.Cos => MathFunctions.Cos,
        ExpressionKind.Tan => MathFunctions.Tan,
        ExpressionKind.Asin => MathFunctions.Asin,
        ExpressionKind.Acos => MathFunctions.Acos,
        ExpressionKind.Atan => MathFunctions.Atan,
        ExpressionKind.Sinh => MathFunctions.Sinh,
        ExpressionKind.Cosh => MathFunctions.Cosh,
        ExpressionKind.Tanh => MathFunctions.Tanh,
        ExpressionKind.Sigmoid => MathFunctions.Logistic,
        ExpressionKind.Erfc => MathFunctions.Erfc,
        ExpressionKind.Sign => MathFunctions.Sign,
        ExpressionKind.Pow => MathFunctions.Pow,
        _ => null,
    };

    private string[] Run(IReadOnlyList<Expression> roots)
    {
        IReadOnlyList<Expression> nodes = Expression.Reach(roots);
        Dictionary<Expression, int> uses = [];
        foreach (Expression used in nodes.SelectMany(node => node.Operands).Concat(roots))
            uses[used] = uses.TryGetValue(used, out int count) ? count + 1 : 1;
        foreach (Expression node in nodes)
        {
            Part part = Print(node);
            bool isLast = uses[node] == 1 && roots.Contains(node);
            if (!node.IsLeaf && !isLast && (uses[node] > 1 || part.Text.Length > longest))
            {
                string name = Name(node.Kind);
                line($"{(node.IsCondition && isa.IsScalar ? "bool" : isa.Type)} {name} = {part.Text};");
                part = new Part(name, Binding.Primary);
            }

            parts.Add(node, part);
        }

        return [.. roots.Select(root => parts[root].Text)];
    }

    private Part Print(Expression node)
    {
        IReadOnlyList<Expression> o = node.Operands;
        switch (node.Kind)
        {
            case ExpressionKind.Parameter:
                return new Part(parameters[node.Parameter], Binding.Primary);
            case ExpressionKind.Constant:
                return node.Value == 0f && 1 / node.Value > 0
                    ? new Part(isa.Zero, Binding.Primary)
                    : new Part(isa.Constant(node.Value), isa.IsScalar && node.Value < 0f ? Binding.Unary : Binding.Primary);
            case ExpressionKind.Negate:
                // C# reads two signs as one operator.
                return new Part(Text(o[0], Binding.Unary) is var text && text[0] == '-' ? $"-({text})" : "-" + text, Binding.Unary);
            case ExpressionKind.Add:
                return Infix("+", o, Binding.Sum);
            case ExpressionKind.Subtract:
                return Infix("-", o, Binding.Sum);
            case ExpressionKind.Multiply:
                return Infix("*", o, Binding.Product);
            case ExpressionKind.Divide:
                return Infix("/", o, Binding.Product);
            case ExpressionKind.MultiplyAdd:
                return isa.IsScalar
                    ? Primary($"MathF.FusedMultiplyAdd({List(o)})")
                    : Primary(isa.MultiplyAdd(Text(o[0]), Text(o[1]), Text(o[2])));
            case ExpressionKind.Less:
                return Compare(o, "<", "LessThan", ">", "GreaterThan");
            case ExpressionKind.LessOrEqual:
                return Compare(o, "<=", "LessThanOrEqual", ">=", "GreaterThanOrEqual");
            case ExpressionKind.Equal:
                // In full: a class's own Equals hides an imported one.
                return isa.IsScalar ? Infix("==", o, Binding.Equality) : Primary($"Vector{isa.Bits}.Equals({List(o)})");
            case ExpressionKind.Not when isa.IsScalar && o[0].Kind == ExpressionKind.Equal:
                return Infix("!=", o[0].Operands, Binding.Equality);
            case ExpressionKind.Not:
                return new Part((isa.IsScalar ? "!" : "~") + Text(o[0], Binding.Unary), Binding.Unary);
            case ExpressionKind.And:
                return Infix(isa.IsScalar ? "&&" : "&", o, Binding.And);
            case ExpressionKind.Or:
                return Infix(isa.IsScalar ? "||" : "|", o, Binding.Or);
            case ExpressionKind.Select:
                return Primary(isa.Select(Text(o[0], Binding.Or), Text(o[1]), Text(o[2])));
            case ExpressionKind.Round:
            case ExpressionKind.Min:
            case ExpressionKind.Max:
            case ExpressionKind.Abs:
            case ExpressionKind.Sqrt:
            case ExpressionKind.Floor:
            case ExpressionKind.Ceiling:
            case ExpressionKind.Truncate:
                return Primary(isa.IsScalar ? $"MathF.{node.Kind}({List(o)})" : isa.Call(node.Kind.ToString(), [.. o.Select(Text)]));
            case ExpressionKind.Sigmoid when isa.IsScalar:
                string power = o[0].Kind == ExpressionKind.Negate ? Text(o[0].Operands[0]) : "-" + Text(o[0], Binding.Unary);
                return new Part($"1f / (1f + MathF.Exp({power}))", Binding.Product);
            default:
                MathFunction function = FunctionOf(node.Kind)!;
                bool ours = !isa.IsScalar || function.Text(isa) is not null;
                return Primary($"{(ours ? function.Name : "MathF." + node.Kind)}({List(o)})");
        }
    }

    private Part Compare(IReadOnlyList<Expression> o, string sign, string name, string mirrored, string mirroredName)
    {
        // The constant stands on the right, where readers expect it.
        if (o[0].Kind == ExpressionKind.Constant)
            (o, sign, name) = ([o[1], o[0]], mirrored, mirroredName);
        return isa.IsScalar ? Infix(sign, o, Binding.Relation) : Primary(isa.Call(name, Text(o[0]), Text(o[1])));
    }

    /// <summary>An operator; the right operand is bracketed where C# would otherwise regroup.</summary>
    private Part Infix(string sign, IReadOnlyList<Expression> o, Binding binding) =>
        new($"{Text(o[0], binding)} {sign} {Text(o[1], binding + 1)}", binding);

    private static Part Primary(string text) => new(text, Binding.Primary);

    private string List(IReadOnlyList<Expression> operands) => string.Join(", ", operands.Select(Text));

    private string Text(Expression node) => parts[node].Text;

    private string Text(Expression node, Binding least) => parts[node].Binding < least ? $"({parts[node].Text})" : parts[node].Text;

    /// <summary>A free name that says what the local is.</summary>
    private string Name(ExpressionKind kind)
    {
        string stem = kind switch
        {
            ExpressionKind.Negate => "negative",
            ExpressionKind.Add or ExpressionKind.MultiplyAdd => "sum",
            ExpressionKind.Subtract => "difference",
            ExpressionKind.Multiply => "product",
            ExpressionKind.Divide => "quotient",
            ExpressionKind.Select => "choice",
            ExpressionKind.Sigmoid => "logistic",
            ExpressionKind.Sqrt => "root",
            ExpressionKind.Pow => "power",
            ExpressionKind.Less or ExpressionKind.LessOrEqual or ExpressionKind.Equal or ExpressionKind.Not or ExpressionKind.And
                or ExpressionKind.Or => "test",
            _ => kind.ToString().ToLowerInvariant(),
        };
        string name = stem;
        for (int i = 2; !taken.Add(name); i++)
            name = stem + Identifier.Text(i);
        return name;
    }

    private sealed record Part(string Text, Binding Binding);
}
