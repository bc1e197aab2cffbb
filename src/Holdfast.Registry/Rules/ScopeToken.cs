using System.Buffers;

namespace Holdfast.Registry;

/// <summary>One scope (RFC 6749 §3.3): printable ASCII without space, quote and backslash.</summary>
public static class ScopeToken
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    /// <summary>True where it is one.</summary>
    public static bool IsValid(string? scope) => !string.IsNullOrEmpty(scope) && !scope.AsSpan().ContainsAnyExcept(Allowed);
}
