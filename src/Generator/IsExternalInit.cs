namespace System.Runtime.CompilerServices;

/// <summary>Lets the compiler emit records and init properties on netstandard2.0.</summary>
internal static class IsExternalInit
{
}
