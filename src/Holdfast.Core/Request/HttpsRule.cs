namespace Holdfast;

/// <summary>Where plain http is tolerated: on loopback, where nobody listens in. One rule for issuers, APIs and clients.</summary>
public static class HttpsRule
{
    /// <summary>True for https, and for http on loopback or where <paramref name="dangerouslyAllowHttp"/> says so.</summary>
    public static bool Allows(Uri uri, bool dangerouslyAllowHttp)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (dangerouslyAllowHttp || uri.IsLoopback));
    }
}
