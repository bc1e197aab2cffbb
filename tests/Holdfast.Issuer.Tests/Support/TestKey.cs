using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer.Tests;

/// <summary>A key of a client in a test. It writes JWTs by itself: an opinion from outside, that shares no code with the product.</summary>
public sealed class TestKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestKey()
    {
        ECPoint q = _key.ExportParameters(false).Q;
        Jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(q.X), ["y"] = Base64Url.EncodeToString(q.Y) };
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(
            $$"""{"crv":"P-256","kty":"EC","x":"{{Jwk["x"]}}","y":"{{Jwk["y"]}}"}""")));
    }

    /// <summary>The public key; a copy each time.</summary>
    public JsonObject Jwk { get => field.DeepClone().AsObject(); private init; }

    public string Thumbprint { get; }

    public JsonObject PrivateJwk
    {
        get
        {
            JsonObject jwk = Jwk;
            jwk["d"] = Base64Url.EncodeToString(_key.ExportParameters(true).D);
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

    public string Sign(JsonObject header, JsonObject payload) => Sign(header.ToJsonString(), payload.ToJsonString());

    public string Sign(string header, string payload)
    {
        string input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        byte[] signature = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>A DPoP proof for the token endpoint (RFC 9449 §4.2).</summary>
    public string Proof(string htu, DateTimeOffset iat, string? nonce = null, Action<JsonObject, JsonObject>? change = null)
    {
        JsonObject header = new() { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = Jwk };
        JsonObject payload = new() { ["jti"] = RandomId(), ["htm"] = "POST", ["htu"] = htu, ["iat"] = iat.ToUnixTimeSeconds() };
        if (nonce is not null)
            payload["nonce"] = nonce;
        change?.Invoke(header, payload);
        return Sign(header, payload);
    }

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
        return Sign(header, payload);
    }

    /// <summary>The payload of a JWT.</summary>
    public static JsonElement Payload(string jwt) => Part(jwt, 1);

    /// <summary>The header of a JWT.</summary>
    public static JsonElement Header(string jwt) => Part(jwt, 0);

    private static JsonElement Part(string jwt, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[index])).RootElement;

    private static string RandomId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public void Dispose() => _key.Dispose();
}
