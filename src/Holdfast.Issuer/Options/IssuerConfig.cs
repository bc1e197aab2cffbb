using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What the issuer runs by: immutable, made once from validated options.</summary>
internal sealed record IssuerConfig
{
    public required string Issuer { get; init; }
    /// <summary>The path of the issuer without a trailing slash; empty for most.</summary>
    public required string Path { get; init; }
    public required string TokenEndpoint { get; init; }
    public required string IntrospectionEndpoint { get; init; }
    public required string RevocationEndpoint { get; init; }
    public required string JwksUri { get; init; }
    public required string AuthorizationEndpoint { get; init; }
    public required string PushedAuthorizationRequestEndpoint { get; init; }
    /// <summary>The endpoint for pushed requests under each of its names, to be compared with <c>htu</c>.</summary>
    public required HttpTarget[] PushedAuthorizationTargets { get; init; }
    public required HttpTarget TokenTarget { get; init; }
    public required string DataDirectory { get; init; }
    public required TimeSpan AccessTokenLifetime { get; init; }
    public required TimeSpan RefreshTokenIdleLifetime { get; init; }
    public required TimeSpan GrantLifetime { get; init; }
    public required SecurityProfile Profile { get; init; }
    public required bool RequirePushedAuthorizationRequests { get; init; }
    public required IssuerKeyConfig Keys { get; init; }
    public required DPoPProofPolicy ProofPolicy { get; init; }
    public required IReadOnlyList<string> AssertionAlgorithms { get; init; }
    public required bool AllowClientSecrets { get; init; }
    public required IssuerRateLimitConfig RateLimits { get; init; }
    public required bool DangerouslyAllowHttp { get; init; }
    public required bool SingleInstance { get; init; }
    public required bool NoPredecessor { get; init; }
    public required MutualTlsConfig MutualTls { get; init; }
    public required bool DangerouslyAllowInternalJwksUris { get; init; }
    public required ClientCompiler ClientCompiler { get; init; }
    /// <summary>When the last access token has expired that anybody could have got until <paramref name="now"/>, by the clock of a verifier that is a little behind.</summary>
    public DateTimeOffset TokensEndAt(DateTimeOffset now) => now + AccessTokenLifetime + TimeSpan.FromMinutes(1);

    /// <summary>Those of the settings; more are in the registry (<see cref="IssuerSnapshot"/>).</summary>
    public required IReadOnlyDictionary<string, IssuerClient> Clients { get; init; }
    /// <summary>Those of the settings, by <see cref="ResourceIdentifier.Key"/> of each of its names.</summary>
    public required IReadOnlyDictionary<string, IssuerResource> Resources { get; init; }
}
