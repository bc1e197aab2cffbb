using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Holdfast.AspNetCore;

/// <summary>
/// The client certificate of a request, the same for every door and for the issuer: where a proxy listener is declared, what a trusted proxy
/// hands on, and otherwise that of the TLS connection, as the server itself tells it. It proves possession and is no identity: nothing of it
/// reaches <c>HttpContext.User</c> (MTLS-27, RFC 8705 §6.2).
/// </summary>
/// <remarks>
/// Needs what <c>AddHoldfast</c>, <c>AddClientCertificates</c> and <c>AddForwardedClientCertificates</c> register. Without it only Kestrel's
/// own TLS over HTTP/1.1 and HTTP/2 is known, and everybody else comes without a certificate.
/// </remarks>
public static class ClientCertificates
{
    private static readonly object ItemKey = new();

    /// <summary>The certificate, nothing, or why what a trusted proxy handed on cannot be read.</summary>
    public static PresentedCertificate Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // FWD-42, RFC 9440 §1: on a proxy's connection the TLS certificate is the proxy's own, and never its client's.
        return context.Features.Get<IForwardedCertificateFeature>() is { } forwarded ? forwarded.Certificate : OfConnection(context);
    }

    /// <summary>That of the TLS connection, whosever it is.</summary>
    // MTLS-23, RFC 8705 §3: from the TLS layer, asked at the handshake. Never by renegotiation, which HTTP/2 and TLS 1.3 do not have (MTLS-48).
    internal static PresentedCertificate OfConnection(HttpContext context)
    {
        if (Told(context) is not { } certificate)
            return PresentedCertificate.None;
        // One connection, one certificate (a resumed session has it too, MTLS-47): read and hashed once, however many requests it carries.
        IDictionary<object, object?>? items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is null)
            return PresentedCertificate.Of(Read(certificate));
        lock (certificate)
        {
            if (items.TryGetValue(ItemKey, out object? known) && known is Kept kept && ReferenceEquals(kept.Source, certificate))
                return kept.Presented;
            var read = new Kept(certificate, PresentedCertificate.Of(Read(certificate)));
            items[ItemKey] = read;
            return read.Presented;
        }
    }

    // FWD-43, RFC 9440 §4: Connection.ClientCertificate is what any middleware may have set, from any header; UseCertificateForwarding does. So
    // the stream is asked, and of other servers and HTTP/3 what they said before the first middleware ran.
    private static X509Certificate2? Told(HttpContext context)
    {
        if (context.Features.Get<ISslStreamFeature>() is not { } tls)
            return OriginalRequest.CertificateOf(context);
        try
        {
            return tls.SslStream.RemoteCertificate as X509Certificate2;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            // The connection was lost meanwhile: nobody is left to answer.
            return null;
        }
    }

    private static ClientCertificate Read(X509Certificate2 certificate) => ClientCertificate.From(certificate, ClientCertificateChains.Of(certificate));

    private sealed record Kept(X509Certificate2 Source, PresentedCertificate Presented);
}

/// <summary>What a proxy handed on, on a listener that is declared a proxy's. Present on every request of such a listener.</summary>
internal interface IForwardedCertificateFeature
{
    /// <summary>The certificate of the proxy's client; none where the peer is not to be trusted.</summary>
    PresentedCertificate Certificate { get; }
}
