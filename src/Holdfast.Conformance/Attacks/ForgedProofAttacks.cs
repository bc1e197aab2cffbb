using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>Attacks with proofs that the thief made himself, each right in everything but the point it attacks.</summary>
internal static class ForgedProofAttacks
{
    public static Attack ThievesKey { get; } = new("proof_by_thief", "a correct proof by the thief's own key", thief =>
        thief.With(thief.Proofs.Sign(thief.Proofs.Header(thief.Key.PublicJwk), thief.Claims())));

    public static Attack TwoProofs { get; } = new("two_proofs", "two DPoP lines: an undelivered proof and one by the thief, in both orders", thief =>
    {
        var forged = thief.Proofs.Sign(thief.Proofs.Header(thief.Key.PublicJwk), thief.Claims()).ToString();
        var real = thief.Intercepted.NewProof().ToString();
        return
        [
            thief.WithoutProof().With("DPoP", real).With("DPoP", forged),
            thief.WithoutProof().With("DPoP", forged).With("DPoP", real),
        ];
    });

    public static Attack AlgorithmNone { get; } = new("alg_none", "an unsigned proof over the client's key: the signature cut off, and alg none", thief =>
    {
        var unsigned = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "none", ["jwk"] = thief.VictimJwk };
        var cut = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = thief.Loot.Proof.HeaderObject["alg"]!.DeepClone(), ["jwk"] = thief.VictimJwk };
        return
        [
            thief.With(CompactJws.Create(cut, thief.Claims(), _ => [])),
            thief.With(CompactJws.Create(unsigned, thief.Claims(), _ => [])),
        ];
    });

    public static Attack PrivateKeyInHeader { get; } = new(
        "jwk_with_private_members", "a jwk with a private member: the thief's own, and the client's with a made-up one", thief =>
    {
        var own = thief.Key.PublicJwk;
        own["d"] = thief.Key.PrivateMember;
        var victims = thief.VictimJwk;
        victims["d"] = thief.Key.PrivateMember;
        return
        [
            thief.With(thief.Proofs.Sign(thief.Proofs.Header(own), thief.Claims())),
            thief.With(thief.Proofs.Sign(thief.Proofs.Header(victims), thief.Claims())),
        ];
    });

    public static Attack OverVictimsKey { get; } = new("signed_over_victims_key", "a proof that names the client's key and is signed by the thief's", thief =>
        thief.With(thief.Proofs.Sign(thief.Proofs.Header(thief.VictimJwk), thief.Claims())));

    // RFC 8725 §2.1: a verifier that lets the token choose may take the public key for a shared secret.
    public static Attack KeyedHash { get; } = new("hs256_with_public_key", "a proof authenticated by HS256 with the client's public key as the secret", thief =>
    [
        .. SigningKey.PublicKeyAsSecret(thief.VictimJwk).Select(secret => thief.With(CompactJws.Create(
            new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "HS256", ["jwk"] = thief.VictimJwk },
            thief.Claims(),
            data => HMACSHA256.HashData(secret, data)))),
    ]);
}
