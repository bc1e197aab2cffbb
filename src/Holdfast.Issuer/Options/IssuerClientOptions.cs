namespace Holdfast.Issuer;

/// <summary>One client: a machine identity that may obtain tokens (RFC 7591 §2 where the names agree).</summary>
public sealed class IssuerClientOptions
{
    /// <summary>The identifier: 1 to 256 printable ASCII characters.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>How the client authenticates: <c>private_key_jwt</c> (the default) or <c>client_secret_basic</c>.</summary>
    public string AuthenticationMethod { get; set; } = ClientAuthenticationMethods.PrivateKeyJwt;

    /// <summary>The client's public keys: a JWK set (RFC 7517 §5) or a single JWK, as JSON.</summary>
    public string? Jwks { get; set; }

    /// <summary>A file with the same, read at start. Exclusive with <see cref="Jwks"/>.</summary>
    public string? JwksFile { get; set; }

    /// <summary>
    /// The SHA-256 of the client's secret, 64 hexadecimal digits. A plain hash is enough for a random secret of 128 bits or more,
    /// and for such only.
    /// </summary>
    public string? ClientSecretSha256 { get; set; }

    /// <summary>
    /// <c>dpop_bound_access_tokens</c> (RFC 9449 §5.2): refuse the client's requests that carry no proof. Default true, unlike the RFC's:
    /// an unbound token is worth as much to its thief as to its owner.
    /// </summary>
    public bool DPoPBoundAccessTokens { get; set; } = true;

    /// <summary>The scopes the client may have, at resources that know them.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>The identifiers of the resources the client may call; at least one.</summary>
    public IList<string> Resources { get; set; } = [];
}
