using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer;

/// <summary>The published keys (RFC 7517 §5).</summary>
internal static class JsonWebKeySetDocument
{
    // AT-14, RFC 9068 §4: the keys that sign tokens are published at jwks_uri.
    public static byte[] Write(SigningKey key)
    {
        JsonObject jwk = JsonNode.Parse(key.PublicJwk)!.AsObject();
        jwk["kid"] = key.Kid;
        jwk["use"] = "sig";
        jwk["alg"] = SigningKey.Alg;
        return Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString());
    }
}
