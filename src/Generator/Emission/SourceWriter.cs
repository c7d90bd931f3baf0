using System.Text;

namespace NetGen.Generator.Emission;

/// <summary>Collects C# text: keeps the indentation, closes blocks, ends lines with <c>\n</c>.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    /// <summary>One line, indented.</summary>
    public void Line(string line = "")
    {
        if (line.Length > 0)
            text.Append(' ', depth * 4).Append(line);
        text.Append('\n');
    }

    /// <summary>Several lines, each indented.</summary>
    public void Lines(string block)
    {
        foreach (string line in block.Split('\n'))
            Line(line.TrimEnd('\r'));
    }

    /// <summary>Several lines for a hole of a template that is indented itself: all but the first go as deep as the hole.</summary>
    public static string Indented(string block, int depth) => block.Replace("\n", "\n" + new string(' ', depth * 4));

    /// <summary>A block of its own, for its variables.</summary>
    public Block OpenScope()
    {
        Line("{");
        depth++;
        return new Block(this, "}");
    }

    /// <summary>A header and an open brace; disposing the result closes it.</summary>
    public Block Open(string header)
    {
        Lines(header);
        return OpenScope();
    }

    /// <summary>A block where the condition holds, otherwise nothing: its content stands alone.</summary>
    public IDisposable? OpenIf(bool condition, string header) => condition ? Open(header) : null;

    /// <summary>A block that ends a statement: <c>};</c>.</summary>
    public Block OpenStatement(string header)
    {
        Open(header);
        return new Block(this, "};");
    }

    /// <summary>A do block: <c>do { … } while (condition);</c>.</summary>
    public Block Do(string condition)
    {
        Line("do");
        Line("{");
        depth++;
        return new Block(this, $"}} while ({condition});");
    }

    public override string ToString() => text.ToString();

    internal readonly struct Block(SourceWriter writer, string end) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            writer.Line(end);
        }
    }
}
