namespace Holdfast.AspNetCore;

/// <summary>
/// One refusal, or in observe mode one acceptance that <c>require</c> would have refused, as security tooling wants it. Holds no
/// token, proof or key: thumbprints, and the identifier of the proof as a hash.
/// </summary>
public sealed record VerificationSignal
{
    /// <summary>What was recorded, with its stable name, severity, owner, likely cause and fix.</summary>
    public required FailureInfo Failure { get; init; }

    /// <summary>What the caller was answered: the same, except for a challenge in place of a refusal.</summary>
    public required FailureInfo Answered { get; init; }

    /// <summary>False where the request went on nonetheless: in observe mode, by an exemption, or without the field that was dropped from it.</summary>
    public required bool Refused { get; init; }

    /// <summary>At a resource or at the authorization server.</summary>
    public required VerifierRole Role { get; init; }

    /// <summary>The resource's name, or the issuer.</summary>
    public required string Resource { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The method the client sent; bounded and printable.</summary>
    public required string Method { get; init; }

    /// <summary>The path the client sent, without its query; bounded and printable.</summary>
    public required string Path { get; init; }

    /// <summary>The client of the verified token, or null where none was verified.</summary>
    public string? ClientId { get; init; }

    /// <summary>The subject of the verified token, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>The thumbprint of the key in the proof, or null.</summary>
    public string? ProofThumbprint { get; init; }

    /// <summary>The thumbprint that the token is bound to, or null.</summary>
    public string? ExpectedThumbprint { get; init; }

    /// <summary>The thumbprint (<c>x5t#S256</c>) of the client certificate that was presented: at a resource for a token that is bound to one, at the
    /// authorization server with any request; or null.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>The certificate thumbprint that the token is bound to, or null.</summary>
    public string? ExpectedCertificateThumbprint { get; init; }

    /// <summary>SHA-256 of the proof's identifier, or null.</summary>
    public string? JtiHash { get; init; }

    /// <summary>What the check wanted, or null.</summary>
    public string? Expected { get; init; }

    /// <summary>What was presented, or null.</summary>
    public string? Seen { get; init; }

    /// <summary>The trace the request belongs to, or the server's own name for the request.</summary>
    public string? TraceId { get; init; }
}
