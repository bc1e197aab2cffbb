using System.Text.Json.Serialization;

namespace Holdfast.Issuer;

/// <summary>The answer to an introspection (RFC 7662 §2.2). By default: not active, and nothing more (AT-31).</summary>
internal sealed record IntrospectionAnswer
{
    [JsonPropertyName("active")]
    public bool Active { get; init; }

    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }

    [JsonPropertyName("sub")]
    public string? Subject { get; init; }

    [JsonPropertyName("aud")]
    public string? Audience { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    [JsonPropertyName("exp")]
    public long? Exp { get; init; }

    [JsonPropertyName("iat")]
    public long? Iat { get; init; }

    [JsonPropertyName("jti")]
    public string? Jti { get; init; }

    [JsonPropertyName("token_type")]
    public string? TokenType { get; init; }

    [JsonPropertyName("cnf")]
    public ConfirmationAnswer? Confirmation { get; init; }

    [JsonPropertyName("grant_id")]
    public string? GrantId { get; init; }

    public static IntrospectionAnswer Of(AccessToken token) => new()
    {
        Active = true,
        Issuer = token.Issuer,
        Subject = token.Subject,
        Audience = token.Audience,
        ClientId = token.ClientId,
        Scope = token.Scope,
        Exp = token.Expiry?.ToUnixTimeSeconds(),
        Iat = token.IssuedAt?.ToUnixTimeSeconds(),
        Jti = token.Jti,
        // DPOP-AS-18, RFC 9449 §6.2: DPoP for a token with a key, and for no other.
        TokenType = token.Confirmation.Jkt is null ? "Bearer" : "DPoP",
        // DPOP-AS-17, RFC 9449 §6.2; MTLS-21, RFC 8705 §3.2: what it is bound to, so that the resource can demand it.
        Confirmation = token.Confirmation.IsBound ? new(token.Confirmation.Jkt?.ToString(), token.Confirmation.X5tS256?.ToString()) : null,
        GrantId = token.GrantId,
    };
}

/// <summary>The members of <c>cnf</c> (RFC 9449 §6.1, RFC 8705 §3.1).</summary>
internal sealed record ConfirmationAnswer([property: JsonPropertyName("jkt")] string? Jkt, [property: JsonPropertyName("x5t#S256")] string? X5tS256);
