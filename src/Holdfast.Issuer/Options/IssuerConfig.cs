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
    public required IssuerKeyConfig Keys { get; init; }
    public required DPoPProofPolicy ProofPolicy { get; init; }
    public required IReadOnlyList<string> AssertionAlgorithms { get; init; }
    public required bool AllowClientSecretBasic { get; init; }
    public required bool DangerouslyAllowHttp { get; init; }
    public required bool SingleInstance { get; init; }
    public required bool NoPredecessor { get; init; }
    public required MutualTlsConfig MutualTls { get; init; }
    public required bool DangerouslyAllowInternalJwksUris { get; init; }
    public required ClientCompiler ClientCompiler { get; init; }
    /// <summary>Those of the settings; more are in the registry (<see cref="IssuerSnapshot"/>).</summary>
    public required IReadOnlyDictionary<string, IssuerClient> Clients { get; init; }
    /// <summary>Those of the settings, by <see cref="ResourceIdentifier.Key"/> of each of its names.</summary>
    public required IReadOnlyDictionary<string, IssuerResource> Resources { get; init; }
}
