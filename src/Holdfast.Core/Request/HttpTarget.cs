using Holdfast.Internal;

namespace Holdfast;

/// <summary>
/// A request target without query and fragment, in the one canonical spelling that is compared with <c>htu</c> and filed by
/// the replay check (RFC 9449 §4.3 step 9; RFC 3986 §6.2.2 and §6.2.3; DPOP-V-16 to 21). Parsing is strict: nothing is repaired,
/// so <see cref="Uri"/> is never involved. The canonical spelling parses to itself.
/// </summary>
/// <remarks>
/// Lower-cased: scheme, host. Upper-cased: the hex digits of escapes. Decoded: escapes of unreserved octets, before dot segments are
/// removed. Dropped: default and empty port, query, fragment. Everything else is significant: the case of the path, a trailing
/// slash, <c>//</c>, reserved octets encoded or not, a host's trailing dot. Escapes stand for octets and need not spell UTF-8.
/// IPv4 addresses are compared as text; IPv6 literals in the form of RFC 5952. A U-label becomes an A-label, where it is already
/// in lower case; whatever would first have to be mapped by IDNA is refused.
/// </remarks>
public readonly record struct HttpTarget
{
    /// <summary>The longest target, in characters, query and fragment not counted. Longer ones are refused.</summary>
    public const int MaxLength = 4096;

    private readonly string? _canonical;

    private HttpTarget(string canonical) => _canonical = canonical;

    /// <summary>The canonical spelling, for example <c>https://api.example.com/orders/7</c>. Empty for the default value.</summary>
    public string Canonical => _canonical ?? "";

    /// <summary>Reads an absolute http or https URI strictly; false where it is not one, is relative, or holds what must be refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> uri, out HttpTarget target) => TryParse(uri, null, out target);

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out HttpTarget)"/>, and keeps <paramref name="uri"/> itself where it is
    /// canonical already.</summary>
    public static bool TryParse(string? uri, out HttpTarget target) => TryParse(uri.AsSpan(), uri, out target);

    /// <summary>Joins a public origin (<c>https://host[:port]</c>, or http; nothing behind it, not even a slash) and the raw path of a
    /// request line: empty, or from its <c>/</c> on (a query is allowed and dropped). Absolute-form, <c>*</c> and a fragment are refused.</summary>
    public static bool TryCreate(ReadOnlySpan<char> origin, ReadOnlySpan<char> rawPath, out HttpTarget target)
    {
        int query = rawPath.IndexOf('?');
        ReadOnlySpan<char> path = query < 0 ? rawPath : rawPath[..query];
        target = default;
        // DPOP-V-09, RFC 9449 §4.2: the query takes no part. Browsers leave more characters raw in it than RFC 3986 allows, so
        // only what no request line may hold is refused there.
        if (query >= 0 && !TargetCharacters.IsRequestQuery(rawPath[query..]))
            return false;
        if (origin.Length + path.Length > MaxLength)
            return false;

        var writer = new TargetWriter(NeedsHeap(origin.Length + path.Length, out int size) ? new char[size] : stackalloc char[StackSize]);
        if (!TargetOrigin.TryRead(origin, ref writer, out int end) || end != origin.Length || !TargetPath.TryRead(path, ref writer))
            return false;
        return TryFinish(writer.Written, null, out target);
    }

    private static bool TryParse(ReadOnlySpan<char> uri, string? original, out HttpTarget target)
    {
        // DPOP-V-20, RFC 9449 §4.3 step 9: a client that leaves query or fragment in htu is tolerated; both are dropped.
        int tail = uri.IndexOfAny('?', '#');
        ReadOnlySpan<char> kept = tail < 0 ? uri : uri[..tail];
        target = default;
        if (kept.Length > MaxLength || (tail >= 0 && !TargetCharacters.IsQueryAndFragment(uri[tail..])))
            return false;

        var writer = new TargetWriter(NeedsHeap(kept.Length, out int size) ? new char[size] : stackalloc char[StackSize]);
        if (!TargetOrigin.TryRead(kept, ref writer, out int end) || !TargetPath.TryRead(kept[end..], ref writer))
            return false;
        return TryFinish(writer.Written, original, out target);
    }

    // A host can grow when its labels become A-labels, by less than the 255 characters that a name may have.
    private const int HostGrowth = 256;
    private const int StackSize = 512;

    private static bool NeedsHeap(int length, out int size) => (size = length + HostGrowth) > StackSize;

    private static bool TryFinish(ReadOnlySpan<char> canonical, string? original, out HttpTarget target)
    {
        target = default;
        if (canonical.Length > MaxLength)
            return false;
        target = new(original is not null && canonical.SequenceEqual(original) ? original : canonical.ToString());
        return true;
    }

    /// <summary>Names the first component in which two targets differ: <c>scheme</c>, <c>host</c>, <c>port</c>, <c>path case</c>,
    /// <c>trailing slash</c>, <c>path prefix</c>, <c>percent-encoding</c> or <c>path</c>; null where they are equal.</summary>
    public static string? Difference(HttpTarget expected, HttpTarget seen) => TargetDifference.Between(expected.Canonical, seen.Canonical);

    /// <inheritdoc/>
    public override string ToString() => Canonical;
}
