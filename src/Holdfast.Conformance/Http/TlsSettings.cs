using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>How the drill speaks TLS: whom it trusts, and that it presents exactly the certificate it was told to.</summary>
internal static class TlsSettings
{
    /// <summary>Settings for one connection.</summary>
    public static SslClientAuthenticationOptions For(Uri origin, X509Certificate2? certificate, X509Certificate2Collection? authorities) => new()
    {
        TargetHost = origin.DnsSafeHost,
        // Named outright, so that it is sent whichever authorities the server says it knows.
        ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        // A resumed session would bring along the certificate of the connection before.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, server, _, problems) => IsTrusted(server, problems, authorities),
    };

    /// <summary>The name is right, and the chain leads to an authority of the system or to one of the caller's.</summary>
    public static bool IsTrusted(X509Certificate? server, SslPolicyErrors problems, X509Certificate2Collection? authorities)
    {
        if (problems != SslPolicyErrors.RemoteCertificateChainErrors || authorities is null || server is not X509Certificate2 leaf)
            return problems == SslPolicyErrors.None;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(leaf);
    }

    /// <summary>True where the other side ended TLS with an alert (RFC 8446 §6). Only the text of the platform's library tells.</summary>
    public static bool IsAlert(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure.Message.Contains(" alert ", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
