namespace Holdfast.Issuer;

/// <summary>Scopes (RFC 6749 §3.3): tokens separated by single spaces.</summary>
internal static class ScopeToken
{
    public static bool IsValid(string scope) => Registry.ScopeToken.IsValid(scope);

    /// <summary>The distinct tokens in order, or null where the list is malformed.</summary>
    public static string[]? ParseList(string scope)
    {
        string[] tokens = scope.Split(' ');
        return Array.TrueForAll(tokens, IsValid) ? [.. tokens.Distinct(StringComparer.Ordinal)] : null;
    }
}
