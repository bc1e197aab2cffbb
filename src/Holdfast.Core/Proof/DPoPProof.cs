namespace Holdfast;

/// <summary>A proof that was read. Members mirror the claims. Being read proves nothing; see <see cref="ProofOutcome"/>.</summary>
public sealed class DPoPProof
{
    /// <summary>The JWS algorithm.</summary>
    public required string Alg { get; init; }
    /// <summary>The thumbprint of the key in the proof (RFC 7638).</summary>
    public required JwkThumbprint Thumbprint { get; init; }
    /// <summary>The method.</summary>
    public required string Htm { get; init; }
    /// <summary>The URL, canonical.</summary>
    public required HttpTarget Htu { get; init; }
    /// <summary>SHA-256 of the identifier in base64url: what may be logged of it.</summary>
    public required string JtiHash { get; init; }
    /// <summary>The client's time of creation.</summary>
    public required DateTimeOffset Iat { get; init; }
    /// <summary>The instant it is judged by.</summary>
    public required FreshnessAnchor Anchor { get; init; }
    /// <summary>What the replay store files.</summary>
    public required ReplayRecord ReplayRecord { get; init; }
}

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
