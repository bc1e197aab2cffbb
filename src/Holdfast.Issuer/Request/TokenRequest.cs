namespace Holdfast.Issuer;

/// <summary>The parameters of a token request that this issuer reads; null where one was absent or empty (RFC 6749 §3.2).</summary>
internal sealed record TokenRequest
{
    public required string GrantType { get; init; }
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public string? ClientAssertionType { get; init; }
    public string? ClientAssertion { get; init; }
    public string? Scope { get; init; }
    public IReadOnlyList<string> Resources { get; init; } = [];
}
