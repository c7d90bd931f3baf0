using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Differentiable;

/// <summary>Why a method is no expression, and where.</summary>
internal sealed class UntranslatableException(DiagnosticDescriptor descriptor, SyntaxNode node, params object[] arguments) : Exception
{
    public DiagnosticDescriptor Descriptor { get; } = descriptor;

    public SyntaxNode Node { get; } = node;

    public object[] Arguments { get; } = arguments;

    /// <summary>What has no derivative here, in words.</summary>
    public static UntranslatableException Of(SyntaxNode node, string what) => new(Descriptors.NotDifferentiable, node, what);

    /// <summary>An operation that has no derivative here.</summary>
    public static UntranslatableException Of(IOperation operation) => Of(operation.Syntax, Describe(operation));

    private static string Describe(IOperation operation) => operation switch
    {
        IWhileLoopOperation => "a while loop",
        IForEachLoopOperation => "a foreach loop",
        ISwitchOperation or ISwitchExpressionOperation => "a switch",
        ITryOperation => "a try block",
        IThrowOperation => "a throw",
        IBranchOperation => "a jump",
        IObjectCreationOperation or IArrayCreationOperation => "a new object",
        IArrayElementReferenceOperation => "an array",
        IPropertyReferenceOperation => "a property",
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder } => "the operator % on floats",
        IAnonymousFunctionOperation or ILocalFunctionOperation => "a function inside the function",
        ILocalReferenceOperation or IParameterReferenceOperation => "a variable without a known value",
        { Type: { } type } when !ValueArithmetic.IsNumber(type) => $"a value of type {type.ToDisplayString()}",
        _ => "this",
    };
}
