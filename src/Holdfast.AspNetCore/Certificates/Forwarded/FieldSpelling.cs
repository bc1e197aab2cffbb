namespace Holdfast.AspNetCore;

/// <summary>
/// Compares field names as the most careless reader behind a proxy would: without case (RFC 9110 §5.1), and with <c>_</c> for <c>-</c>, since
/// CGI and its descendants cannot tell these apart (FWD-21).
/// </summary>
internal sealed class FieldSpelling : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    public static readonly FieldSpelling Comparer = new();

    public bool Equals(string? x, string? y) => x is null ? y is null : y is not null && Equals(x.AsSpan(), y);

    public bool Equals(ReadOnlySpan<char> alternate, string other)
    {
        if (alternate.Length != other.Length)
            return false;
        for (int i = 0; i < alternate.Length; i++)
        {
            if (Fold(alternate[i]) != Fold(other[i]))
                return false;
        }
        return true;
    }

    public int GetHashCode(string obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<char> alternate)
    {
        var hash = new HashCode();
        foreach (char c in alternate)
            hash.Add(Fold(c));
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();

    private static char Fold(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
