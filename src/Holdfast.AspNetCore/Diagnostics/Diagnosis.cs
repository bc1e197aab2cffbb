using System.Text.Json.Serialization;

namespace Holdfast.AspNetCore;

/// <summary>How an accepted request reached this API.</summary>
internal sealed record Diagnosis
{
    public required DateTimeOffset ServerTime { get; init; }
    public required bool Accepted { get; init; }
    public required string Resource { get; init; }
    public required RequestLine Request { get; init; }
    public required IReadOnlyList<string> PublicUrls { get; init; }
    public required bool UsesForwardedHeaders { get; init; }
    [JsonPropertyName("dpop")]
    public required IReadOnlyList<ProofLine> DPoP { get; init; }
    public required IReadOnlyList<string> AuthorizationSchemes { get; init; }
    public required IReadOnlyList<string> BoundBy { get; init; }
    public required string? Peer { get; init; }
    public required ProxyDiagnosis? Proxy { get; init; }
    public required CertificateDiagnosis? Certificate { get; init; }
    public required IReadOnlyList<string> DroppedCertificateFields { get; init; }
    public required IReadOnlyList<ForwardedField> ForwardedFields { get; init; }
    public required string NonceMode { get; init; }
}

/// <summary>What is told of a request whose target is all that was wrong.</summary>
internal sealed record TargetDiagnosis
{
    public required DateTimeOffset ServerTime { get; init; }
    public required bool Accepted { get; init; }
    public required string Failure { get; init; }
    public required string? Expected { get; init; }
    public required string? Seen { get; init; }
    public required string Fix { get; init; }
    public required RequestLine Request { get; init; }
    public required IReadOnlyList<string> PublicUrls { get; init; }
    public required bool UsesForwardedHeaders { get; init; }
}

/// <summary>What arrived.</summary>
internal sealed record RequestLine(string Method, string RawTarget, string Protocol, string Scheme, string Host);

/// <summary>One DPoP line: enough to compare it with the one that was sent.</summary>
internal sealed record ProofLine(int Length, string Sha256);

/// <summary>The declared proxy listener that the request arrived on, and why its peer is not trusted where it is not.</summary>
internal sealed record ProxyDiagnosis(string Listener, string Format, IReadOnlyList<string> Fields, bool Trusted, string? Expected, string? Seen);

/// <summary>The client certificate that the verifier saw.</summary>
internal sealed record CertificateDiagnosis([property: JsonPropertyName("x5t#S256")] string Thumbprint, bool Forwarded, DateTimeOffset? NotAfter, bool? ChainVerified);

/// <summary>A field that proxies write; its lines only where they say nothing but where a request came from.</summary>
internal sealed record ForwardedField(string Name, IReadOnlyList<string>? Lines);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Diagnosis))]
[JsonSerializable(typeof(TargetDiagnosis))]
internal sealed partial class DiagnosisJsonContext : JsonSerializerContext;
