namespace Holdfast;

/// <summary>
/// The outcome of a verification. What was <see cref="Recorded"/> is kept apart from what the caller is <see cref="Answered"/>: a
/// late proof is recorded as expired and answered with a nonce challenge.
/// </summary>
public sealed record Verdict
{
    private Verdict() { }

    /// <summary>True where the request may pass.</summary>
    public bool IsAccepted { get; private init; }

    /// <summary>The token: verified, and where <see cref="IsAccepted"/> is true its possession proven or not demanded. Present on refusals that
    /// came after the token was verified, so that the signal can name the client.</summary>
    public AccessToken? Token { get; private init; }

    /// <summary>The proof, where one was read far enough to be described.</summary>
    public DPoPProof? Proof { get; private init; }

    /// <summary>The client certificate, where the token is bound to one; on refusals what was presented in its place, or null.</summary>
    public ClientCertificate? Certificate { get; internal init; }

    /// <summary>What is recorded: the refusal, or in observe mode what <c>require</c> would have refused; null where all is well.</summary>
    public Refusal? Recorded { get; private init; }

    /// <summary>What the caller is told; meaningless where <see cref="IsAccepted"/> is true.</summary>
    public VerificationFailure Answered { get; private init; }

    /// <summary>A nonce for the response's <c>DPoP-Nonce</c> field (with <c>Cache-Control: no-store</c>), or null.</summary>
    public string? OfferNonce { get; private init; }

    /// <summary>True where the caller plainly used <c>Authorization: DPoP</c>; challenges put the error there (RFC 9449 §7.2).</summary>
    public bool UsedDPoPScheme { get; private init; }

    /// <summary>The request may pass.</summary>
    public static Verdict Accept(AccessToken token, DPoPProof? proof, string? offerNonce, Refusal? recorded = null, bool usedDPoPScheme = false)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new() { IsAccepted = true, Token = token, Proof = proof, OfferNonce = offerNonce, Recorded = recorded, UsedDPoPScheme = usedDPoPScheme };
    }

    /// <summary>The request is refused.</summary>
    public static Verdict Refuse(Refusal recorded, VerificationFailure answered, bool usedDPoPScheme, AccessToken? token = null,
        DPoPProof? proof = null, string? offerNonce = null)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return new() { Recorded = recorded, Answered = answered, UsedDPoPScheme = usedDPoPScheme, Token = token, Proof = proof, OfferNonce = offerNonce };
    }
}
