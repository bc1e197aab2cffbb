using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>A fixed test certificate of <c>vectors/keys</c> with its key, and how it is written down.</summary>
internal sealed class TestCertificate(TestKey key, byte[] der)
{
    public TestKey Key { get; } = key;

    public byte[] Der { get; } = der;

    public string Base64 => Convert.ToBase64String(Der);

    /// <summary>RFC 8705 §3.1.</summary>
    public string Thumbprint => Jws.Encode(SHA256.HashData(Der));

    public string Hex => Convert.ToHexStringLower(SHA256.HashData(Der));

    /// <summary>RFC 8941 §3.3.5.</summary>
    public string Sequence => $":{Base64}:";

    public string Pem => PemOf(Der);

    /// <summary>As nginx and Envoy escape PEM.</summary>
    public string Escaped => EscapedPem(this);

    /// <summary>mod_headers turns line ends into spaces.</summary>
    public string Spaced => Pem.Replace('\n', ' ').TrimEnd();

    public static string PemOf(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";

    public static string EscapedPem(params TestCertificate[] certificates) => Uri.EscapeDataString(string.Concat(certificates.Select(one => one.Pem)));

    /// <summary>As the load balancer of AWS escapes PEM.</summary>
    public static string AwsPem(params TestCertificate[] certificates) => EscapedPem(certificates).Replace("%2B", "+").Replace("%2F", "/").Replace("%3D", "=");

    public static TestCertificate Load(string path) =>
        new(TestKey.Load(path), Convert.FromBase64String((string)JsonNode.Parse(File.ReadAllText(path))!["certificate"]!));

    /// <summary>Writes a new certificate; done once each, the files are the certificates. Self-signed without an issuer.</summary>
    public static byte[] Create(TestKey key, string subject, long notBefore, long notAfter, TestCertificate? issuer, bool isAuthority)
    {
        var name = new X500DistinguishedName(subject);
        CertificateRequest request = key.Private is ECDsa ec
            ? new(name, ec, HashAlgorithmName.SHA256)
            : new(name, (RSA)key.Private, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        X509SignatureGenerator signer = (issuer?.Key ?? key).Private is ECDsa signing
            ? X509SignatureGenerator.CreateForECDsa(signing)
            : X509SignatureGenerator.CreateForRSA((RSA)(issuer?.Key ?? key).Private, RSASignaturePadding.Pkcs1);
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        using X509Certificate2? issuing = issuer is null ? null : X509CertificateLoader.LoadCertificate(issuer.Der);
        return request.Create(issuing?.SubjectName ?? name, signer, DateTimeOffset.FromUnixTimeSeconds(notBefore), DateTimeOffset.FromUnixTimeSeconds(notAfter), serial).RawData;
    }
}
