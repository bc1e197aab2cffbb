namespace Holdfast.AspNetCore;

/// <summary>Hands a made-up proof to a verifier as a request would, twice: accepted once, and refused as a replay.</summary>
/// <remarks>
/// It is not a request, so it is in no meter, signal or log. Its key is its own, so that it counts against nobody's quota and takes one place among the cached keys.
/// </remarks>
internal sealed class ReplaySelfTest(DPoPProofVerifier proofs, IDPoPNonces? nonces, VerifierClock clock)
{
    private const string Method = "GET";

    // RFC 6761 §6.4: nobody's name, so that no client's proof can be for it.
    private static readonly HttpTarget Target = HttpTarget.TryParse("https://replay-self-test.invalid/", out HttpTarget target) ? target : throw new InvalidOperationException("Unreachable.");

    /// <summary>Runs it. Nothing but cancellation, and what the store throws against its contract, is an exception.</summary>
    public async Task<ReplaySelfTestResult> RunAsync(CancellationToken cancellationToken)
    {
        string? nonce = proofs.Policy.NonceMode == NonceMode.Off ? null : nonces?.Current;
        // DPOP-V-32: where every caller would be challenged and no nonce can be had, nobody gets in.
        if (nonce is null && proofs.Policy.NonceMode != NonceMode.Off)
            return new(ReplaySelfTestOutcome.Unavailable, "there is no nonce to offer");
        string proof = await DPoPProofWriter.WriteAsync(ReplaySelfTestKey.For(proofs.Policy.Algorithms),
            new() { Htm = Method, Htu = Target.Canonical, Iat = clock.Now, Nonce = nonce }, cancellationToken);
        ProofOutcome first = await SendAsync(proof, cancellationToken);
        if (!first.Passed)
            return Refused(first);
        ProofOutcome second = await SendAsync(proof, cancellationToken);
        // DPOP-V-27, RFC 9449 §11.1: the same proof again is declined.
        if (second.Passed)
            return new(ReplaySelfTestOutcome.ReplayAccepted, "a made-up proof was accepted twice");
        return second.Recorded!.Failure == VerificationFailure.ProofReplayed ? new(ReplaySelfTestOutcome.Passed, null) : Refused(second);
    }

    private ValueTask<ProofOutcome> SendAsync(string proof, CancellationToken cancellationToken) =>
        proofs.SpendAsync(proofs.Verify(proof, Method, [Target], accessToken: null, boundTo: null), trace: null, cancellationToken);

    private static ReplaySelfTestResult Refused(ProofOutcome outcome) => outcome.Recorded!.Failure switch
    {
        VerificationFailure.ProofFenced => new(ReplaySelfTestOutcome.Fenced, "proofs may have been accepted before the start"),
        VerificationFailure failure => new(ReplaySelfTestOutcome.Unavailable, $"a made-up proof was refused: {FailureCatalog.Get(failure).Name}"),
    };
}
