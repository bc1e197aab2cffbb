using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>
/// Builds DPoP proofs (RFC 9449 §4.2) with one key. It shares nothing with the product: what it gets wrong, the product does not get wrong
/// in the same way.
/// </summary>
public sealed class ProofBuilder(SigningKey key)
{
    /// <summary>A correct proof, signed.</summary>
    /// <param name="method">The claim <c>htm</c>.</param>
    /// <param name="url">The claim <c>htu</c>; a query is left out.</param>
    /// <param name="issuedAt">The claim <c>iat</c>, cut to seconds.</param>
    /// <param name="accessToken">The token whose hash goes into <c>ath</c>; null at a token endpoint.</param>
    /// <param name="nonce">The claim <c>nonce</c>, where the server gave one.</param>
    public CompactJws Build(string method, string url, DateTimeOffset issuedAt, string? accessToken = null, string? nonce = null) =>
        Sign(Header(key.PublicJwk), Claims(method, url, issuedAt, accessToken, nonce));

    /// <summary>Signs whatever it is given: for headers and claims that a correct proof does not have.</summary>
    public CompactJws Sign(JsonObject header, JsonObject claims) => CompactJws.Create(header, claims, data => key.Sign(data));

    /// <summary>The header of a correct proof that names <paramref name="jwk"/>.</summary>
    public JsonObject Header(JsonObject jwk) => new() { ["typ"] = "dpop+jwt", ["alg"] = key.Algorithm, ["jwk"] = jwk };

    /// <summary>The claims of a correct proof, with a <c>jti</c> of 128 random bits.</summary>
    public static JsonObject Claims(string method, string url, DateTimeOffset issuedAt, string? accessToken = null, string? nonce = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        var claims = new JsonObject
        {
            ["jti"] = RandomId(),
            ["htm"] = method,
            ["htu"] = url.Split('?', '#')[0],
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
            claims["ath"] = AccessTokenHash(accessToken);
        if (nonce is not null)
            claims["nonce"] = nonce;
        return claims;
    }

    /// <summary><c>ath</c>: base64url(SHA-256(ASCII(token))) (RFC 9449 §4.2).</summary>
    public static string AccessTokenHash(string accessToken) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));

    internal static string RandomId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
