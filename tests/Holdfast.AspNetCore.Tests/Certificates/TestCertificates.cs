using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>Certificates made on the spot.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Of the server, for 127.0.0.1.</summary>
    public static X509Certificate2 Server { get; } = SelfSigned("127.0.0.1");

    /// <summary>One that nobody signed but itself.</summary>
    public static X509Certificate2 SelfSigned(string name = "client", DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return Usable(request.CreateSelfSigned(notBefore ?? Start, notAfter ?? End));
    }

    /// <summary>One of an authority that the server does not know, and that it may be told to fetch from <paramref name="issuerUrl"/>.</summary>
    public static X509Certificate2 Issued(string issuerUrl)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(Start, End);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([issuerUrl], [issuerUrl]));
        using X509Certificate2 issued = request.Create(authority, Start, End, RandomNumberGenerator.GetBytes(8));
        return Usable(issued.CopyWithPrivateKey(key));
    }

    public static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    // The platform's TLS wants a key that it has loaded itself.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
