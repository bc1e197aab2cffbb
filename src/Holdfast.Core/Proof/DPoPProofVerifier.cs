namespace Holdfast;

/// <summary>The twelve checks of RFC 9449 §4.3, cheapest first, signature after everything that costs nothing; used by every door.</summary>
public sealed class DPoPProofVerifier
{
    /// <summary>A verifier of one role. <paramref name="nonces"/> may be null only where the mode is <see cref="NonceMode.Off"/>.</summary>
    public DPoPProofVerifier(VerifierRole role, DPoPProofPolicy policy, VerifierClock clock, IReplayStore replay, DPoPNonces? nonces) =>
        throw new NotImplementedException();

    /// <summary>The policy in force.</summary>
    public DPoPProofPolicy Policy => throw new NotImplementedException();

    /// <summary>Reads and checks; consumes nothing. <paramref name="accessToken"/> is null at the authorization server, where a stray
    /// <c>ath</c> is ignored; <paramref name="boundTo"/> is null where no binding is known yet.</summary>
    public ProofOutcome Verify(FieldLines dpop, string method, IReadOnlyList<HttpTarget> targets, string? accessToken, JwkThumbprint? boundTo,
        VerificationTrace? trace = null) => throw new NotImplementedException();

    /// <summary>Spends a proof that passed <see cref="Verify"/>: the last step, once everything else has passed.</summary>
    public ValueTask<ProofOutcome> SpendAsync(ProofOutcome outcome, CancellationToken cancellationToken, VerificationTrace? trace = null) =>
        throw new NotImplementedException();
}
