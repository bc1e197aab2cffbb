using System.Security.Cryptography.X509Certificates;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>How each proxy writes a certificate.</summary>
internal static class ForwardedLines
{
    public static IEnumerable<string> Formats => ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf);

    public static string[] Of(string format, X509Certificate2 certificate)
    {
        string base64 = Convert.ToBase64String(certificate.RawData), pem = certificate.ExportCertificatePem() + "\n";
        return format switch
        {
            "rfc9440" or "caddy" => [$"Client-Cert: :{base64}:"],
            "nginx" => [$"X-SSL-Client-Cert: {Uri.EscapeDataString(pem)}", "X-SSL-Client-Verify: FAILED:self-signed certificate"],
            "envoy-xfcc" => [$"X-Forwarded-Client-Cert: Hash={Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData))};Cert=\"{Uri.EscapeDataString(pem)}\""],
            "haproxy" => [$"X-SSL-Client-Cert: {base64}", "X-SSL-Client-Used: 1", "X-SSL-Client-Verify: 18"],
            "apache" => [$"X-SSL-Client-Cert: {pem.ReplaceLineEndings(" ")}", "X-SSL-Client-Verify: GENEROUS"],
            "traefik" => [$"X-Forwarded-Tls-Client-Cert: {base64}"],
            "aws-alb" => [$"X-Amzn-Mtls-Clientcert: {Uri.EscapeDataString(pem).Replace("%2B", "+").Replace("%3D", "=").Replace("%2F", "/")}"],
            "azure-arr" => [$"X-ARR-ClientCert: {base64}"],
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not known."),
        };
    }
}
