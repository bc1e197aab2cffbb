namespace Holdfast.Conformance;

/// <summary>Under which URLs a server behind proxies commonly sees a request that was sent to another: the likeliest first.</summary>
internal static class UrlCandidates
{
    /// <summary>As many as are worth trying.</summary>
    public const int Most = 64;

    private static readonly int[] InternalPorts = [80, 443, 5000, 8000, 8080, 8443, 3000];

    public static IReadOnlyList<string> Of(string url)
    {
        var uri = new Uri(url);
        string[] schemes = uri.Scheme == "https" ? ["http", "https"] : ["https", "http"];
        // The host as it is, with its port and without, then names and ports that only the inside knows.
        string[] authorities =
        [
            uri.Authority, uri.Host, .. InternalPorts.Select(port => $"{uri.Host}:{port}"),
            "localhost", "127.0.0.1", .. InternalPorts.Select(port => $"localhost:{port}"),
        ];
        var candidates = from path in Paths(uri.AbsolutePath)
                         from authority in authorities
                         from scheme in schemes
                         select $"{scheme}://{authority}{path}";
        var simple = from path in Paths(uri.AbsolutePath) from authority in authorities.Take(2) from scheme in schemes select $"{scheme}://{authority}{path}";
        return [.. simple.Concat(candidates).Where(candidate => candidate != uri.GetLeftPart(UriPartial.Path)).Distinct(StringComparer.Ordinal).Take(Most)];
    }

    /// <summary>The base URL to declare: the one that is called, with the path prefix that the API does not see.</summary>
    public static string BaseOf(string called, string? seen)
    {
        var uri = new Uri(called);
        var path = seen is null ? uri.AbsolutePath : new Uri(seen).AbsolutePath;
        var prefix = uri.AbsolutePath.Length > path.Length && uri.AbsolutePath.EndsWith(path, StringComparison.Ordinal) ? uri.AbsolutePath[..^path.Length] : "";
        return uri.GetLeftPart(UriPartial.Authority) + prefix;
    }

    // As it is, without its first segments, and with or without the slash at its end.
    private static IEnumerable<string> Paths(string path)
    {
        yield return path;
        var rest = path;
        for (var cut = rest.IndexOf('/', 1); cut > 0; cut = rest.IndexOf('/', 1))
        {
            rest = rest[cut..];
            yield return rest;
        }

        if (path.Length > 1)
            yield return path.EndsWith('/') ? path[..^1] : path + "/";
    }
}
