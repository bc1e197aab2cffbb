namespace Holdfast.Conformance;

/// <summary>What a doctor examines, and as whom: a deployed path, from outside, with a client's own credentials.</summary>
public sealed record DoctorTarget
{
    /// <summary>The URL to call with GET, as clients call it; something that the client may read.</summary>
    public required string Url { get; init; }

    /// <summary>The issuer identifier (RFC 8414 §2).</summary>
    public required string Issuer { get; init; }

    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>The path of its private key for <c>private_key_jwt</c> and proofs; null where it authenticates by certificate alone.</summary>
    public string? ClientKeyPem { get; init; }

    /// <summary>The client that has the certificate, where it is another one than <see cref="ClientId"/>.</summary>
    public string? MtlsClientId { get; init; }

    /// <summary>The paths of its certificate and that certificate's key; null to leave the certificate checks out.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>See <see cref="CertificatePem"/>.</summary>
    public string? CertificateKeyPem { get; init; }

    /// <summary>The path of a certificate authority to trust besides the system's.</summary>
    public string? CaPem { get; init; }

    /// <summary>The resource to ask tokens for (RFC 8707 §2); null to leave it to the issuer.</summary>
    public string? Resource { get; init; }

    /// <summary>The scope to ask for; null to leave it to the issuer.</summary>
    public string? Scope { get; init; }

    /// <summary>The kind of proxy, where the doctor cannot tell: fixes are written for it.</summary>
    public ProxyKind Proxy { get; init; }

    /// <summary>The origin of a browser application that calls the API; null to leave the browser checks out.</summary>
    public string? BrowserOrigin { get; init; }

    internal string Origin => new Uri(Url).GetLeftPart(UriPartial.Authority);

    internal string PathAndQuery => new Uri(Url).PathAndQuery;

    internal string Path => new Uri(Url).AbsolutePath;
}

/// <summary>Which proxy stands before the API.</summary>
public enum ProxyKind
{
    /// <summary>None that can be told.</summary>
    Unknown = 0,
    /// <summary>nginx.</summary>
    Nginx = 1,
    /// <summary>Caddy.</summary>
    Caddy = 2,
    /// <summary>HAProxy.</summary>
    HAProxy = 3,
    /// <summary>Apache httpd.</summary>
    Apache = 4,
    /// <summary>Envoy.</summary>
    Envoy = 5,
    /// <summary>Traefik.</summary>
    Traefik = 6,
}
