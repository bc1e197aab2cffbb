using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>
/// A client as it is registered: who it is, who answers for it, how it authenticates and what it may have. Member names on the wire are those of RFC 7591
/// where it has one. Immutable; holds no secret.
/// </summary>
public sealed record Client
{
    /// <summary>The identifier: 1 to 256 printable ASCII characters. Never used for two clients, also after removal.</summary>
    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    /// <summary>What people are told it is called, on the consent page; unset: the identifier.</summary>
    [JsonPropertyName("client_name")]
    public string? Name { get; init; }

    /// <summary>Who answers for it.</summary>
    [JsonPropertyName("owners")]
    public ClientOwners Owners { get; init; } = new();

    /// <summary>By which kind of path its requests come; unset where nobody said.</summary>
    [JsonPropertyName("path_kind")]
    public PathKind? PathKind { get; init; }

    /// <summary>Whether it may be used.</summary>
    [JsonPropertyName("state")]
    public ClientState State { get; init; }

    /// <summary>
    /// How it authenticates: <c>private_key_jwt</c>, <c>tls_client_auth</c>, <c>self_signed_tls_client_auth</c>, <c>none</c> (a public client), or, where the
    /// issuer allows secrets, <c>client_secret_basic</c> or <c>client_secret_post</c>.
    /// </summary>
    [JsonPropertyName("token_endpoint_auth_method")]
    public string AuthenticationMethod { get; init; } = "private_key_jwt";

    /// <summary>Its public keys, a JWK set as JSON text. Exclusive with <see cref="JwksUri"/> (AT-64).</summary>
    [JsonPropertyName("jwks")]
    [JsonConverter(typeof(JsonTextConverter))]
    public string? Jwks { get; init; }

    /// <summary>Where it publishes them.</summary>
    [JsonPropertyName("jwks_uri")]
    public string? JwksUri { get; init; }

    /// <summary>RFC 8705 §2.1.2; for <c>tls_client_auth</c> exactly one of these five is set.</summary>
    [JsonPropertyName("tls_client_auth_subject_dn")]
    public string? TlsClientAuthSubjectDn { get; init; }

    /// <inheritdoc cref="TlsClientAuthSubjectDn"/>
    [JsonPropertyName("tls_client_auth_san_dns")]
    public string? TlsClientAuthSanDns { get; init; }

    /// <inheritdoc cref="TlsClientAuthSubjectDn"/>
    [JsonPropertyName("tls_client_auth_san_uri")]
    public string? TlsClientAuthSanUri { get; init; }

    /// <inheritdoc cref="TlsClientAuthSubjectDn"/>
    [JsonPropertyName("tls_client_auth_san_ip")]
    public string? TlsClientAuthSanIp { get; init; }

    /// <inheritdoc cref="TlsClientAuthSubjectDn"/>
    [JsonPropertyName("tls_client_auth_san_email")]
    public string? TlsClientAuthSanEmail { get; init; }

    /// <summary>RFC 9449 §5.2: no token without a proof. Unset: true, unless a certificate binds.</summary>
    [JsonPropertyName("dpop_bound_access_tokens")]
    public bool? DPoPBoundAccessTokens { get; init; }

    /// <summary>RFC 8705 §3.4: no token without a certificate, and bound to it. Unset: true for a client that authenticates by certificate.</summary>
    [JsonPropertyName("tls_client_certificate_bound_access_tokens")]
    public bool? TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>What it may ask for by: <c>client_credentials</c> where nothing is said.</summary>
    [JsonPropertyName("grant_types")]
    public IReadOnlyList<string> GrantTypes { get; init; } = ["client_credentials"];

    /// <summary>Where codes are sent, compared exactly; the port of a loopback one may differ (RFC 8252 §7.3).</summary>
    [JsonPropertyName("redirect_uris")]
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The scopes it may have, at resources that know them; <c>openid</c> too.</summary>
    [JsonPropertyName("scopes")]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The identifiers of the resources it may call.</summary>
    [JsonPropertyName("resources")]
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>The identifiers of the resources whose tokens it may introspect (RFC 7662): for resource servers.</summary>
    [JsonPropertyName("introspects")]
    public IReadOnlyList<string> Introspects { get; init; } = [];

    /// <summary>RFC 9126 §6: authorization requests are pushed, or refused.</summary>
    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>Whether people are asked before it gets anything in their name. Default true; false for an application of the operator's own.</summary>
    [JsonPropertyName("requires_consent")]
    public bool RequiresConsent { get; init; } = true;

    /// <summary>The profile it is held to; unset: the issuer's. One that is stricter than the issuer's only.</summary>
    [JsonPropertyName("profile")]
    public SecurityProfile? Profile { get; init; }
}
