using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Tests;

/// <summary>A proof whose header, payload and signature can be bent in any way; independent of the product's writer.</summary>
internal sealed class ForgedProof
{
    private readonly ECDsa _key;

    public ForgedProof(ECDsa key, string method, string url, DateTimeOffset iat, string? accessToken = null)
    {
        _key = key;
        ECParameters p = key.ExportParameters(false);
        Header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(p.Q.X!), ["y"] = Base64Url.EncodeToString(p.Q.Y!),
            },
        };
        Payload = new JsonObject
        {
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method, ["htu"] = url, ["iat"] = iat.ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
            Payload["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
    }

    public JsonObject Header { get; }
    public JsonObject Payload { get; }

    public JwkThumbprint Thumbprint
    {
        get
        {
            JsonObject jwk = Header["jwk"]!.AsObject();
            string json = $$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""";
            return new(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        }
    }

    public ForgedProof With(string claim, JsonNode? value)
    {
        Payload[claim] = value;
        return this;
    }

    public ForgedProof WithHeader(string name, JsonNode? value)
    {
        Header[name] = value;
        return this;
    }

    public ForgedProof Without(string claim)
    {
        Payload.Remove(claim);
        return this;
    }

    public string Sign() => Sign(Header.ToJsonString(), Payload.ToJsonString());

    public string Sign(string header, string payload) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public string Sign(byte[] header, byte[] payload)
    {
        string input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }
}
