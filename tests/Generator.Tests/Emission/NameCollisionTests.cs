namespace NetGen.Generator.Tests.Emission;

/// <summary>Generated code lives beside the user's: no name of his may change its meaning.</summary>
public class NameCollisionTests
{
    private const string Network = "[NetGen.Network(20)] [NetGen.Dense(9), NetGen.Tanh, NetGen.Dense(4), NetGen.Softmax] [NetGen.CrossEntropy] public partial class Mlp";

    /// <summary>What generated files call by short names: types of the runtime and of the base library, aliases, static imports.</summary>
    private static readonly string[] Names =
    [
        "V", "Max", "Create", "Sum", "At", "Unsafe", "Math", "MathF", "Span", "ReadOnlySpan", "Vector512", "Vector256", "Fma",
        "MemoryMarshal",
        "MethodImpl", "MethodImplOptions", "Momentum", "SGD", "Optimizer", "Trainer", "Evaluation", "Dataset", "Arguments", "Panels",
        "Workers", "Batch", "Engine", "Steps", "Kernels", "Description", "NetworkInfo", "System", "Exp", "ParameterStep",
    ];

    [Fact]
    public void Types_of_the_user_in_the_same_namespace()
    {
        // 'System' itself as a type breaks the user's own usings, not ours.
        string types = string.Join("\n", Names.Where(name => name != "System").Select(name => $"public class {name} {{ }}"));

        GeneratorHarness.Run($"namespace App; {Network};\n{types}").ExpectSound();
    }

    [Fact]
    public void Types_of_the_user_in_the_global_namespace()
    {
        string types = string.Join("\n", Names.Where(name => name != "System").Select(name => $"public class {name} {{ }}"));

        GeneratorHarness.Run($"{Network};\n{types}").ExpectSound();
    }

    [Fact]
    public void Members_of_the_users_class()
    {
        string members = string.Join("\n", Names.Select(name => $"private static int {name}() => 1;"));

        GeneratorHarness.Run($"namespace App; {Network}\n{{\n{members}\n}}").ExpectSound();
    }

    [Fact]
    public void Variables_and_functions_of_a_program_without_a_class()
    {
        string locals = string.Join("\n", Names.Select((name, i) => i % 2 == 0 ? $"int {name} = {i};" : $"static int {name}() => {i};"));

        GeneratorHarness.RunProgram($"#pragma warning disable CS0219, CS8321 // unused\n{locals}\n{Network};").ExpectSound();
    }

    [Fact]
    public void Namespaces_that_look_like_ours() =>
        GeneratorHarness.Run($"namespace NetGen.System.Runtime {{ {Network} {{ }} }}\nnamespace Mlp {{ public class NetGen {{ }} }}").ExpectSound();

    [Theory]
    [InlineData("Dataset")]
    [InlineData("Evaluation")]
    [InlineData("Span")]
    [InlineData("MethodImpl")]
    [InlineData("Train")]
    public void The_network_or_its_namespace_is_called_like_a_type(string name)
    {
        GeneratorHarness.Run($"namespace App.{name}.Inner; {Network};").ExpectSound();
        GeneratorHarness.Run($"{Network.Replace("Mlp", name == "Train" ? "Trainer" : name, StringComparison.Ordinal)};").ExpectSound();
    }

    /// <summary>Names of generated files compare without case, and know no type parameters.</summary>
    [Fact]
    public void Namespaces_and_types_differ_in_case_or_in_type_parameters_alone()
    {
        const string Function = "[NetGen.Differentiable] public static float F(float x) => x * x;";
        GeneratorHarness.Run($$"""
            namespace app { {{Network}}; public static partial class Functions { {{Function}} } }
            namespace App { {{Network}}; public static partial class Functions { {{Function}} } }
            namespace App { public static partial class FUNCTIONS { {{Function}} } }
            namespace App { public static partial class Functions<T> { {{Function}} } public static partial class Functions1 { {{Function}} } }
            """).ExpectSound();
    }

    [Fact]
    public void Names_of_values_are_any_text() => GeneratorHarness.Run("""
        using NetGen;
        [Network] [Input("", 2), Input("a\nb", 2), Concat(""), Mark("<\r\u2028*/&\""), Dense(4), Add("<\r\u2028*/&\""), Output("\n")]
        [From("a\nb"), Dense(1), Output(" ")] [MeanSquaredError(Output = "\n"), Huber(Output = " ")] public partial class Mlp;
        """).ExpectSound();

    [Theory]
    [InlineData("public class Model { protected Model() { } }")]
    [InlineData("public class Model { public Model(string title = \"\") => Title = title; public string Title { get; } }")]
    [InlineData("public class Model { public Model(params int[] numbers) => Count = numbers.Length; public int Count { get; } }")]
    [InlineData("public class Model;")]
    public void The_network_has_a_base_class(string model) => GeneratorHarness.Run($"{model} {Network} : Model;").ExpectSound();

    [Theory]
    [InlineData("Span")]
    [InlineData("Optimizer")]
    [InlineData("Ports")]
    [InlineData("Math")]
    [InlineData("MemoryMarshal")]
    [InlineData("InputLength")]
    [InlineData("Train")]
    [InlineData("joined")]
    [InlineData("wanted")]
    [InlineData("memory")]
    [InlineData("samples")]
    [InlineData("engine")]
    public void Inputs_and_outputs_are_called_like_what_the_members_use(string name) =>
        GeneratorHarness.Run($"""
            using NetGen;
            [Network] [Input("{name}", 3), Input("b", 2), From("{name}"), Concat("b"), Dense(4), Output("{name}1"), Dense(3), Softmax, Output("y")]
            [CrossEntropy(Output = "y")]
            public partial class Mlp;

            [Network(3)] [Dense(4), Output("x"), Dense(3), Softmax, Output("{name}")] [CrossEntropy(Output = "{name}")]
            public partial class Other;
            """).ExpectSound();
}
