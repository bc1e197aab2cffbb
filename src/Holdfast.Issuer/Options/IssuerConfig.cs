namespace Holdfast.Issuer;

/// <summary>What the issuer runs by: immutable, made once from validated options.</summary>
internal sealed record IssuerConfig
{
    public required string Issuer { get; init; }
    /// <summary>The path of the issuer without a trailing slash; empty for most.</summary>
    public required string Path { get; init; }
    public required string TokenEndpoint { get; init; }
    public required string JwksUri { get; init; }
    public required HttpTarget TokenTarget { get; init; }
    public required string DataDirectory { get; init; }
    public required TimeSpan AccessTokenLifetime { get; init; }
    public required DPoPProofPolicy ProofPolicy { get; init; }
    public required IReadOnlyList<string> AssertionAlgorithms { get; init; }
    public required bool AllowClientSecretBasic { get; init; }
    public required bool DangerouslyAllowHttp { get; init; }
    public required bool SingleInstance { get; init; }
    public required bool NoPredecessor { get; init; }
    public required MutualTlsConfig MutualTls { get; init; }
    public required bool DangerouslyAllowInternalJwksUris { get; init; }
    public required IReadOnlyDictionary<string, IssuerClient> Clients { get; init; }
    /// <summary>By <see cref="ResourceIdentifier.Key"/> of each of its names.</summary>
    public required IReadOnlyDictionary<string, IssuerResource> Resources { get; init; }
}

/// <summary>A client as the token endpoint sees it.</summary>
internal sealed record IssuerClient
{
    public required string ClientId { get; init; }
    public required string AuthenticationMethod { get; init; }
    /// <summary>Its keys as configured; null where it has none, or publishes them at <see cref="JwksUri"/>.</summary>
    public required ClientKeySet? Keys { get; init; }
    public required Uri? JwksUri { get; init; }
    /// <summary>The name in its certificate, for <c>tls_client_auth</c>.</summary>
    public required RegisteredSubject? Subject { get; init; }
    public required byte[]? SecretHash { get; init; }
    /// <summary>Tokens are bound to its certificate, or refused.</summary>
    public required bool CertificateBoundAccessTokens { get; init; }
    /// <summary>Tokens are bound to the key of a proof, or refused.</summary>
    public required bool DPoPBoundAccessTokens { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<IssuerResource> Resources { get; init; }
}

/// <summary>A resource; <paramref name="Identifier"/> is the <c>aud</c> of its tokens.</summary>
internal sealed record IssuerResource(string Identifier, IReadOnlyList<string> Scopes);
