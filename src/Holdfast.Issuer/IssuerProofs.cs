namespace Holdfast.Issuer;

/// <summary>The one proof verifier, in the role of an authorization server, with its own nonces and replay records.</summary>
internal sealed class IssuerProofs(IssuerConfig config, IssuerClock clock, IReplayStore replay)
{
    // DPOP-AS-23, DPOP-AS-29, RFC 9449 §8: nonces of this role, from a random key that lives and dies with the process.
    public DPoPProofVerifier Verifier { get; } = new(VerifierRole.AuthorizationServer, config.ProofPolicy, clock.Clock, replay,
        config.ProofPolicy.NonceMode == NonceMode.Off ? null : DPoPNonces.CreateForProcess(clock.Clock, VerifierRole.AuthorizationServer));
}
