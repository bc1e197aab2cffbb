namespace Holdfast.Issuer;

/// <summary>One client: a machine identity that may obtain tokens (RFC 7591 §2 where the names agree).</summary>
public sealed class IssuerClientOptions
{
    /// <summary>The identifier: 1 to 256 printable ASCII characters.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>
    /// How the client authenticates: <c>private_key_jwt</c> (the default), <c>tls_client_auth</c>, <c>self_signed_tls_client_auth</c> or
    /// <c>client_secret_basic</c>.
    /// </summary>
    public string AuthenticationMethod { get; set; } = ClientAuthenticationMethods.PrivateKeyJwt;

    /// <summary>
    /// The client's public keys: a JWK set (RFC 7517 §5) or a single JWK, as JSON. For <c>self_signed_tls_client_auth</c> each with its
    /// certificate in <c>x5c</c>.
    /// </summary>
    public string? Jwks { get; set; }

    /// <summary>A file with the same, read at start. Exclusive with <see cref="Jwks"/> and <see cref="JwksUri"/>.</summary>
    public string? JwksFile { get; set; }

    /// <summary>
    /// Where the client publishes the same (<c>jwks_uri</c>), so that it can change keys and certificates by itself: https, on a host with a public
    /// address. Fetched when first needed, every five minutes of use, and for a key or certificate that is not known, once in ten seconds at most.
    /// </summary>
    public string? JwksUri { get; set; }

    /// <summary>
    /// The SHA-256 of the client's secret, 64 hexadecimal digits. A plain hash is enough for a random secret of 128 bits or more,
    /// and for such only.
    /// </summary>
    public string? ClientSecretSha256 { get; set; }

    /// <summary>
    /// <c>tls_client_auth_subject_dn</c> (RFC 8705 §2.1.2): the subject of the client's certificate as RFC 4514 writes it, the last relative name
    /// first: <c>CN=orders,O=Example,C=DE</c>. Compared as names. For <c>tls_client_auth</c> exactly one of these five is set.
    /// </summary>
    public string? TlsClientAuthSubjectDn { get; set; }

    /// <summary><c>tls_client_auth_san_dns</c>: a DNS name among the subject alternative names. Wildcards are neither taken nor expanded.</summary>
    public string? TlsClientAuthSanDns { get; set; }

    /// <summary><c>tls_client_auth_san_uri</c>: a URI among the subject alternative names, compared exactly; a SPIFFE ID, for instance.</summary>
    public string? TlsClientAuthSanUri { get; set; }

    /// <summary><c>tls_client_auth_san_ip</c>: an IPv4 or IPv6 address among the subject alternative names.</summary>
    public string? TlsClientAuthSanIp { get; set; }

    /// <summary><c>tls_client_auth_san_email</c>: an email address among the subject alternative names.</summary>
    public string? TlsClientAuthSanEmail { get; set; }

    /// <summary>
    /// <c>tls_client_certificate_bound_access_tokens</c> (RFC 8705 §3.4): bind the client's tokens to the certificate it presents, and refuse its
    /// requests that present none. Unset: true for a client that authenticates by certificate, false for others; a certificate that is merely
    /// there binds nothing.
    /// </summary>
    public bool? TlsClientCertificateBoundAccessTokens { get; set; }

    /// <summary>
    /// <c>dpop_bound_access_tokens</c> (RFC 9449 §5.2): refuse the client's requests that carry no proof. Unset: true, unlike the RFC's default,
    /// for every client whose tokens are not bound to a certificate: an unbound token is worth as much to its thief as to its owner. True beside a
    /// certificate binding demands both. A proof that is sent binds in any case.
    /// </summary>
    public bool? DPoPBoundAccessTokens { get; set; }

    /// <summary>The scopes the client may have, at resources that know them.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>The identifiers of the resources the client may call; at least one.</summary>
    public IList<string> Resources { get; set; } = [];
}
