namespace Holdfast;

/// <summary>The one verifier: credentials, token, binding, proof, replay, in this order. Nothing is consumed before everything else passed.</summary>
public sealed class RequestVerifier(IAccessTokenVerifier tokens, DPoPProofVerifier proofs, VerifierClock clock)
{
    /// <summary>Verifies. Bad input and store faults are verdicts, never exceptions; cancellation throws.</summary>
    public ValueTask<Verdict> VerifyAsync(PresentedRequest request, ResourceConfig resource, CancellationToken cancellationToken) =>
        VerifyAsync(request, resource, null, cancellationToken);

    /// <summary>The same, and records each check that passed.</summary>
    public ValueTask<Verdict> VerifyAsync(PresentedRequest request, ResourceConfig resource, VerificationTrace? trace, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
