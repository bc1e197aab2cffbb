using System.Text.Json.Serialization;

namespace Holdfast.Cli.Up;

/// <summary>The content of <c>up.json</c>: everything that a client, a script or a drill needs. Paths are absolute.</summary>
internal sealed record UpDocument
{
    public const string FileName = "up.json";

    [JsonRequired] public required string Issuer { get; init; }
    [JsonRequired] public required string Resource { get; init; }
    [JsonRequired] public required string Audience { get; init; }
    [JsonRequired] public required string Scope { get; init; }
    [JsonRequired] public required string ClientId { get; init; }
    [JsonRequired] public required string ClientKeyPem { get; init; }
    [JsonRequired] public required string ClientKeyJwk { get; init; }
    public string? Signals { get; init; }
    public string? CaPem { get; init; }
    public string? MtlsResource { get; init; }
    public string? MtlsClientId { get; init; }
    public string? MtlsCertificatePem { get; init; }
    public string? MtlsKeyPem { get; init; }
    public string? Admin { get; init; }
    public string? AdminClientId { get; init; }
    public string? AdminKeyPem { get; init; }
    public int? Pid { get; init; }
}
