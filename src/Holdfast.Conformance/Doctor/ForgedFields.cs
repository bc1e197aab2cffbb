using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>A certificate as each of the known proxies would write it into a header, under every name that somebody may believe.</summary>
internal static class ForgedFields
{
    public static IEnumerable<(string Field, string Value)> Of(X509Certificate2 certificate)
    {
        var der = Convert.ToBase64String(certificate.RawData);
        var escaped = Uri.EscapeDataString(PemEncoding.WriteString("CERTIFICATE", certificate.RawData) + "\n");
        var spaced = PemEncoding.WriteString("CERTIFICATE", certificate.RawData).Replace('\n', ' ') + " ";
        var hash = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        return
        [
            // RFC 9440 §2.2, and the look-alikes that some servers fold into the same variable.
            ("Client-Cert", $":{der}:"),
            ("client_cert", $":{der}:"),
            ("X-SSL-Client-Cert", escaped),
            ("X_SSL_Client_Cert", escaped),
            ("X-SSL-Client-Cert", der),
            ("X-SSL-Client-Cert", spaced),
            ("X-Client-Cert", escaped),
            ("SSL-Client-Cert", escaped),
            ("X-Forwarded-Client-Cert", $"Hash={hash};Cert=\"{escaped}\""),
            ("X-Forwarded-Client-Cert", $"Hash={hash}"),
            ("X-Forwarded-Tls-Client-Cert", der),
            ("X-ARR-ClientCert", der),
            ("X-Amzn-Mtls-Clientcert", escaped),
            ("X-Amzn-Mtls-Clientcert-Leaf", escaped),
        ];
    }
}
