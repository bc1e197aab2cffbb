namespace Holdfast.Issuer;

/// <summary>What the token endpoint decided: a token, or a refusal with what is recorded kept apart from what is answered.</summary>
internal sealed record TokenDecision
{
    public TokenResponse? Token { get; init; }
    public Refusal Recorded { get; init; } = Refusal.Unspecified;
    public VerificationFailure Answered { get; init; }
    /// <summary>A status that HTTP demands in place of the failure's own (405, 413, 415), or null.</summary>
    public int? Status { get; init; }
    /// <summary>Who called; where client authentication was refused, only by its own word.</summary>
    public string? ClientId { get; init; }
    public DPoPProof? Proof { get; init; }
    /// <summary>What the caller presented; its thumbprint is told in the signal.</summary>
    public ClientCertificate? Certificate { get; init; }
    public string? OfferNonce { get; init; }

    public static TokenDecision Refuse(Refusal recorded) => new() { Recorded = recorded, Answered = recorded.Failure };
}
