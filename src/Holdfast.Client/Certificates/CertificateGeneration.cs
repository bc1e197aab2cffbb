using System.Net.Security;

namespace Holdfast.Client.Certificates;

/// <summary>
/// One certificate from when it became the current one until the next. Connections and tokens belong to a generation, so that a token is
/// never sent beside another certificate than the one it was issued to (MTLS-22, RFC 8705 §3).
/// </summary>
/// <remarks>Never disposed of: callers, tokens and connections may still hold it. The handles inside have finalizers.</remarks>
internal sealed class CertificateGeneration(CurrentCertificate owner, long number, SslStreamCertificateContext context, CertificateThumbprint thumbprint)
{
    /// <summary>What TLS presents.</summary>
    public SslStreamCertificateContext Context => context;

    /// <summary>What the tokens of this generation are bound to.</summary>
    public CertificateThumbprint Thumbprint => thumbprint;

    /// <summary>True where this one came after the other one of the same client.</summary>
    public bool Supersedes(CertificateGeneration other) => ReferenceEquals(owner, other.Owner) && number > other.Number;

    private CurrentCertificate Owner => owner;

    private long Number => number;
}
