using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>The key of a client, and the JWTs that the client signs with it: an opinion from outside, that shares no code with the product.</summary>
public sealed class CallerKey
{
    private readonly TestKey _key = TestKey.Es256();

    /// <summary>The public key; a copy each time.</summary>
    public JsonObject Jwk => _key.RequiredMembers();

    public string Thumbprint => _key.Thumbprint;

    public JsonObject PrivateJwk
    {
        get
        {
            JsonObject jwk = Jwk;
            jwk["d"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE";
            return jwk;
        }
    }

    public string Jwks(string? kid = null, string? alg = null)
    {
        JsonObject jwk = Jwk;
        if (kid is not null)
            jwk["kid"] = kid;
        if (alg is not null)
            jwk["alg"] = alg;
        return new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString();
    }

    /// <summary>A compact JWS over these texts exactly.</summary>
    public string Sign(string header, string payload) => _key.Sign(header, payload);

    /// <summary>A DPoP proof for the token endpoint (RFC 9449 §4.2).</summary>
    public string Proof(string htu, DateTimeOffset iat, string? nonce = null, Action<JsonObject, JsonObject>? change = null)
    {
        var proof = new TestProof(_key, "POST", htu, iat, nonce: nonce);
        change?.Invoke(proof.Header, proof.Claims);
        return proof.Sign();
    }

    /// <summary>A DPoP proof for a protected resource, with this token (RFC 9449 §7.1).</summary>
    public string Proof(string htm, string htu, DateTimeOffset iat, string accessToken) => new TestProof(_key, htm, htu, iat, accessToken).Sign();

    /// <summary>A client assertion (RFC 7523 §3).</summary>
    public string Assertion(string clientId, string audience, DateTimeOffset iat, Action<JsonObject, JsonObject>? change = null)
    {
        JsonObject header = new() { ["typ"] = "JWT", ["alg"] = "ES256" };
        JsonObject payload = new()
        {
            ["iss"] = clientId, ["sub"] = clientId, ["aud"] = audience, ["jti"] = RandomId(),
            ["iat"] = iat.ToUnixTimeSeconds(), ["exp"] = iat.ToUnixTimeSeconds() + 60,
        };
        change?.Invoke(header, payload);
        return Sign(header.ToJsonString(), payload.ToJsonString());
    }

    /// <summary>The payload of a JWT.</summary>
    public static JsonElement Payload(string jwt) => Part(jwt, 1);

    /// <summary>The header of a JWT.</summary>
    public static JsonElement Header(string jwt) => Part(jwt, 0);

    private static JsonElement Part(string jwt, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[index])).RootElement;

    private static string RandomId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
