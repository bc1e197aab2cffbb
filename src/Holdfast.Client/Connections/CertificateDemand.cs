using Holdfast.Client.Certificates;

namespace Holdfast.Client.Connections;

/// <summary>Says of one request that it may only go over a connection that presented this certificate, and learns that it did.</summary>
internal sealed class CertificateDemand
{
    private static readonly HttpRequestOptionsKey<CertificateDemand> Key = new("Holdfast.CertificateDemand");

    private CertificateDemand(CertificateGeneration certificate) => Certificate = certificate;

    public CertificateGeneration Certificate { get; }

    /// <summary>True once the request was answered over such a connection; false where a handler that knows nothing of it answered.</summary>
    public bool IsMet { get; set; }

    public static CertificateDemand Add(HttpRequestMessage request, CertificateGeneration certificate)
    {
        var demand = new CertificateDemand(certificate);
        request.Options.Set(Key, demand);
        return demand;
    }

    public static CertificateDemand? Of(HttpRequestMessage request) => request.Options.TryGetValue(Key, out CertificateDemand? demand) ? demand : null;
}
