namespace Holdfast.Issuer;

/// <summary>What an endpoint decided: an answer, or a refusal with what is recorded kept apart from what is answered.</summary>
internal sealed record IssuerDecision
{
    public IssuerAnswer? Answer { get; init; }
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
    /// <summary>The <c>error</c> that is answered in place of the failure's own, or null.</summary>
    public string? Error { get; init; }
    /// <summary>How long to wait before trying again (RFC 9110 §10.2.3); null: a second, where that is said at all.</summary>
    public TimeSpan? RetryAfter { get; init; }
    /// <summary>Decided by a registry that has changed meanwhile; nothing was written, and it is decided again.</summary>
    public bool IsStale { get; init; }

    public static IssuerDecision Refuse(Refusal recorded) => new() { Recorded = recorded, Answered = recorded.Failure };

    public IssuerDecision Refused(Refusal refusal) => this with { Recorded = refusal, Answered = refusal.Failure };

    public IssuerDecision Refused(ProofOutcome outcome) =>
        this with { Recorded = outcome.Recorded ?? Refusal.Unspecified, Answered = outcome.Answered, OfferNonce = outcome.OfferNonce };
}

/// <summary>A good answer: its status and its JSON; empty for none.</summary>
internal sealed record IssuerAnswer(int Status, byte[] Json);
