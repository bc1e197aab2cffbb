namespace Holdfast.Issuer;

/// <summary>An authorization code (RFC 6749 §4.1) and what its redemption is held to.</summary>
public sealed record AuthorizationCode
{
    /// <summary>The hash of the code.</summary>
    public required SecretHash Hash { get; init; }

    /// <summary>What it is for.</summary>
    public required string GrantId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where it was sent.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>True where the request named it, so that the redemption has to (RFC 6749 §4.1.3).</summary>
    public required bool IsRedirectUriStated { get; init; }

    /// <summary><c>code_challenge</c>, by S256 (RFC 7636).</summary>
    public required string CodeChallenge { get; init; }

    /// <summary><c>dpop_jkt</c>: the key that it is bound to (RFC 9449 §10); null where the request bound it to none.</summary>
    public required JwkThumbprint? DPoPJkt { get; init; }

    /// <summary>The OpenID Connect <c>nonce</c>, for the ID token.</summary>
    public required string? Nonce { get; init; }

    /// <summary>From when it is refused: 60 s after it was issued, at most (FAPI-06).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it was redeemed with; null while it was not. Set by the store.</summary>
    public DateTimeOffset? RedeemedAt { get; init; }
}
