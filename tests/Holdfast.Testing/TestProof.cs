using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Testing;

/// <summary>
/// Builds DPoP proofs (RFC 9449 §4.2) without any of the product's code, so that a mistake there is not repeated here; a test may change
/// or damage every part.
/// </summary>
public sealed class TestProof
{
    public TestProof(TestKey key, string method, string url, DateTimeOffset now, string? accessToken = null, string? nonce = null)
    {
        Key = key;
        Header = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = key.Alg, ["jwk"] = key.RequiredMembers() };
        Claims = new JsonObject
        {
            ["jti"] = TestKey.Encode(RandomNumberGenerator.GetBytes(12)),
            ["htm"] = method,
            ["htu"] = url,
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
            Claims["ath"] = TestKey.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        if (nonce is not null)
            Claims["nonce"] = nonce;
    }

    public TestKey Key { get; set; }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    public TestProof With(string claim, JsonNode? value)
    {
        Claims[claim] = value;
        return this;
    }

    public TestProof WithHeader(string parameter, JsonNode? value)
    {
        Header[parameter] = value;
        return this;
    }

    public TestProof Without(string claim)
    {
        Claims.Remove(claim);
        return this;
    }

    /// <summary>The compact serialization, signed by <see cref="Key"/>.</summary>
    public string Sign() => Key.Sign(Header.ToJsonString(), Claims.ToJsonString());

    public override string ToString() => Sign();
}
