using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Cli.Up;

/// <summary>What the certificates of <c>up</c> say (RFC 5280 §4.2): nothing that OpenSSL, Node.js, curl or a browser would not take.</summary>
internal static class CertificateProfiles
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>An authority that signs leaves and no further authorities.</summary>
    public static CertificateRequest Authority(ECDsa key)
    {
        CertificateRequest request = Request("Holdfast development CA", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return request;
    }

    /// <summary>A server under the names of this machine.</summary>
    public static CertificateRequest Server(ECDsa key)
    {
        CertificateRequest request = Leaf("localhost", key, ServerAuthentication);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    /// <summary>A client.</summary>
    public static CertificateRequest Client(string name, ECDsa key) => Leaf(name, key, ClientAuthentication);

    private static CertificateRequest Leaf(string name, ECDsa key, string usage)
    {
        CertificateRequest request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        return request;
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
