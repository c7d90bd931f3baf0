namespace NetGen;

/// <summary>Reads and writes single parameters of a flat parameter vector in their documented layout.</summary>
public static class ParameterAccess
{
    /// <summary>Copies a parameter out.</summary>
    /// <param name="info">The network.</param>
    /// <param name="parameters">Its flat parameter vector, in storage order.</param>
    /// <param name="name">For example <c>dense1.weight</c>.</param>
    /// <param name="destination">Receives the parameter, row-major in its documented shape; exactly its length.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the length does not fit.</exception>
    public static void Get(NetworkInfo info, ReadOnlySpan<float> parameters, string name, Span<float> destination)
    {
        ParameterInfo parameter = Find(info, name);
        CheckLength(parameter, destination.Length, nameof(destination));
        ReadOnlySpan<float> stored = parameters.Slice(parameter.Offset, parameter.Length);
        if (parameter.Layout == ParameterLayout.Transposed)
            Transpose(stored, destination, rows: parameter.Length / parameter.Shape[0], columns: parameter.Shape[0]);
        else
            stored.CopyTo(destination);
    }

    /// <summary>Copies a parameter in.</summary>
    /// <param name="info">The network.</param>
    /// <param name="parameters">Its flat parameter vector, in storage order.</param>
    /// <param name="name">For example <c>dense1.weight</c>.</param>
    /// <param name="values">The parameter, row-major in its documented shape; exactly its length.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the length does not fit.</exception>
    public static void Set(NetworkInfo info, Span<float> parameters, string name, ReadOnlySpan<float> values)
    {
        ParameterInfo parameter = Find(info, name);
        CheckLength(parameter, values.Length, nameof(values));
        Span<float> stored = parameters.Slice(parameter.Offset, parameter.Length);
        if (parameter.Layout == ParameterLayout.Transposed)
            Transpose(values, stored, rows: parameter.Shape[0], columns: parameter.Length / parameter.Shape[0]);
        else
            values.CopyTo(stored);
    }

    private static ParameterInfo Find(NetworkInfo info, string name)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(name);
        foreach (ParameterInfo parameter in info.Parameters)
        {
            if (parameter.Name == name)
                return parameter;
        }

        string names = info.Parameters.Count == 0 ? "none" : string.Join(", ", info.Parameters.Select(parameter => parameter.Name));
        throw new ArgumentException($"{info.Name} has no parameter '{name}'; it has {names}.", nameof(name));
    }

    private static void CheckLength(ParameterInfo parameter, int length, string name)
    {
        if (length != parameter.Length)
        {
            throw new ArgumentException(
                $"There are {length} floats for {parameter.Name} [{string.Join(", ", parameter.Shape)}]; "
                + $"{parameter.Length} are needed.", name);
        }
    }

    /// <summary>destination[columns, rows] = sourceᵀ, both row-major.</summary>
    private static void Transpose(ReadOnlySpan<float> source, Span<float> destination, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                destination[(column * rows) + row] = source[(row * columns) + column];
        }
    }
}
