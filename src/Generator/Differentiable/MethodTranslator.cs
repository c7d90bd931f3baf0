using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Differentiable;

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
    private readonly ValueArithmetic arithmetic;
    private readonly CancellationToken cancel;
    private readonly Stack<IMethodSymbol> calls = new();
    private int rounds;

    public MethodTranslator(Compilation compilation, ExpressionPool pool, CancellationToken cancel)
    {
        this.compilation = compilation;
        this.pool = pool;
        arithmetic = new ValueArithmetic(pool);
        this.cancel = cancel;
    }

    /// <summary>The method's value at some arguments.</summary>
    /// <exception cref="UntranslatableException">The body holds what has no derivative here.</exception>
    public Expression Translate(IMethodSymbol method, IReadOnlyList<Expression> arguments, SyntaxNode caller)
    {
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not MethodDeclarationSyntax syntax
            || (syntax.Body is null && syntax.ExpressionBody is null))
        {
            throw UntranslatableException.Of(caller, "a call of a method whose source is not here");
        }

        method = method.OriginalDefinition; // whose parameters the body names
        if (calls.Contains(method, SymbolEqualityComparer.Default))
            throw new UntranslatableException(Descriptors.RecursiveFunction, caller, method.Name);
        calls.Push(method);
        State state = new();
        for (int i = 0; i < arguments.Count; i++)
            state.Values[method.Parameters[i]] = arguments[i];
        IOperation? body = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancel);
        if (body is not IMethodBodyOperation { BlockBody: var block, ExpressionBody: var arrow })
            throw UntranslatableException.Of(caller, "a method without a body");
        Flow flow = new(pool.True, null);
        flow = Run(block ?? arrow!, state, flow);
        calls.Pop();
        return flow.Result ?? throw UntranslatableException.Of(caller, "a method that returns nothing");
    }

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
                    if (declarator.Symbol.RefKind != RefKind.None)
                        throw UntranslatableException.Of(declarator.Syntax, "a reference to a variable");
                    if (declarator.GetVariableInitializer() is { } initializer)
                        state.Values[declarator.Symbol] = arithmetic.Converted(Evaluate(initializer.Value, state), declarator.Symbol.Type);
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
                throw UntranslatableException.Of(statement);
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
    private void Merge(IOperation choice, Expression condition, State state, State thenState, State elseState)
    {
        foreach (ISymbol variable in thenState.Values.Keys.Where(elseState.Values.ContainsKey))
        {
            object a = thenState.Values[variable], b = elseState.Values[variable];
            if (Equals(a, b))
                state.Values[variable] = a;
            else if (a is Expression left && b is Expression right)
                state.Values[variable] = pool.Select(condition, left, right);
            else
                throw UntranslatableException.Of(choice.Syntax, $"the integer {variable.Name}, whose value depends on a parameter");
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
                throw UntranslatableException.Of(loop.Condition!.Syntax, "a loop whose end depends on a parameter");
            if (++rounds > RoundLimit)
                throw new UntranslatableException(Descriptors.LoopTooLong, loop.Syntax, RoundLimit);
            flow = Run(loop.Body, state, flow);
            if (flow.Alive.Kind == ExpressionKind.False)
                return flow;
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
                return Store(Target(assignment.Target), Evaluate(assignment.Value, state), assignment.Target.Type!, state);
            case ICompoundAssignmentOperation { OperatorMethod: null } assignment:
                object combined = arithmetic.Combine(
                    assignment.OperatorKind, Evaluate(assignment.Target, state), Evaluate(assignment.Value, state), assignment);
                return Store(Target(assignment.Target), combined, assignment.Target.Type!, state);
            case IIncrementOrDecrementOperation { OperatorMethod: null } step:
                BinaryOperatorKind kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
                return Store(
                    Target(step.Target), arithmetic.Combine(kind, Evaluate(step.Target, state), 1, step), step.Target.Type!, state);
            default:
                throw UntranslatableException.Of(operation);
        }
    }

    private object Store(ISymbol variable, object value, ITypeSymbol type, State state) =>
        state.Values[variable] = arithmetic.Converted(value, type);

    private static ISymbol Target(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => throw UntranslatableException.Of(target.Syntax, "an assignment to anything but a local variable or a parameter"),
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
                _ => throw UntranslatableException.Of(operation),
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
            case IConversionOperation { OperatorMethod: null } conversion when ValueArithmetic.IsNumber(conversion.Type):
                return arithmetic.Converted(Evaluate(conversion.Operand, state), conversion.Type!, conversion.Syntax);
            case IUnaryOperation { OperatorMethod: null } unary:
                return arithmetic.Unary(unary, Evaluate(unary.Operand, state));
            case IBinaryOperation { OperatorMethod: null } binary:
                return Binary(binary, state);
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return Choose(choice, otherwise, state);
            case IInvocationOperation call:
                return Call(call, state);
            case ISimpleAssignmentOperation or ICompoundAssignmentOperation:
                return Assign(operation, state);
            default:
                throw UntranslatableException.Of(operation);
        }
    }

    private Expression Number(IOperation operation, State state) => arithmetic.AsNumber(Evaluate(operation, state));

    private Expression Condition(IOperation operation, State state) =>
        Evaluate(operation, state) is Expression { IsCondition: true } condition ? condition : throw UntranslatableException.Of(operation);

    private object Choose(IConditionalOperation choice, IOperation otherwise, State state)
    {
        Expression condition = Condition(choice.Condition, state);
        if (condition.Kind == ExpressionKind.True)
            return Evaluate(choice.WhenTrue, state);
        if (condition.Kind == ExpressionKind.False)
            return Evaluate(otherwise, state);
        State thenState = state.Copy(), elseState = state.Copy();
        object a = Evaluate(choice.WhenTrue, thenState), b = Evaluate(otherwise, elseState);
        Merge(choice, condition, state, thenState, elseState);
        return pool.Select(condition, arithmetic.AsNumber(a), arithmetic.AsNumber(b));
    }

    private object Binary(IBinaryOperation binary, State state)
    {
        object a = Evaluate(binary.LeftOperand, state);
        switch (binary.OperatorKind)
        {
            case BinaryOperatorKind.ConditionalAnd when a is Expression { Kind: ExpressionKind.False }:
            case BinaryOperatorKind.ConditionalOr when a is Expression { Kind: ExpressionKind.True }:
                return a;
            case BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr when a is Expression { IsCondition: true } condition:
                return arithmetic.Combine(binary.OperatorKind, a, EvaluateMaybe(binary, condition, state), binary);
            default:
                return arithmetic.Combine(binary.OperatorKind, a, Evaluate(binary.RightOperand, state), binary);
        }
    }

    /// <summary>The right operand of a <c>&amp;&amp;</c> or <c>||</c>:
    /// what it assigns counts only where the left one leaves the answer to it.</summary>
    private object EvaluateMaybe(IBinaryOperation binary, Expression condition, State state)
    {
        State left = state.Copy(), right = state.Copy();
        object value = Evaluate(binary.RightOperand, right);
        bool isAnd = binary.OperatorKind == BinaryOperatorKind.ConditionalAnd;
        Merge(binary, condition, state, isAnd ? right : left, isAnd ? left : right);
        foreach (KeyValuePair<ISymbol, object> variable in right.Values.Where(variable => !left.Values.ContainsKey(variable.Key)))
            state.Values[variable.Key] = variable.Value; // read only behind an operand that has set it
        return value;
    }

    /// <summary>A static readonly field is its initial value, where nothing else can set it.</summary>
    private object Field(IFieldReferenceOperation reference)
    {
        IFieldSymbol field = reference.Field;
        bool isSetElsewhere = field.ContainingType.StaticConstructors.Any(constructor => !constructor.IsImplicitlyDeclared);
        SyntaxNode? declaration = field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel);
        if (!field.IsStatic || !field.IsReadOnly || isSetElsewhere
            || declaration is not VariableDeclaratorSyntax { Initializer.Value: { } value })
        {
            throw UntranslatableException.Of(reference.Syntax, "a field that is not a constant or static readonly with an initial value");
        }

        IOperation? initial = compilation.GetSemanticModel(value.SyntaxTree).GetOperation(value, cancel);
        return initial is null
            ? throw UntranslatableException.Of(reference.Syntax, "a field")
            : arithmetic.Converted(Evaluate(initial, new State()), field.Type);
    }

    private object Call(IInvocationOperation call, State state)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isMath = method.ContainingType is
        {
            Name: "MathF" or "Math", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        };
        if (!method.IsStatic || method.IsGenericMethod || !method.Parameters.All(parameter => Takes(parameter, isMath)))
        {
            throw UntranslatableException.Of(
                call.Syntax, isMath ? $"{method.ContainingType.Name}.{method.Name}" : "a call of anything but a static method of floats");
        }

        Expression[] arguments = new Expression[method.Parameters.Length];
        foreach (IArgumentOperation argument in call.Arguments)
        {
            object value = arithmetic.Converted(Evaluate(argument.Value, state), argument.Parameter!.Type);
            arguments[argument.Parameter.Ordinal] = arithmetic.AsNumber(value);
        }

        return isMath ? arithmetic.Function(call, method.Name, arguments) : Translate(method, arguments, call.Syntax);
    }

    /// <summary>Whether a parameter can receive a value: a float, or one of a function of Math any number.</summary>
    private static bool Takes(IParameterSymbol parameter, bool isMath) => parameter.RefKind == RefKind.None
        && (parameter.Type.SpecialType is SpecialType.System_Single or SpecialType.System_Double
            || (isMath && ValueArithmetic.IsNumber(parameter.Type)));

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
