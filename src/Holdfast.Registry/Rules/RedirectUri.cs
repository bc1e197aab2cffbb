namespace Holdfast.Registry;

/// <summary>Where codes may be sent: what RFC 6749 §3.1.2, RFC 8252 §7 and RFC 9700 §2.1 leave of all URIs.</summary>
public static class RedirectUri
{
    private const int MaxLength = 2048;

    /// <summary>What is wrong with it, as the end of a sentence; null: nothing.</summary>
    /// <param name="uri">The URI as it would be registered.</param>
    /// <param name="pathKind">The kind of path of its client.</param>
    public static string? Problem(string? uri, PathKind? pathKind)
    {
        // RFC 9700 §2.1, §4.1.3: compared exactly, so what is no plain URI would only ever mislead.
        if (uri is not { Length: > 0 and <= MaxLength } || uri.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed)
            || uri[0] == '/')
            return $"is not an absolute URI of at most {MaxLength} printable ASCII characters";
        if (uri.Contains('*', StringComparison.Ordinal))
            return "has a wildcard; register each URI as it is";
        // RFC 6749 §3.1.2: no fragment.
        if (uri.Contains('#', StringComparison.Ordinal))
            return "has a fragment (RFC 6749 §3.1.2)";
        if (parsed.UserInfo.Length > 0)
            return "has user information";
        if (parsed.Scheme == Uri.UriSchemeHttps)
            return parsed.Host.Length > 0 && HasAuthority(uri) ? null : "names no host";
        // RFC 9700 §2.6, RFC 8252 §7.3: codes do not travel in the clear, except inside one machine.
        if (parsed.Scheme == Uri.UriSchemeHttp)
            return HasAuthority(uri) && parsed.IsLoopback ? null : "is plain http; use https, or http on a loopback address";
        // RFC 8252 §7.1: a scheme that the application owns is the reverse of a domain name it owns.
        if (pathKind != PathKind.Mobile)
            return "is not https; a scheme of its own is for an application with path_kind mobile";
        return parsed.Scheme.Contains('.', StringComparison.Ordinal) ? null : "has a scheme without a dot; use the reverse of a domain name, such as com.example.app:/done (RFC 8252 §7.1)";
    }

    // Uri forgives 'https:/x', which a browser reads otherwise.
    private static bool HasAuthority(string uri) => uri.Contains("://", StringComparison.Ordinal) && uri.AsSpan().IndexOf("://") == uri.AsSpan().IndexOf(':');
}
