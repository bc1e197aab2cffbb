using System.Net;
using System.Net.Sockets;

namespace Holdfast.AspNetCore;

/// <summary>One declared listener, ready: whom it trusts and what it reads.</summary>
internal sealed class ForwardedCertificateListener
{
    public required int? Port { get; init; }
    public required string? UnixSocket { get; init; }
    public required string Format { get; init; }
    public required ForwardedCertificateDecoder Decoder { get; init; }
    public required ProxyTrust Trust { get; init; }

    public bool IsEvery => Port is null && UnixSocket is null;

    public bool Has(EndPoint? local) => IsEvery || local switch
    {
        IPEndPoint ip => ip.Port == Port,
        UnixDomainSocketEndPoint unix => string.Equals(unix.ToString(), UnixSocket, StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>True where this field is one that the declared format reads; names are compared without case, and not by what they look like.</summary>
    public bool Reads(string field) => Decoder.Fields.Contains(field, StringComparer.OrdinalIgnoreCase);

    public override string ToString() =>
        IsEvery ? "every listener" : string.Join(" and ", new[] { Port is { } port ? $"port {port}" : null, UnixSocket }.OfType<string>());
}
