using System.Net;
using Holdfast.AspNetCore;
using Holdfast.Guard.Internal;

namespace Holdfast.Guard;

/// <summary>One address that is listened on.</summary>
public sealed record GuardListener
{
    internal GuardListener() { }

    /// <summary>As written: <c>127.0.0.1:7400</c>, <c>[::1]:7400</c> or <c>unix:/run/holdfast/guard.sock</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The contracts that are answered here; none where only keys and health are served.</summary>
    public required IReadOnlyList<GuardAdapter> Adapters { get; init; }

    /// <summary>Who the proxies are; null where there are no contracts.</summary>
    public ProxyTrust? Trust { get; init; }

    /// <summary>The same, read.</summary>
    public required EndPoint EndPoint { get; init; }

    /// <summary>The permissions of a unix socket. Default: owner and group.</summary>
    public UnixFileMode SocketMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>How client certificates come by this listener; null where none do.</summary>
    public string? CertificateFormat => ForwardedCertificate?.Format;

    internal ForwardedClientCertificateOptions? ForwardedCertificate { get; init; }
    internal ListenerTls? Tls { get; init; }

    /// <summary>True where tokens may arrive in the clear, beyond loopback.</summary>
    public bool DangerouslyAllowPlaintext { get; init; }

    /// <summary>What the trust asks for, in words.</summary>
    internal IReadOnlyList<string> TrustInWords { get; init; } = [];
}
