using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>Reads a class that bears <c>[Network]</c>. Symbols and syntax live here and nowhere behind.</summary>
internal static class NetworkParser
{
    /// <summary>Never throws, except to cancel. Text that the compiler rejects gives neither a declaration nor a diagnostic.</summary>
    public static ParsedNetwork Parse(GeneratorAttributeSyntaxContext target, CancellationToken cancel)
    {
        try
        {
            return new Reading(target, cancel).Run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            DiagnosticDecl failure = DiagnosticDecl.Create(
                Descriptors.InternalError,
                Locations.Of(target.TargetNode.SyntaxTree, target.TargetNode.Span),
                target.TargetSymbol.Name, DiagnosticReport.Describe(exception));
            return new ParsedNetwork(null, new EquatableArray<DiagnosticDecl>(new[] { failure }));
        }
    }

    /// <summary>The reading of one class: its state is the diagnostics found so far.</summary>
    private sealed class Reading
    {
        private readonly GeneratorAttributeSyntaxContext target;
        private readonly CancellationToken cancel;
        private readonly TypeDeclarationSyntax syntax;
        private readonly INamedTypeSymbol type;
        private readonly AttributeData network;
        private readonly LocationDecl networkLocation;
        private readonly List<DiagnosticDecl> diagnostics = [];

        public Reading(GeneratorAttributeSyntaxContext target, CancellationToken cancel)
        {
            this.target = target;
            this.cancel = cancel;
            syntax = (TypeDeclarationSyntax)target.TargetNode;
            type = (INamedTypeSymbol)target.TargetSymbol;
            network = target.Attributes[0];
            networkLocation = Locations.Of(network);
        }

        public ParsedNetwork Run()
        {
            // Errors of the language itself: two [Network] (CS0579), on a struct (CS0592), a class without a name.
            INamedTypeSymbol networkClass = network.AttributeClass!;
            int networks = type.GetAttributes().Count(data => SymbolEqualityComparer.Default.Equals(data.AttributeClass, networkClass));
            if (networks != 1 || type.TypeKind != TypeKind.Class || syntax.Identifier.IsMissing)
                return Result(null);

            if (((CSharpParseOptions)syntax.SyntaxTree.Options).LanguageVersion is < LanguageVersion.CSharp12 and var version)
            {
                Report(Descriptors.CSharpTooOld, networkLocation, version.ToDisplayString());
                return Result(null);
            }

            List<Part> parts = ReadParts(type, syntax, Descriptors.SplitDeclaration, out bool unresolved, out bool split);
            cancel.ThrowIfCancellationRequested();
            CheckClass();
            CheckMembers(parts);
            if (split || IsIncomplete(parts))
                return Result(null);

            int sound = diagnostics.Count;
            CheckOrder(parts);
            BlockExpansion blocks = new(type, ReadBlock, (descriptor, location, arguments) => Report(descriptor, location, arguments));
            if (blocks.Run(parts) is not IReadOnlyList<Part> layers)
                return Result(null);
            FunctionReader functions = new(target.SemanticModel.Compilation, type.Name, diagnostics.Add, cancel);
            NetworkDecl declaration = new(
                ModelReader.ReadType(type),
                ModelReader.ReadLayer("Network", network),
                new EquatableArray<LayerDecl>(layers.Select(part =>
                    functions.AddTo(ModelReader.ReadLayer(part.Kind, part.Data) with { Block = part.Block }, part))));
            cancel.ThrowIfCancellationRequested();
            if (functions.FoundBroken)
                return Result(null);
            if (diagnostics.Count == sound)
                CheckDeclaration(declaration, layers);

            // An attribute nobody knows may be a mistyped layer: the compiler reports it, and what follows from it is not news.
            bool failed = diagnostics.Any(diagnostic => Descriptors.Find(diagnostic.Id).DefaultSeverity == DiagnosticSeverity.Error);
            if (unresolved && diagnostics.Count > sound)
            {
                diagnostics.RemoveRange(sound, diagnostics.Count - sound);
                return Result(null);
            }

            return Result(failed ? null : declaration);
        }

        /// <summary>Reports what is wrong with a declaration as a whole, such as shapes that do not fit.</summary>
        private void CheckDeclaration(NetworkDecl declaration, IReadOnlyList<Part> layers)
        {
            foreach (Problem problem in DeclarationCheck.Run(declaration))
            {
                // A block that is inserted several times has its faults once.
                LocationDecl location = problem.Attribute == 0 ? networkLocation : layers[problem.Attribute - 1].Location;
                if (!diagnostics.Any(known => known.Id == problem.Id && known.Location == location))
                    diagnostics.Add(new DiagnosticDecl(problem.Id, location, problem.Arguments));
            }
        }

        private ParsedNetwork Result(NetworkDecl? declaration) => new(declaration, new EquatableArray<DiagnosticDecl>(diagnostics));

        private void Report(DiagnosticDescriptor descriptor, LocationDecl location, params object[] arguments) =>
            diagnostics.Add(DiagnosticDecl.Create(descriptor, location, arguments));

        /// <summary>Layers and losses on the declaration that bears [Network] or [Block], in source order.</summary>
        /// <param name="owner">The class.</param>
        /// <param name="declaration">The declaration.</param>
        /// <param name="misplaced">What a layer on another declaration is.</param>
        /// <param name="unresolved">Whether there is an attribute that nobody knows.</param>
        /// <param name="split">Whether there was a layer on another declaration.</param>
        private List<Part> ReadParts(
            INamedTypeSymbol owner, SyntaxNode declaration, DiagnosticDescriptor misplaced, out bool unresolved, out bool split)
        {
            List<Part> parts = [];
            unresolved = false;
            split = false;
            foreach (AttributeData data in owner.GetAttributes())
            {
                if (data.ApplicationSyntaxReference is not { } reference || data.AttributeClass is not { } attribute)
                    continue;
                bool isHere = reference.SyntaxTree == declaration.SyntaxTree && declaration.Span.Contains(reference.Span);
                unresolved |= isHere && attribute.TypeKind == TypeKind.Error;
                if (ToPart(owner, data, Locations.Of(data)) is not Part part)
                    continue;
                if (isHere)
                {
                    parts.Add(part);
                    continue;
                }

                Report(misplaced, part.Location, part.Kind, owner.Name);
                split = true;
            }

            parts.Sort((left, right) => left.Location.Start.CompareTo(right.Location.Start));
            return parts;
        }

        /// <summary>The layer or loss that an attribute adds; null for any other attribute.</summary>
        private Part? ToPart(INamedTypeSymbol owner, AttributeData data, LocationDecl location)
        {
            INamedTypeSymbol networkClass = network.AttributeClass!, attribute = data.AttributeClass!;
            bool isLoss = AttributeKinds.IsLoss(attribute, networkClass);
            if (!isLoss && !AttributeKinds.IsLayer(attribute, networkClass))
                return null;
            bool isOurs = SymbolEqualityComparer.Default.Equals(attribute.ContainingAssembly, networkClass.ContainingAssembly);
            return new Part(data, owner, AttributeKinds.NameOf(attribute), isLoss, isOurs, location);
        }

        /// <summary>The layers of a block; null after a problem was reported, here or by the compiler.</summary>
        private IReadOnlyList<Part>? ReadBlock(INamedTypeSymbol block, LocationDecl use)
        {
            AttributeData mark = block.GetAttributes()
                .First(data => AttributeKinds.IsBlockAttribute(data.AttributeClass!, network.AttributeClass!));
            List<Part> parts;
            if (mark.ApplicationSyntaxReference?.GetSyntax(cancel).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration)
            {
                parts = ReadParts(block, declaration, Descriptors.SplitBlock, out bool unresolved, out bool split);
                if (unresolved || split || declaration.AttributeLists.Any(list => list.ContainsDiagnostics))
                    return null;
            }
            else
            {
                // Metadata keeps the order of the source.
                parts = [.. block.GetAttributes().Select(data => ToPart(block, data, use)).OfType<Part>()];
            }

            if (parts.Any(part => IsIncomplete(part.Data)))
                return null;
            int sound = diagnostics.Count;
            foreach (Part part in parts)
            {
                if (!part.IsOurs)
                    Report(Descriptors.UnknownLayer, part.Location, part.Kind, type.Name);
                else if (part.IsLoss)
                    Report(Descriptors.LossInBlock, part.Location, part.Kind, block.Name, type.Name);
            }

            return diagnostics.Count == sound ? parts : null;
        }

        private void CheckClass()
        {
            if (type.IsRecord)
                Report(Descriptors.RecordClass, networkLocation, type.Name);
            else if (type.ContainingType is not null)
                Report(Descriptors.NestedClass, networkLocation, type.Name, type.ContainingType.Name);
            else if (type.Arity > 0)
                Report(Descriptors.GenericClass, networkLocation, type.Name, type.Arity);
            else if (type.IsStatic || type.IsAbstract)
                Report(Descriptors.NotInstantiable, networkLocation, type.Name, type.IsStatic ? "static" : "abstract");
            else if (type.IsFileLocal)
                Report(Descriptors.FileLocalClass, networkLocation, type.Name);
            else if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword) && !IsHalfTyped(syntax.Keyword, syntax.Identifier))
                Report(Descriptors.NotPartial, networkLocation, type.Name);
            else if (type.BaseType is { TypeKind: TypeKind.Class } parent && !parent.InstanceConstructors.Any(IsCalledByDefault))
                Report(Descriptors.BaseNeedsArguments, networkLocation, type.Name, parent.Name);
        }

        /// <summary>Whether a constructor that names none of the base class's calls this one.</summary>
        private bool IsCalledByDefault(IMethodSymbol constructor) =>
            constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams)
            && target.SemanticModel.Compilation.IsSymbolAccessibleWithin(constructor, type);

        private void CheckMembers(List<Part> parts)
        {
            bool trains = parts.Any(part => part.IsLoss);
            if (GeneratedMembers.Has(type.Name, trains))
                Report(Descriptors.NamedLikeMember, networkLocation, type.Name);
            bool hasShape = network.ConstructorArguments
                .Any(shape => shape is { Kind: TypedConstantKind.Array, IsNull: false, Values.Length: > 0 });
            int inputs = Count("Input") + (hasShape ? 1 : 0);
            ISet<string> ofPorts = GeneratedMembers.OfPorts(Math.Max(1, inputs), Math.Max(1, Count("Output")));
            foreach (ISymbol member in type.GetMembers())
            {
                if (GeneratedMembers.Clash(member, trains, ofPorts) is not { } clash)
                    continue;
                Location location = member.Locations.FirstOrDefault(location => location.IsInSource) ?? syntax.Identifier.GetLocation();
                Report(Descriptors.MemberClash, Locations.Of(location), type.Name, clash);
            }

            int Count(string kind) => parts.Count(part => part.IsOurs && part.Kind == kind);
        }

        /// <summary>The loss comes once and last, there is a layer, and every attribute is one of ours.</summary>
        private void CheckOrder(List<Part> parts)
        {
            Part? loss = null;
            int losses = parts.Count(part => part.IsLoss);
            foreach (Part part in parts)
            {
                if (!part.IsOurs)
                    Report(Descriptors.UnknownLayer, part.Location, part.Kind, type.Name);
                else if (loss is not null && part.IsLoss && !(NamesOutput(part) && NamesOutput(loss)))
                    Report(Descriptors.TwoLosses, part.Location, part.Kind, type.Name, loss.Kind, losses);
                else if (loss is not null && !part.IsLoss)
                    Report(Descriptors.LayerAfterLoss, part.Location, part.Kind, type.Name, loss.Kind);
                if (part.IsLoss)
                    loss ??= part;
            }

            if (parts.Count == losses)
                Report(Descriptors.NoLayers, networkLocation, type.Name);
        }

        /// <summary>Whether a loss is for one of several outputs.</summary>
        private static bool NamesOutput(Part part) => part.Data.NamedArguments.Any(argument => argument.Key == "Output");

        /// <summary>Whether the compiler rejects an attribute: its arguments mean nothing, and an error stands there already.</summary>
        private bool IsIncomplete(List<Part> parts) =>
            syntax.AttributeLists.Any(list => list.ContainsDiagnostics)
            || IsIncomplete(network)
            || parts.Any(part => IsIncomplete(part.Data));

        private bool IsIncomplete(AttributeData data)
        {
            if (data.AttributeConstructor is null
                || data.ConstructorArguments.Length != data.AttributeConstructor.Parameters.Length
                || data.ConstructorArguments.Any(HasError)
                || data.NamedArguments.Any(argument => HasError(argument.Value)))
            {
                return true;
            }

            if (data.ApplicationSyntaxReference?.GetSyntax(cancel) is not AttributeSyntax attribute)
                return false;
            SemanticModel model = attribute.SyntaxTree == syntax.SyntaxTree
                ? target.SemanticModel : target.SemanticModel.Compilation.GetSemanticModel(attribute.SyntaxTree);
            int named = attribute.ArgumentList?.Arguments.Count(argument => argument.NameEquals is not null) ?? 0;
            return data.NamedArguments.Length != named || model.GetSymbolInfo(attribute, cancel).Symbol is null;
        }

        private static bool HasError(TypedConstant constant) =>
            constant.Kind == TypedConstantKind.Error
            || (constant.Kind == TypedConstantKind.Array && !constant.IsNull && constant.Values.Any(HasError));

        private static bool IsHalfTyped(SyntaxToken keyword, SyntaxToken identifier) =>
            keyword.IsMissing || keyword.ContainsDiagnostics || identifier.ContainsDiagnostics;
    }
}
