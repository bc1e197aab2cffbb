using System.Net;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Connections.Features;

namespace Holdfast.Guard.Internal;

/// <summary>By which listener a connection came, and from where. Beside it, that the peer is a proxy: its own certificate is never its client's.</summary>
internal sealed class ListenerFeature(GuardListener listener, EndPoint? local, EndPoint? remote) : IForwardedCertificateFeature, IConnectionEndPointFeature
{
    public GuardListener Listener => listener;

    // FWD-42, RFC 9440 §1: where no format is declared, no client certificate comes by this listener, whatever TLS says of the peer.
    public PresentedCertificate Certificate => PresentedCertificate.None;

    // The socket's own ends: no field of a request can change them.
    public EndPoint? LocalEndPoint { get; set; } = local;

    public EndPoint? RemoteEndPoint { get; set; } = remote;
}
