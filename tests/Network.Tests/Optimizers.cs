namespace NetGen.Network.Tests;

/// <summary>Every optimizer of the runtime, found by itself, with its defaults.</summary>
internal static class Optimizers
{
    public static TheoryData<string> Names =>
    [
        .. typeof(Optimizer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)) && !type.IsAbstract)
            .Select(type => type.Name).Order(StringComparer.Ordinal),
    ];

    public static Optimizer Create(string name)
    {
        var constructor = typeof(Optimizer).Assembly.GetType($"NetGen.{name}", throwOnError: true)!.GetConstructors().Single();
        return (Optimizer)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }
}
