using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>One client: a machine identity that may obtain tokens (RFC 7591 §2 where the names agree).</summary>
public sealed class IssuerClientOptions
{
    /// <summary>The identifier: 1 to 256 printable ASCII characters.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>
    /// How the client authenticates: <c>private_key_jwt</c> (the default), <c>tls_client_auth</c>, <c>self_signed_tls_client_auth</c>,
    /// <c>none</c>, or where secrets are allowed <c>client_secret_basic</c> and <c>client_secret_post</c>.
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

    /// <summary>The grant types it may use: <c>client_credentials</c>, <c>authorization_code</c>, <c>refresh_token</c>. Unset: <c>client_credentials</c> alone.</summary>
    public IList<string>? GrantTypes { get; set; }

    /// <summary>Where codes may be sent, compared exactly; the port of a loopback one may differ (RFC 8252 §7.3).</summary>
    public IList<string> RedirectUris { get; set; } = [];

    /// <summary>The identifiers of the resources whose tokens it may introspect (RFC 7662): for resource servers.</summary>
    public IList<string> Introspects { get; set; } = [];

    /// <summary>What people are told it is called, on the consent page; unset: the identifier.</summary>
    public string? Name { get; set; }

    /// <summary>Whether people are asked before it gets anything in their name. Default true; false for an application of the operator's own.</summary>
    public bool RequiresConsent { get; set; } = true;

    /// <summary>RFC 9126 §6: its authorization requests are pushed, or refused. Default false.</summary>
    public bool RequirePushedAuthorizationRequests { get; set; }

    /// <summary>The profile it is held to; unset: the issuer's.</summary>
    public SecurityProfile? Profile { get; set; }

    internal string KeysSetting => Jwks is null && JwksUri is not null ? nameof(JwksUri) : Jwks is null ? nameof(JwksFile) : nameof(Jwks);

    internal Client ToClient(string setting, List<string> problems) => new()
    {
        ClientId = ClientId,
        Name = Name,
        AuthenticationMethod = AuthenticationMethod,
        Jwks = ReadKeys(setting, problems),
        JwksUri = JwksUri,
        TlsClientAuthSubjectDn = TlsClientAuthSubjectDn,
        TlsClientAuthSanDns = TlsClientAuthSanDns,
        TlsClientAuthSanUri = TlsClientAuthSanUri,
        TlsClientAuthSanIp = TlsClientAuthSanIp,
        TlsClientAuthSanEmail = TlsClientAuthSanEmail,
        TlsClientCertificateBoundAccessTokens = TlsClientCertificateBoundAccessTokens,
        DPoPBoundAccessTokens = DPoPBoundAccessTokens,
        GrantTypes = [.. GrantTypes ?? [Issuer.GrantTypes.ClientCredentials]],
        RedirectUris = [.. RedirectUris],
        Scopes = [.. Scopes.Distinct(StringComparer.Ordinal)],
        Resources = [.. Resources],
        Introspects = [.. Introspects],
        RequiresConsent = RequiresConsent,
        RequirePushedAuthorizationRequests = RequirePushedAuthorizationRequests,
        Profile = Profile,
    };

    private string? ReadKeys(string setting, List<string> problems)
    {
        if (JwksFile is not null && (Jwks is not null || JwksUri is not null))
            problems.Add($"{setting}: set exactly one of Jwks, JwksFile and JwksUri: the public keys that {AuthenticationMethod} is verified with.");
        if (Jwks is not null || JwksFile is null)
            return Jwks;
        try
        {
            return File.ReadAllText(JwksFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"{setting}:JwksFile: '{JwksFile}' cannot be read: {e.Message}");
            return "";
        }
    }
}
