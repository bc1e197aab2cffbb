using System.Security.Claims;

namespace Holdfast;

/// <summary>A verified access token: signature, issuer, audience and times are already checked; possession is not.</summary>
public sealed record AccessToken
{
    /// <summary>The issuer, exactly as in the token.</summary>
    public required string Issuer { get; init; }

    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The client the token was issued to.</summary>
    public required string ClientId { get; init; }

    /// <summary>The instant from which the token is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the token is bound to (RFC 7800 <c>cnf</c>).</summary>
    public required Confirmation Confirmation { get; init; }

    /// <summary>The hash of the very text it was read from; only <see cref="CachedAccessTokenVerifier"/>, which looked it up by that hash, tells it.</summary>
    internal AccessTokenHash? Hash { get; init; }

    /// <summary>The key that signed it, or null where the token was introspected.</summary>
    public string? KeyId { get; init; }

    /// <summary>The token's identifier, or null.</summary>
    public string? Jti { get; init; }

    /// <summary>The grant it was issued under, or null for foreign issuers.</summary>
    public string? GrantId { get; init; }

    /// <summary>The claims, parsed once a token and shared by every request that presents it: read-only.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];
}
