namespace Holdfast.Issuer;

/// <summary>A refresh token (RFC 6749 §6) and what its use is held to.</summary>
public sealed record RefreshToken
{
    /// <summary>The hash of the token.</summary>
    public required SecretHash Hash { get; init; }

    /// <summary>What it is of.</summary>
    public required string GrantId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string ClientId { get; init; }

    /// <summary>The key that it is bound to (RFC 9449 §5: of public clients); null where to none.</summary>
    public required JwkThumbprint? DPoPJkt { get; init; }

    /// <summary>The certificate that it is bound to (RFC 8705 §4: of public clients); null where to none.</summary>
    public required CertificateThumbprint? X5tS256 { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From when it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was replaced; null while it was not. Set by the store.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }

    /// <summary>What it was replaced by, encrypted under a key that only its holder has. Set by the store.</summary>
    public byte[]? SealedSuccessor { get; init; }
}
