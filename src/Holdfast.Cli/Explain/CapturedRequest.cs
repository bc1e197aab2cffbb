namespace Holdfast.Cli.Explain;

/// <summary>A request as somebody captured it.</summary>
internal sealed record CapturedRequest
{
    public required string Method { get; init; }

    /// <summary>Path and query as they are written.</summary>
    public required string RawTarget { get; init; }

    /// <summary>Scheme and authority, where the capture says them.</summary>
    public string? Origin { get; init; }

    /// <summary>The field lines in order.</summary>
    public required IReadOnlyList<(string Name, string Value)> Fields { get; init; }

    /// <summary>The client certificate of the connection, where the capture says it.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>The body, where it was captured.</summary>
    public string Body { get; init; } = "";

    /// <summary>The lines of a field.</summary>
    public FieldLines Field(string name) =>
        Fields.Where(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToArray();

    /// <summary>RFC 6750 §2.2, §2.3: a token in the query or in a form.</summary>
    public bool HasTokenOutsideHeader
    {
        get
        {
            int query = RawTarget.IndexOf('?', StringComparison.Ordinal);
            bool isForm = Field("Content-Type").Single is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
            return (query >= 0 && HasToken(RawTarget[(query + 1)..])) || (isForm && HasToken(Body));
        }
    }

    /// <summary>Splits an absolute URL without repairing it; null where it is none.</summary>
    public static (string Origin, string RawTarget)? SplitUrl(string url)
    {
        int authority = url.IndexOf("://", StringComparison.Ordinal);
        if (authority <= 0)
            return null;
        int end = url.AsSpan(authority + 3).IndexOfAny('/', '?', '#');
        return end < 0 ? (url, "") : (url[..(authority + 3 + end)], url[(authority + 3 + end)..]);
    }

    private static bool HasToken(string form) =>
        form.Split('&').Any(pair => string.Equals(Uri.UnescapeDataString(pair.Split('=')[0].Replace('+', ' ')), "access_token", StringComparison.Ordinal));
}
