using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>Builds the assertion of <c>private_key_jwt</c> (RFC 7523 §3, OpenID Connect Core §9).</summary>
public static class ClientAssertion
{
    /// <summary>The value of <c>client_assertion_type</c>.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>An assertion that lives a minute, for one audience: the issuer.</summary>
    public static CompactJws Build(SigningKey key, string clientId, string issuer, DateTimeOffset issuedAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = key.Algorithm };
        var claims = new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = issuer,
            ["jti"] = ProofBuilder.RandomId(),
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
            ["exp"] = (issuedAt + Lifetime).ToUnixTimeSeconds(),
        };
        return CompactJws.Create(header, claims, data => key.Sign(data));
    }
}
