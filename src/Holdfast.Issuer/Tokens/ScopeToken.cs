using System.Buffers;

namespace Holdfast.Issuer;

/// <summary>Scopes (RFC 6749 §3.3): tokens of printable ASCII without space, quote and backslash, separated by single spaces.</summary>
internal static class ScopeToken
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    public static bool IsValid(string scope) => scope.Length > 0 && !scope.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>The distinct tokens in order, or null where the list is malformed.</summary>
    public static string[]? ParseList(string scope)
    {
        string[] tokens = scope.Split(' ');
        return Array.TrueForAll(tokens, IsValid) ? [.. tokens.Distinct(StringComparer.Ordinal)] : null;
    }
}
