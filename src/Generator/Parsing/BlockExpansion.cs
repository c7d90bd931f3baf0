using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>Puts the layers of blocks where <c>[Use]</c> inserts them, blocks inside blocks too.</summary>
/// <param name="network">The network's class.</param>
/// <param name="read">The layer attributes of a block in their order; null after what is wrong with them was reported.</param>
/// <param name="report">Reports what is wrong.</param>
internal sealed class BlockExpansion(
    INamedTypeSymbol network, Func<INamedTypeSymbol, LocationDecl, IReadOnlyList<Part>?> read,
    Action<DiagnosticDescriptor, LocationDecl, object[]> report)
{
    /// <summary>Most layers of a network: blocks that repeat blocks that repeat blocks would be more than anybody means.</summary>
    private const int MaximumLayers = 10_000;

    private readonly List<Part> layers = [];
    private readonly List<INamedTypeSymbol> open = [];
    private readonly HashSet<string> prefixes = new(StringComparer.Ordinal);
    private int instances;

    /// <summary>The layers of the whole network; null where one of the blocks cannot be inserted, which has been reported.</summary>
    public IReadOnlyList<Part>? Run(IReadOnlyList<Part> parts) => Insert(parts, block: null) ? layers : null;

    private bool Insert(IReadOnlyList<Part> parts, BlockDecl? block)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        Dictionary<(INamedTypeSymbol Block, string? Name), string> uses = new(UseComparer.Instance);
        foreach (Part part in parts)
        {
            if (part.IsUse)
            {
                if (!Use(part, block, counts, uses))
                    return false;
                continue;
            }

            layers.Add(part with { Block = block });
            if (layers.Count > MaximumLayers)
                return Fail(Descriptors.TooManyLayers, part.Location, network.Name, MaximumLayers);
        }

        return true;
    }

    private bool Use(
        Part part, BlockDecl? outer, Dictionary<string, int> counts, Dictionary<(INamedTypeSymbol Block, string? Name), string> uses)
    {
        if (part.Data.AttributeClass!.TypeArguments[0] is not INamedTypeSymbol { TypeKind: not TypeKind.Error, IsValueType: false } block)
            return false;
        if (!AttributeKinds.IsBlock(block, part.Data.AttributeClass))
            return Fail(Descriptors.NotABlock, part.Location, block.Name, network.Name);
        open.Add(block);
        if (open.FindIndex(other => SymbolEqualityComparer.Default.Equals(other, block)) < open.Count - 1)
        {
            string path = string.Join(" → ", open.Select(type => type.Name));
            return Fail(Descriptors.RecursiveBlock, part.Location, block.Name, network.Name, path);
        }

        UseArguments arguments = UseArguments.Of(part.Data);
        if (arguments.Repeat < 1)
            return Fail(Descriptors.RepeatTooSmall, part.Location, block.Name, network.Name, arguments.Repeat);
        if (arguments.Name is string given && !LayerNames.IsValid(given))
            return Fail(Descriptors.InvalidName, part.Location, layers.Count + 1, network.Name, given);
        if (read(block, part.Location) is not IReadOnlyList<Part> parts)
            return false;
        if (parts.Count == 0)
            return Fail(Descriptors.EmptyBlock, part.Location, block.Name, network.Name);

        for (int copy = 1; copy <= arguments.Repeat; copy++)
        {
            if (!Copy(part, parts, block, arguments, copy, outer, counts, uses))
                return false;
        }

        open.RemoveAt(open.Count - 1);
        return true;
    }

    /// <summary>Inserts a block once, under a name of its own or that of an earlier use.</summary>
    private bool Copy(
        Part part, IReadOnlyList<Part> parts, INamedTypeSymbol block, UseArguments arguments, int copy, BlockDecl? outer,
        Dictionary<string, int> counts, Dictionary<(INamedTypeSymbol Block, string? Name), string> uses)
    {
        bool isShared = arguments.Shared && uses.TryGetValue((block, arguments.Name), out _);
        if (!isShared)
        {
            string kind = Plain(block.Name);
            counts.TryGetValue(kind, out int count);
            counts[kind] = ++count;
            string name = arguments.Name is not string given ? FormattableString.Invariant($"{kind}{count}")
                : arguments.Repeat > 1 && !arguments.Shared ? FormattableString.Invariant($"{given}{copy}")
                : given;
            string prefix = $"{outer?.Prefix}{name}.";
            bool isInsideSharedOne = outer is { IsShared: true };
            if (!isInsideSharedOne && !prefixes.Add(prefix))
                return Fail(Descriptors.BlockNameClash, part.Location, block.Name, network.Name, prefix.TrimEnd('.'));
            uses[(block, null)] = prefix;
            uses[(block, arguments.Name)] = prefix;
        }

        BlockDecl inner = new(++instances, uses[(block, arguments.Name)], isShared || outer is { IsShared: true });
        return Insert(parts, inner);
    }

    /// <summary>A class's name as a part of parameters' names: lower case, and everything but letters a-z and digits has become
    /// _.</summary>
    private static string Plain(string name) =>
        new([.. name.ToLowerInvariant().Select(c => c < 128 && char.IsLetterOrDigit(c) ? c : '_')]);

    private bool Fail(DiagnosticDescriptor descriptor, LocationDecl location, params object[] arguments)
    {
        report(descriptor, location, arguments);
        return false;
    }

    /// <summary>What <c>[Use]</c> was given.</summary>
    private sealed record UseArguments(string? Name, int Repeat, bool Shared)
    {
        public static UseArguments Of(AttributeData data)
        {
            return new UseArguments(Find<string?>("Name", null), Find("Repeat", 1), Find("Shared", false));

            T Find<T>(string name, T otherwise) =>
                data.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { IsNull: false, Value: T value }
                    ? value
                    : otherwise;
        }
    }

    private sealed class UseComparer : IEqualityComparer<(INamedTypeSymbol Block, string? Name)>
    {
        public static readonly UseComparer Instance = new();

        public bool Equals((INamedTypeSymbol Block, string? Name) x, (INamedTypeSymbol Block, string? Name) y) =>
            SymbolEqualityComparer.Default.Equals(x.Block, y.Block) && x.Name == y.Name;

        public int GetHashCode((INamedTypeSymbol Block, string? Name) use) =>
            unchecked((SymbolEqualityComparer.Default.GetHashCode(use.Block) * 31) + StringComparer.Ordinal.GetHashCode(use.Name ?? ""));
    }
}
