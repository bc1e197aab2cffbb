namespace Holdfast;

/// <summary>The outcome of a proof check.</summary>
/// <param name="Proof">The proof where it passed, or was read far enough to be described.</param>
/// <param name="Recorded">Null where it passed; otherwise what is recorded.</param>
/// <param name="Answered">What the caller is told; meaningless where it passed.</param>
/// <param name="OfferNonce">A nonce for the response, or null.</param>
public readonly record struct ProofOutcome(DPoPProof? Proof, Refusal? Recorded, VerificationFailure Answered, string? OfferNonce)
{
    /// <summary>True where the proof passed. The default value did not.</summary>
    public bool Passed => Proof is not null && Recorded is null;
}
