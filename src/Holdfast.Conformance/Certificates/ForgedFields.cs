using System.Security.Cryptography;
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
        var hash = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        // RFC 9440 §2.2.
        yield return new("Client-Cert", $":{base64}:");
        // nginx ($ssl_client_escaped_cert), HAProxy and Caddy (base64 of the DER), Apache (whose line breaks become spaces), by the usual name.
        yield return new("X-SSL-Client-Cert", escaped);
        yield return new("X-SSL-Client-Cert", base64);
        yield return new("X-SSL-Client-Cert", pem.ReplaceLineEndings(" "));
        // Envoy.
        yield return new("X-Forwarded-Client-Cert", $"Hash={hash};Cert=\"{escaped}\"");
        // Traefik.
        yield return new("X-Forwarded-Tls-Client-Cert", base64);
        // Azure.
        yield return new("X-ARR-ClientCert", base64);
        // AWS, which leaves + = / as they are.
        yield return new("X-Amzn-Mtls-Clientcert", LikeAws(escaped));
        yield return new("X-Amzn-Mtls-Clientcert-Leaf", LikeAws(escaped));
    }

    private static string LikeAws(string escaped) => escaped
        .Replace("%2B", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal);

    private static IEnumerable<string> Spellings(string name) => [name, name.ToLowerInvariant(), name.Replace('-', '_')];

    // What such proxies say besides: that they verified it.
    private static IEnumerable<FieldLine> Companions(string name) =>
        name == "X-SSL-Client-Cert" ? [new("X-SSL-Client-Verify", "SUCCESS")] : [];
}
