using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>
/// The fields in which proxies are known to hand on the certificate of their client, each as a thief would forge it: in the spelling of its
/// documentation, in lower case, with underscores (which some servers take for hyphens), and listed in <c>Connection</c> as for one hop only.
/// </summary>
public static class ForgedFields
{
    /// <summary>One forgery a request: the lines that state that certificate.</summary>
    public static IReadOnlyList<IReadOnlyList<FieldLine>> Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        List<IReadOnlyList<FieldLine>> forgeries = [];
        foreach (var field in Documented(certificate))
        {
            foreach (var name in Spellings(field.Name))
                forgeries.Add([new FieldLine(name, field.Value), .. Companions(name)]);
            forgeries.Add([field, new FieldLine("Connection", field.Name)]);
        }

        return forgeries;
    }

    private static IEnumerable<FieldLine> Documented(X509Certificate2 certificate)
    {
        var pem = certificate.ExportCertificatePem();
        var (base64, escaped) = (Convert.ToBase64String(certificate.RawData), Uri.EscapeDataString(pem));
        var hash = Convert.ToHexStringLower(certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256));
        // RFC 9440 §2.2.
        yield return new("Client-Cert", $":{base64}:");
        // nginx ($ssl_client_escaped_cert), and many that copied the name.
        yield return new("X-SSL-Client-Cert", escaped);
        yield return new("SSL-Client-Cert", escaped);
        yield return new("X-Client-Cert", escaped);
        // HAProxy (ssl_c_der,base64).
        yield return new("X-SSL-Client-DER", base64);
        // Apache, whose line breaks become spaces.
        yield return new("X-SSL-Client-Certificate", pem.ReplaceLineEndings(" "));
        // Envoy.
        yield return new("X-Forwarded-Client-Cert", $"Hash={hash};Cert=\"{escaped}\"");
        // Traefik.
        yield return new("X-Forwarded-Tls-Client-Cert", base64);
        // Caddy (tls_client_certificate_der_base64), by the name of its examples.
        yield return new("X-Client-Certificate", base64);
        // Azure.
        yield return new("X-ARR-ClientCert", base64);
        // AWS, which leaves + = / as they are.
        yield return new("X-Amzn-Mtls-Clientcert", escaped.Replace("%2B", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal));
        yield return new("X-Amzn-Mtls-Clientcert-Leaf", escaped);
    }

    private static IEnumerable<string> Spellings(string name) => [name, name.ToLowerInvariant(), name.Replace('-', '_')];

    // What such proxies say besides: that they verified it.
    private static IEnumerable<FieldLine> Companions(string name) =>
        name == "X-SSL-Client-Cert" ? [new("X-SSL-Client-Verify", "SUCCESS")] : [];
}
