namespace Holdfast.Registry;

/// <summary>The identifier of a resource (RFC 8707 §2), and its comparison: exact, but <c>https://x</c> and <c>https://x/</c> are the same resource.</summary>
public static class ResourceIdentifier
{
    private const int MaxLength = 2048;

    /// <summary>An absolute URI without fragment, in printable ASCII.</summary>
    public static bool IsValid(string? identifier) =>
        identifier is { Length: > 0 and <= MaxLength }
        && !identifier.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !identifier.Contains('#', StringComparison.Ordinal)
        && Uri.TryCreate(identifier, UriKind.Absolute, out _)
        && identifier.Contains(':', StringComparison.Ordinal) && identifier[0] != '/';

    /// <summary>What is compared: the identifier without the lone slash of an empty path.</summary>
    public static string Key(string identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        int authority = identifier.IndexOf("://", StringComparison.Ordinal) + 3;
        return authority > 3 && identifier.IndexOf('/', authority) == identifier.Length - 1 ? identifier[..^1] : identifier;
    }
}
