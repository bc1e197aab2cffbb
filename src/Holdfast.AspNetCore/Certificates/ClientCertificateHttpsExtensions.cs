using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Client certificates as proof of possession on an https endpoint of Kestrel.</summary>
public static class ClientCertificateHttpsExtensions
{
    /// <summary>
    /// Asks every client for a certificate at the handshake, takes whichever it has, and lets it in without one too (RFC 8705 §6.1, §6.2). The
    /// handshake proves that the client holds the private key, and nothing is concluded from who signed the certificate or when it ended:
    /// for certificate-bound tokens its thumbprint counts, and the verifier refuses an expired one by name. No certificate becomes an identity.
    /// </summary>
    /// <remarks>
    /// Sets <see cref="HttpsConnectionAdapterOptions.ClientCertificateMode"/> and <see cref="HttpsConnectionAdapterOptions.ClientCertificateValidation"/>, and
    /// has the chain built without fetching anything: a stranger's certificate names the addresses it would be fetched from. Browsers may ask their
    /// user for a certificate here, so give browsers an endpoint of their own (RFC 8705 §6.1). Do not use it on an endpoint whose certificates
    /// authenticate anybody by their issuer, unless, as the token endpoint does, each request has its chain built anew.
    /// </remarks>
    /// <example><c>kestrel.ListenAnyIP(8443, listen => listen.UseHttps(https => https.AcceptClientCertificates()));</c></example>
    public static HttpsConnectionAdapterOptions AcceptClientCertificates(this HttpsConnectionAdapterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // MTLS-39, MTLS-48, RFC 8705 §6.1, RFC 9113 §9.2.3: asked for at the first handshake, since later there is none, and optional.
        options.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        // MTLS-26, MTLS-33, RFC 8705 §4, §6.2: self-signed, unknown and expired ones prove possession as well as any.
        options.ClientCertificateValidation = ClientCertificateChains.Accept;
        Action<ConnectionContext, SslServerAuthenticationOptions>? configured = options.OnAuthenticate;
        options.OnAuthenticate = (connection, tls) =>
        {
            tls.CertificateChainPolicy = WithoutFetching();
            configured?.Invoke(connection, tls);
        };
        return options;
    }

    private static X509ChainPolicy WithoutFetching() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
