using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer;

/// <summary>The published keys (RFC 7517 §5).</summary>
internal static class JsonWebKeySetDocument
{
    // AT-14, RFC 9068 §4: the keys that sign tokens are published at jwks_uri; LIFE-04, LIFE-03: before their first use, and after their last.
    public static byte[] Write(IssuerKeyRing ring)
    {
        var keys = new JsonArray();
        foreach (KnownKey known in ring.Published)
        {
            JsonObject jwk = JsonNode.Parse(known.Key.PublicJwk)!.AsObject();
            jwk["kid"] = known.Kid;
            // LIFE-02, AT-17, RFC 8725 §3.1: one use and one algorithm a key.
            jwk["use"] = "sig";
            jwk["alg"] = known.Key.Alg;
            keys.Add(jwk);
        }
        return Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = keys }.ToJsonString());
    }
}
