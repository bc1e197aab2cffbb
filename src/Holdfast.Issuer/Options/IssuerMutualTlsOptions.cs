using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Issuer;

/// <summary>What the issuer does with client certificates (RFC 8705). That a listener asks for them is the host's own setting.</summary>
public sealed class IssuerMutualTlsOptions
{
    /// <summary>
    /// The base URL under which clients with certificates reach the issuer (<c>mtls_endpoint_aliases</c>, RFC 8705 §5): https, another host or port
    /// than <see cref="HoldfastIssuerOptions.Issuer"/>, so that browsers are never asked for a certificate. Unset: no aliases.
    /// </summary>
    public string? EndpointAlias { get; set; }

    /// <summary>
    /// The root certificates that <c>tls_client_auth</c> trusts, in PEM, and only these: name few, which issue to your clients with care (RFC 8705
    /// §7.4). The machine's own store is never asked.
    /// </summary>
    public IList<string> TrustedCertificateAuthorities { get; set; } = [];

    /// <summary>PEM files with the same, read at start.</summary>
    public IList<string> TrustedCertificateAuthorityFiles { get; set; } = [];

    /// <summary>
    /// PEM files with intermediate certificates, which help to build a chain to a root and are not trusted for themselves: for clients, resumed
    /// connections and proxies that do not send them.
    /// </summary>
    public IList<string> IntermediateCertificateFiles { get; set; } = [];

    /// <summary>
    /// Whether certificates of <c>tls_client_auth</c> are checked for revocation. <see cref="X509RevocationMode.NoCheck"/> is the default;
    /// <see cref="X509RevocationMode.Online"/> asks the services that they name, <see cref="X509RevocationMode.Offline"/> what is cached on this machine. Where
    /// it is on, a status that cannot be learned is a refusal.
    /// </summary>
    public X509RevocationMode RevocationCheck { get; set; } = X509RevocationMode.NoCheck;
}
