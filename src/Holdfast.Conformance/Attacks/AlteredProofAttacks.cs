namespace Holdfast.Conformance;

/// <summary>
/// Attacks with a real proof in which one claim was changed and the signature kept. Each claim is changed into what the request needs, so
/// that nothing but the signature speaks against it.
/// </summary>
internal static class AlteredProofAttacks
{
    public static Attack Ath { get; } = new("altered_ath", "a proof for another token, its ath changed to that of the stolen one", thief =>
        thief.With(thief.Intercepted.ProofForOtherToken().WithClaim("ath", ProofBuilder.AccessTokenHash(thief.Loot.Token))));

    public static Attack Htu { get; } = new("altered_htu", "an intercepted proof, its htu changed to another URL", thief =>
        thief.With(thief.Intercepted.NewProof().WithClaim("htu", thief.Url(thief.OtherPath)), path: thief.OtherPath));

    // Where the API hands out nonces the proof needs one too, or its absence would be the reason.
    public static Attack Iat { get; } = new("altered_iat", "an intercepted proof past its window, its iat changed to now", thief =>
    {
        var proof = thief.Intercepted.OldProof.WithClaim("iat", thief.Now.ToUnixTimeSeconds());
        return thief.With(thief.Nonce is null ? proof : proof.WithClaim("nonce", thief.Nonce));
    });

    public static Attack Nonce { get; } = new("altered_nonce", "an intercepted proof past its window, its nonce changed to the newest one", thief =>
        thief.With(thief.Intercepted.OldProof.WithClaim("nonce", thief.Nonce ?? "made-up")));

    public static Attack Htm { get; } = new("altered_htm", "an intercepted proof, its htm changed to another method", thief =>
        thief.With(thief.Intercepted.NewProof().WithClaim("htm", "POST"), method: "POST"));

    public static Attack Jti { get; } = new("altered_jti", "the captured proof, its jti changed to a new one", thief =>
        thief.With(thief.Loot.Proof.WithClaim("jti", ProofBuilder.RandomId())));
}
