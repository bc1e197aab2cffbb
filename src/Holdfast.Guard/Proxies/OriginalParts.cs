namespace Holdfast.Guard.Internal;

/// <summary>What holds for the parts of an original request, whichever proxy tells them.</summary>
internal static class OriginalParts
{
    /// <summary>Checks scheme, host and URI; an absolute URI must name the same origin and is cut down to its path.</summary>
    public static Refusal? Check(string method, string scheme, string host, string uri, out OriginalCall call)
    {
        call = default;
        if (!scheme.Equals("https", StringComparison.OrdinalIgnoreCase) && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
            return Incomplete("the scheme http or https", scheme);
        if (!HttpTarget.TryCreate($"{scheme}://{host}", "/", out HttpTarget origin))
            return Incomplete("one host, with its port where it has one", host);
        if (uri[0] != '/')
        {
            // FWD-65, RFC 9112 §3.2.2: an absolute target names the host as well; where it names another, the request means two things.
            int authority = uri.IndexOf("://", StringComparison.Ordinal);
            int path = authority < 0 ? -1 : uri.AsSpan(authority + 3).IndexOfAny('/', '?');
            string named = path < 0 ? uri : uri[..(authority + 3 + path)];
            if (authority < 0 || !HttpTarget.TryCreate(named, "/", out HttpTarget target) || target != origin)
                return Incomplete($"a path, or a URL at {origin.Canonical}", uri);
            uri = path < 0 ? "/" : uri[(authority + 3 + path)..];
            if (uri[0] != '/')
                uri = "/" + uri;
        }
        call = new(method, scheme, host, uri);
        return null;
    }

    private static Refusal Incomplete(string expected, string seen) => new(VerificationFailure.OriginalRequestIncomplete, expected, Printable.From(seen));
}
