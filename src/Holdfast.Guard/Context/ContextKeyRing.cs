using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Guard.Internal;

/// <summary>
/// The key that signs, the one that will, and the one that did. All three are published, so that an upstream knows a key for a whole lifetime before it
/// signs and as long after.
/// </summary>
internal sealed record ContextKeyRing(ContextKey Current, ContextKey Next, ContextKey? Previous, DateTimeOffset Since)
{
    /// <summary>Two new keys.</summary>
    public static ContextKeyRing Create(DateTimeOffset now) => new(ContextKey.Create(), ContextKey.Create(), null, now);

    /// <summary>The next key signs from now on, and another is announced.</summary>
    public ContextKeyRing Turn(DateTimeOffset now) => new(Next, ContextKey.Create(), Current, now);

    /// <summary>The published keys (RFC 7517 §5).</summary>
    public byte[] ToJwks()
    {
        var keys = new JsonArray();
        foreach (ContextKey key in new[] { Current, Next, Previous }.OfType<ContextKey>())
        {
            JsonObject jwk = JsonNode.Parse(key.Signer.PublicJwk)!.AsObject();
            jwk["kid"] = key.Kid;
            jwk["use"] = "sig";
            jwk["alg"] = ContextKey.Alg;
            keys.Add(jwk);
        }
        return Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = keys }.ToJsonString());
    }
}
