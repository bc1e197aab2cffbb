namespace Holdfast.AspNetCore;

/// <summary>The names in a context that guards write and upstreams read, and its type.</summary>
internal static class ContextClaims
{
    /// <summary>The request field that carries it.</summary>
    public const string Field = "Holdfast-Context";

    /// <summary>The <c>typ</c>: no other JWT passes for a context (RFC 8725 §3.11).</summary>
    public const string Type = "holdfast-context+jwt";

    /// <summary>The only algorithm.</summary>
    public const string Alg = "ES256";

    /// <summary>The issuer of the access token.</summary>
    public const string TokenIssuer = "token_issuer";

    /// <summary>The method.</summary>
    public const string Htm = "htm";

    /// <summary>The public URL that was verified, canonical.</summary>
    public const string Htu = "htu";

    /// <summary>The raw path as the client sent it.</summary>
    public const string Path = "path";

    /// <summary>SHA-256 of the raw query.</summary>
    public const string QueryHash = "query_hash";

    // What the context says of itself and of the request, and not of the caller.
    private static readonly string[] NotOfTheCaller = ["iss", "aud", "iat", "exp", "jti", TokenIssuer, Htm, Htu, Path, QueryHash];

    /// <summary>True for a claim about the caller.</summary>
    public static bool IsOfTheCaller(string name) => !NotOfTheCaller.Contains(name, StringComparer.Ordinal);

    /// <summary>The hash of a raw query, without its question mark; of nothing where there is none.</summary>
    public static string HashOf(ReadOnlySpan<char> query) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(query.ToString())));
}
