using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Integration.Tests;

/// <summary>Fields in which somebody claims a certificate that he has seen and whose key he does not have.</summary>
internal static class ForgedCertificate
{
    private const string Marker = "forged";

    /// <summary>Every field of every format, in every spelling that somebody might take for it; each with what belongs beside it.</summary>
    public static IEnumerable<(string Name, string Value)[]> InEverySpelling(X509Certificate2 stolen, Proxy proxy) =>
        from name in ForwardedCertificateFormats.AllFields
        where name is not ("X-SSL-Client-Verify" or "X-SSL-Client-Used" or "X-SSL-Client-Chain" or "Client-Cert-Chain")
        from spell in Spellings
        select ((string, string)[])
        [
            (spell(name), ValueFor(name, stolen, proxy.Name)),
            (spell("X-SSL-Client-Verify"), proxy.Name == "haproxy" ? "0" : "SUCCESS"),
            (spell("X-SSL-Client-Used"), "1"),
        ];

    /// <summary>Everything that only a proxy or the guard may say, each with a value that must not be found behind.</summary>
    public static IEnumerable<(string Name, string Value)> Everything =>
        from name in ForwardedCertificateFormats.AllFields.Concat(
        [
            "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Port", "X-Forwarded-Prefix",
            "X-Original-Method", "X-Original-Scheme", "X-Original-Host", "X-Original-URI", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override",
            "Holdfast-Context", "Holdfast-Status", "Holdfast-Proxy-Secret", "Remote-User", "X-Remote-User",
        ])
        from spell in Spellings.Take(2).Append(Spellings[^1])
        select (spell(name), Marker);

    public static bool IsForged(string value) => value.Contains(Marker, StringComparison.OrdinalIgnoreCase);

    private static readonly Func<string, string>[] Spellings =
    [
        static name => name, static name => name.ToUpperInvariant(), static name => name.ToLowerInvariant(), static name => name.Replace('-', '_'),
    ];

    // As the format of each name has it, and for the names that several share as this proxy writes it.
    private static string ValueFor(string name, X509Certificate2 certificate, string proxy)
    {
        string base64 = Convert.ToBase64String(certificate.RawData), pem = certificate.ExportCertificatePem();
        return (name, proxy) switch
        {
            ("Client-Cert", _) => $":{base64}:",
            ("X-Forwarded-Client-Cert", _) => $"Hash={Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))}",
            ("X-Forwarded-Tls-Client-Cert" or "X-ARR-ClientCert", _) or (_, "haproxy") => base64,
            (_, "apache") => pem.Replace('\n', ' '),
            _ => Uri.EscapeDataString(pem),
        };
    }
}
