namespace Holdfast;

/// <summary>What a proof says (RFC 9449 §4.2). One object for one proof: a retry is a new request and wants a new one.</summary>
public sealed record DPoPProofClaims
{
    /// <summary>The method, exactly as it goes over the wire.</summary>
    public required string Htm { get; init; }

    /// <summary>
    /// The target URI, absolute, http or https, without query and fragment, spelled as it goes over the wire. Nothing is stripped
    /// in silence: anything else is refused. <see cref="HtuOf"/> makes it from a <see cref="Uri"/>.
    /// </summary>
    public required string Htu { get; init; }

    /// <summary>The time of creation; sent in whole seconds.</summary>
    public required DateTimeOffset Iat { get; init; }

    /// <summary>The access token that the proof accompanies, from which <c>ath</c> is computed; null at the token endpoint.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The newest nonce of the server, or null where it gave none.</summary>
    public string? Nonce { get; init; }

    /// <summary>The identifier. Null, the default, draws 128 random bits.</summary>
    public string? Jti { get; init; }

    /// <summary>The <c>htu</c> of a request to <paramref name="uri"/> that <see cref="System.Net.Http"/> sends.</summary>
    /// <exception cref="ArgumentException">The URI is relative or has another scheme.</exception>
    public static string HtuOf(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("https" or "http"))
            throw new ArgumentException("A proof names an absolute http or https URI.", nameof(uri));
        // DPOP-C-26, RFC 9449 §4.3: already normalised, so that a server which compares text agrees: scheme and host in lower case,
        // no default port, no user information, the path escaped as it is sent.
        string host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost.ToLowerInvariant();
        string port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        string path = uri.AbsolutePath;
        // A URI made without canonicalisation keeps its query in the path.
        int end = path.AsSpan().IndexOfAny('?', '#');
        return $"{uri.Scheme}://{host}{port}{(end < 0 ? path : path[..end])}";
    }
}
