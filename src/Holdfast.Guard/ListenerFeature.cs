using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>By which listener a connection came. Beside it, that the peer is a proxy: its own certificate is never its client's.</summary>
internal sealed class ListenerFeature(GuardListener listener) : IForwardedCertificateFeature
{
    public GuardListener Listener => listener;

    // FWD-42, RFC 9440 §1: where no format is declared, no client certificate comes by this listener, whatever TLS says of the peer.
    public PresentedCertificate Certificate => PresentedCertificate.None;
}
