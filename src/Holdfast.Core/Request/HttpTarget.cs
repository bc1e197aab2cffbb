namespace Holdfast;

/// <summary>
/// A request target without query and fragment, in the one canonical spelling that is compared with <c>htu</c> and filed by
/// the replay check (RFC 9449 §4.3 step 9; RFC 3986 §6.2.2 and §6.2.3; DPOP-V-16 to 21).
/// </summary>
public readonly record struct HttpTarget
{
    private readonly string? _canonical;

    private HttpTarget(string canonical) => _canonical = canonical;

    /// <summary>The canonical spelling, for example <c>https://api.example.com/orders/7</c>. Empty for the default value.</summary>
    public string Canonical => _canonical ?? "";

    /// <summary>Reads an absolute http or https URI strictly; false where it is not one, is relative, or holds what must be refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> uri, out HttpTarget target) { target = default; return false; }

    /// <summary>Joins a public origin (<c>https://host[:port]</c>) and the raw path of a request line (query allowed and dropped).</summary>
    public static bool TryCreate(ReadOnlySpan<char> origin, ReadOnlySpan<char> rawPath, out HttpTarget target) { target = default; return false; }

    /// <summary>Names the first component in which two targets differ: <c>scheme</c>, <c>host</c>, <c>port</c>, <c>path case</c>,
    /// <c>trailing slash</c>, <c>path prefix</c>, <c>percent-encoding</c> or <c>path</c>; null where they are equal.</summary>
    public static string? Difference(HttpTarget expected, HttpTarget seen) => null;

    /// <inheritdoc/>
    public override string ToString() => Canonical;
}
