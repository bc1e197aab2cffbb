namespace Holdfast.AspNetCore;

/// <summary>
/// Which peers are proxies whose word is taken for what their clients sent. Every factor that is set must hold. Validated at start: a
/// configuration that trusts everybody is refused.
/// </summary>
public sealed class TrustedProxyOptions
{
    /// <summary>
    /// Addresses and networks the proxies connect from: <c>10.1.2.3</c>, <c>10.1.0.0/16</c>, <c>fd00:1::/64</c>. Networks wider than
    /// /8 (IPv4) or /16 (IPv6) are refused, and so is loopback alone: local processes are not all proxies.
    /// </summary>
    public IList<string> Addresses { get; set; } = [];

    /// <summary>True where requests that arrive by a unix socket are the proxy's: the socket's permissions say who may.</summary>
    public bool UnixSocket { get; set; }

    /// <summary>The proxies' own client certificates, by <c>x5t#S256</c>: the base64url SHA-256 of the DER octets. Several, so that they can be renewed.</summary>
    public IList<string> CertificateThumbprints { get; set; } = [];

    /// <summary>
    /// Shared secrets, of which the proxy sends one in the field <c>Holdfast-Proxy-Secret</c>: 32 to 256 printable characters. Several, so
    /// that they can be changed. Over a link that others can read it protects nothing.
    /// </summary>
    public IList<string> Secrets { get; set; } = [];
}
