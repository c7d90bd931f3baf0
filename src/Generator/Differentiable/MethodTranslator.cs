using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Differentiable;

/// <summary>Why a method is no expression, and where.</summary>
internal sealed class UntranslatableException(DiagnosticDescriptor descriptor, SyntaxNode node, params object[] arguments) : Exception
{
    public DiagnosticDescriptor Descriptor { get; } = descriptor;

    public SyntaxNode Node { get; } = node;

    public object[] Arguments { get; } = arguments;
}

/// <summary>Runs the body of a static method on expressions instead of numbers: what it returns is its value as an expression.</summary>
/// <remarks>
/// An <c>if</c> runs both branches and chooses between their results; a <c>for</c> with constant bounds runs its rounds; a call runs the
/// callee's body on the arguments. Integers and loop counters must be known here and now.
/// </remarks>
internal sealed class MethodTranslator
{
    /// <summary>Rounds of all loops together, and nodes of the expression: beyond them the code would be too long to be fast.</summary>
    public const int RoundLimit = 256;

    private const int NodeLimit = 4096;

    private readonly Compilation compilation;
    private readonly ExpressionPool pool;
    private readonly CancellationToken cancel;
    private readonly Stack<IMethodSymbol> calls = new();
    private int rounds;

    public MethodTranslator(Compilation compilation, ExpressionPool pool, CancellationToken cancel)
    {
        this.compilation = compilation;
        this.pool = pool;
        this.cancel = cancel;
    }

    /// <summary>The method's value at some arguments.</summary>
    /// <exception cref="UntranslatableException">The body holds what has no derivative here.</exception>
    public Expression Translate(IMethodSymbol method, IReadOnlyList<Expression> arguments, SyntaxNode caller)
    {
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not MethodDeclarationSyntax syntax
            || (syntax.Body is null && syntax.ExpressionBody is null))
        {
            throw Unsupported(caller, "a call of a method whose source is not here");
        }

        if (calls.Contains(method, SymbolEqualityComparer.Default))
            throw new UntranslatableException(Descriptors.RecursiveFunction, caller, method.Name);
        calls.Push(method);
        State state = new();
        for (int i = 0; i < arguments.Count; i++)
            state.Values[method.Parameters[i]] = arguments[i];
        IOperation? body = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancel);
        if (body is not IMethodBodyOperation { BlockBody: var block, ExpressionBody: var arrow })
            throw Unsupported(caller, "a method without a body");
        Flow flow = new(pool.True, null);
        flow = Run(block ?? arrow!, state, flow);
        calls.Pop();
        return flow.Result ?? throw Unsupported(caller, "a method that returns nothing");
    }

    private static UntranslatableException Unsupported(SyntaxNode node, string what) => new(Descriptors.NotDifferentiable, node, what);

    private Flow Run(IOperation statement, State state, Flow flow)
    {
        cancel.ThrowIfCancellationRequested();
        if (flow.Alive.Kind == ExpressionKind.False)
            return flow;
        CheckLength(statement);
        switch (statement)
        {
            case IBlockOperation block:
                foreach (IOperation one in block.Operations)
                    flow = Run(one, state, flow);
                return flow;
            case IEmptyOperation:
                return flow;
            case IReturnOperation { ReturnedValue: { } value }:
                Expression result = Number(value, state);
                return new Flow(pool.False, flow.Result is null ? result : pool.Select(flow.Alive, result, flow.Result));
            case IVariableDeclarationGroupOperation group:
                foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                {
                    if (declarator.GetVariableInitializer() is { } initializer)
                        state.Values[declarator.Symbol] = Converted(Evaluate(initializer.Value, state), declarator.Symbol.Type);
                }

                return flow;
            case IExpressionStatementOperation expression:
                Assign(expression.Operation, state);
                return flow;
            case IConditionalOperation choice:
                return RunIf(choice, state, flow);
            case IForLoopOperation loop:
                return RunFor(loop, state, flow);
            default:
                throw Unsupported(statement.Syntax, Describe(statement));
        }
    }

    private void CheckLength(IOperation operation)
    {
        if (pool.Count > NodeLimit)
            throw new UntranslatableException(Descriptors.FunctionTooLong, operation.Syntax, NodeLimit);
    }

    private Flow RunIf(IConditionalOperation choice, State state, Flow flow)
    {
        Expression condition = Condition(choice.Condition, state);
        if (condition.Kind is ExpressionKind.True or ExpressionKind.False)
        {
            IOperation? taken = condition.Kind == ExpressionKind.True ? choice.WhenTrue : choice.WhenFalse;
            return taken is null ? flow : Run(taken, state, flow);
        }

        State thenState = state.Copy(), elseState = state.Copy();
        Flow then = Run(choice.WhenTrue, thenState, flow);
        Flow otherwise = choice.WhenFalse is { } alternative ? Run(alternative, elseState, flow) : flow;
        if (then.Alive.Kind == ExpressionKind.False)
            state.Take(elseState);
        else if (otherwise.Alive.Kind == ExpressionKind.False)
            state.Take(thenState);
        else
            Merge(choice, condition, state, thenState, elseState);
        Expression? result = then.Result is null ? otherwise.Result
            : otherwise.Result is null ? then.Result
            : pool.Select(condition, then.Result, otherwise.Result);
        return new Flow(pool.Select(condition, then.Alive, otherwise.Alive), result);
    }

    /// <summary>Chooses between the variables of two branches; one that only one branch has set is not read behind them.</summary>
    private void Merge(IConditionalOperation choice, Expression condition, State state, State thenState, State elseState)
    {
        foreach (ISymbol variable in thenState.Values.Keys.Where(elseState.Values.ContainsKey))
        {
            object a = thenState.Values[variable], b = elseState.Values[variable];
            if (Equals(a, b))
                state.Values[variable] = a;
            else if (a is Expression left && b is Expression right)
                state.Values[variable] = pool.Select(condition, left, right);
            else
                throw Unsupported(choice.Syntax, $"the integer {variable.Name}, whose value depends on a parameter");
        }
    }

    private Flow RunFor(IForLoopOperation loop, State state, Flow flow)
    {
        foreach (IOperation start in loop.Before)
            flow = Run(start, state, flow);
        while (true)
        {
            Expression goesOn = loop.Condition is null ? pool.True : Condition(loop.Condition, state);
            if (goesOn.Kind == ExpressionKind.False)
                return flow;
            if (goesOn.Kind != ExpressionKind.True)
                throw Unsupported(loop.Condition!.Syntax, "a loop whose end depends on a parameter");
            if (++rounds > RoundLimit)
                throw new UntranslatableException(Descriptors.LoopTooLong, loop.Syntax, RoundLimit);
            flow = Run(loop.Body, state, flow);
            CheckLength(loop);
            foreach (IOperation step in loop.AtLoopBottom)
                flow = Run(step, state, flow);
        }
    }

    private object Assign(IOperation operation, State state)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation assignment when !assignment.IsRef:
                return state.Values[Target(assignment.Target)] = Converted(Evaluate(assignment.Value, state), assignment.Target.Type!);
            case ICompoundAssignmentOperation { OperatorMethod: null } assignment:
                object combined = Combine(
                    assignment.OperatorKind, Evaluate(assignment.Target, state), Evaluate(assignment.Value, state), assignment);
                return state.Values[Target(assignment.Target)] = Converted(combined, assignment.Target.Type!);
            case IIncrementOrDecrementOperation { OperatorMethod: null } step:
                BinaryOperatorKind kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
                return state.Values[Target(step.Target)] = Converted(Combine(kind, Evaluate(step.Target, state), 1, step), step.Target.Type!);
            default:
                throw Unsupported(operation.Syntax, Describe(operation));
        }
    }

    private static ISymbol Target(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => throw Unsupported(target.Syntax, "an assignment to anything but a local variable or a parameter"),
    };

    /// <summary>An expression, or an int.</summary>
    private object Evaluate(IOperation operation, State state)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant })
        {
            return constant switch
            {
                float number => pool.Constant(number),
                double number => pool.Constant(number),
                int number => number,
                bool truth => truth ? pool.True : pool.False,
                _ => throw Unsupported(operation.Syntax, Describe(operation)),
            };
        }

        switch (operation)
        {
            case ILocalReferenceOperation local when state.Values.TryGetValue(local.Local, out object? value):
                return value;
            case IParameterReferenceOperation parameter when state.Values.TryGetValue(parameter.Parameter, out object? value):
                return value;
            case IParenthesizedOperation brackets:
                return Evaluate(brackets.Operand, state);
            case IFieldReferenceOperation field:
                return Field(field);
            case IConversionOperation { OperatorMethod: null } conversion when IsNumber(conversion.Type):
                return Converted(Evaluate(conversion.Operand, state), conversion.Type!, conversion.Syntax);
            case IUnaryOperation { OperatorMethod: null } unary:
                return Unary(unary, state);
            case IBinaryOperation { OperatorMethod: null } binary:
                return Binary(binary, state);
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return Choose(choice, otherwise, state);
            case IInvocationOperation call:
                return Call(call, state);
            case ISimpleAssignmentOperation or ICompoundAssignmentOperation:
                return Assign(operation, state);
            default:
                throw Unsupported(operation.Syntax, Describe(operation));
        }
    }

    private Expression Number(IOperation operation, State state) => AsNumber(Evaluate(operation, state));

    private Expression Condition(IOperation operation, State state) =>
        Evaluate(operation, state) is Expression { IsCondition: true } condition ? condition : throw Unsupported(operation.Syntax, Describe(operation));

    private Expression AsNumber(object value) => value is int number ? pool.Constant(number) : (Expression)value;

    private static bool IsNumber(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Int32 or SpecialType.System_Boolean;

    /// <summary>A value as a variable of a type holds it.</summary>
    private object Converted(object value, ITypeSymbol type, SyntaxNode? place = null)
    {
        bool isReal = type.SpecialType is SpecialType.System_Single or SpecialType.System_Double;
        if (value is int && isReal)
            return AsNumber(value);
        if (value is Expression { IsCondition: false } && !isReal && place is not null)
            throw Unsupported(place, "a conversion to an integer");
        return value;
    }

    private object Choose(IConditionalOperation choice, IOperation otherwise, State state)
    {
        Expression condition = Condition(choice.Condition, state);
        if (condition.Kind == ExpressionKind.True)
            return Evaluate(choice.WhenTrue, state);
        if (condition.Kind == ExpressionKind.False)
            return Evaluate(otherwise, state);
        object a = Evaluate(choice.WhenTrue, state), b = Evaluate(otherwise, state);
        return pool.Select(condition, AsNumber(a), AsNumber(b));
    }

    private object Unary(IUnaryOperation unary, State state)
    {
        object value = Evaluate(unary.Operand, state);
        return (unary.OperatorKind, value) switch
        {
            (UnaryOperatorKind.Minus, int number) => unchecked(-number),
            (UnaryOperatorKind.Minus, Expression number) => pool.Negate(number),
            (UnaryOperatorKind.Plus, _) => value,
            (UnaryOperatorKind.Not, Expression { IsCondition: true } condition) => pool.Not(condition),
            _ => throw Unsupported(unary.Syntax, Describe(unary)),
        };
    }

    private object Binary(IBinaryOperation binary, State state)
    {
        object a = Evaluate(binary.LeftOperand, state);
        switch (binary.OperatorKind)
        {
            case BinaryOperatorKind.ConditionalAnd when a is Expression { Kind: ExpressionKind.False }:
            case BinaryOperatorKind.ConditionalOr when a is Expression { Kind: ExpressionKind.True }:
                return a;
            default:
                return Combine(binary.OperatorKind, a, Evaluate(binary.RightOperand, state), binary);
        }
    }

    private object Combine(BinaryOperatorKind kind, object left, object right, IOperation operation)
    {
        if (left is int i && right is int j)
            return CombineIntegers(kind, i, j, operation);
        if (operation.Type?.SpecialType == SpecialType.System_Int32)
            throw Unsupported(operation.Syntax, "integer arithmetic on what depends on a parameter");
        Expression a = AsNumber(left), b = AsNumber(right);
        if (a.IsCondition != b.IsCondition)
            throw Unsupported(operation.Syntax, Describe(operation));
        return (kind, a.IsCondition) switch
        {
            (BinaryOperatorKind.Add, false) => pool.Add(a, b),
            (BinaryOperatorKind.Subtract, false) => pool.Subtract(a, b),
            (BinaryOperatorKind.Multiply, false) => pool.Multiply(a, b),
            (BinaryOperatorKind.Divide, false) => pool.Divide(a, b),
            (BinaryOperatorKind.LessThan, false) => pool.Less(a, b),
            (BinaryOperatorKind.LessThanOrEqual, false) => pool.LessOrEqual(a, b),
            (BinaryOperatorKind.GreaterThan, false) => pool.Less(b, a),
            (BinaryOperatorKind.GreaterThanOrEqual, false) => pool.LessOrEqual(b, a),
            (BinaryOperatorKind.Equals, false) => pool.Equal(a, b),
            (BinaryOperatorKind.NotEquals, false) => pool.Not(pool.Equal(a, b)),
            (BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And, true) => pool.And(a, b),
            (BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or, true) => pool.Or(a, b),
            (BinaryOperatorKind.NotEquals or BinaryOperatorKind.ExclusiveOr, true) => pool.Select(a, pool.Not(b), b),
            (BinaryOperatorKind.Equals, true) => pool.Select(a, b, pool.Not(b)),
            _ => throw Unsupported(operation.Syntax, Describe(operation)),
        };
    }

    private object CombineIntegers(BinaryOperatorKind kind, int a, int b, IOperation operation)
    {
        if (b == 0 && kind is BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder)
            throw Unsupported(operation.Syntax, "a division by the integer 0");
        return unchecked(kind switch
        {
            BinaryOperatorKind.Add => a + b,
            BinaryOperatorKind.Subtract => a - b,
            BinaryOperatorKind.Multiply => a * b,
            BinaryOperatorKind.Divide => (int)((long)a / b),
            BinaryOperatorKind.Remainder => (object)(int)((long)a % b),
            BinaryOperatorKind.LessThan => Truth(a < b),
            BinaryOperatorKind.LessThanOrEqual => Truth(a <= b),
            BinaryOperatorKind.GreaterThan => Truth(a > b),
            BinaryOperatorKind.GreaterThanOrEqual => Truth(a >= b),
            BinaryOperatorKind.Equals => Truth(a == b),
            BinaryOperatorKind.NotEquals => Truth(a != b),
            _ => throw Unsupported(operation.Syntax, Describe(operation)),
        });

        Expression Truth(bool holds) => holds ? pool.True : pool.False;
    }

    /// <summary>A static readonly field is its initial value, where nothing else can set it.</summary>
    private object Field(IFieldReferenceOperation reference)
    {
        IFieldSymbol field = reference.Field;
        bool isSetElsewhere = field.ContainingType.StaticConstructors.Any(constructor => !constructor.IsImplicitlyDeclared);
        if (!field.IsStatic || !field.IsReadOnly || isSetElsewhere
            || field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not VariableDeclaratorSyntax { Initializer.Value: { } value })
        {
            throw Unsupported(reference.Syntax, "a field that is not a constant or static readonly with an initial value");
        }

        IOperation? initial = compilation.GetSemanticModel(value.SyntaxTree).GetOperation(value, cancel);
        return initial is null ? throw Unsupported(reference.Syntax, "a field") : Converted(Evaluate(initial, new State()), field.Type);
    }

    private object Call(IInvocationOperation call, State state)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isMath = method.ContainingType is
        {
            Name: "MathF" or "Math", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        };
        bool isOfFloats = method.IsStatic && !method.IsGenericMethod && method.Parameters.All(parameter => parameter.RefKind == RefKind.None
            && (parameter.Type.SpecialType is SpecialType.System_Single or SpecialType.System_Double || (isMath && IsNumber(parameter.Type))));
        if (!isOfFloats)
            throw Unsupported(call.Syntax, isMath ? $"{method.ContainingType.Name}.{method.Name}" : "a call of anything but a static method of floats");
        Expression[] arguments = new Expression[method.Parameters.Length];
        foreach (IArgumentOperation argument in call.Arguments)
            arguments[argument.Parameter!.Ordinal] = AsNumber(Converted(Evaluate(argument.Value, state), argument.Parameter.Type));
        return isMath ? Function(call, method.Name, arguments) : Translate(method, arguments, call.Syntax);
    }

    private Expression Function(IInvocationOperation call, string name, Expression[] a) => (name, a.Length) switch
    {
        ("Abs" or "Sqrt" or "Floor" or "Ceiling" or "Truncate" or "Exp" or "Log" or "Sin" or "Cos" or "Tan" or "Asin" or "Acos"
            or "Atan" or "Sinh" or "Cosh" or "Tanh" or "Sign" or "Round", 1) =>
            pool.Function((ExpressionKind)Enum.Parse(typeof(ExpressionKind), name), a[0]),
        ("Log2", 1) => pool.Multiply(pool.Function(ExpressionKind.Log, a[0]), pool.Constant(1 / Math.Log(2))),
        ("Log10", 1) => pool.Multiply(pool.Function(ExpressionKind.Log, a[0]), pool.Constant(1 / Math.Log(10))),
        ("Log", 2) => pool.Divide(pool.Function(ExpressionKind.Log, a[0]), pool.Function(ExpressionKind.Log, a[1])),
        ("Min", 2) => pool.Min(a[0], a[1]),
        ("Max", 2) => pool.Max(a[0], a[1]),
        ("Pow", 2) => pool.Pow(a[0], a[1]),
        ("Clamp", 3) => pool.Min(pool.Max(a[0], a[1]), a[2]),
        ("FusedMultiplyAdd", 3) => pool.MultiplyAdd(a[0], a[1], a[2]),
        _ => throw Unsupported(call.Syntax, $"{call.TargetMethod.ContainingType.Name}.{name}"),
    };

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
        { Type: { } type } when !IsNumber(type) => $"a value of type {type.ToDisplayString()}",
        _ => "this",
    };

    /// <summary>Where the method stands: under which condition it has not returned yet, and what it has returned otherwise.</summary>
    private sealed record Flow(Expression Alive, Expression? Result);

    /// <summary>The variables: expressions, or ints.</summary>
    private sealed class State
    {
        public Dictionary<ISymbol, object> Values { get; private set; } = new(SymbolEqualityComparer.Default);

        public State Copy() => new() { Values = new Dictionary<ISymbol, object>(Values, SymbolEqualityComparer.Default) };

        public void Take(State other) => Values = other.Values;
    }
}
