using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Holdfast.Conformance;

/// <summary>What the thief reads of a client with a certificate out of a gateway's log line: the token, and the certificate, which is no secret.</summary>
internal sealed partial record CertificateLoot(string Token, X509Certificate2 Certificate)
{
    /// <summary>A line as gateways write it that log header fields and TLS variables.</summary>
    public static string LogLine(RawRequest call, DateTimeOffset now)
    {
        var authorization = call.Fields.First(field => field.Name == "Authorization").Value;
        var certificate = Uri.EscapeDataString(call.Certificate!.ExportCertificatePem());
        return FormattableString.Invariant(
            $"{now:O} warn gateway[7]: upstream slow, \"{call.Method} {call.Target}\" 200 authorization=\"{authorization}\" ssl_client_escaped_cert=\"{certificate}\"");
    }

    public static CertificateLoot From(string logLine) => TokenAndCertificate().Match(logLine) is { Success: true } match
        ? new(match.Groups["token"].Value, X509Certificate2.CreateFromPem(Uri.UnescapeDataString(match.Groups["certificate"].Value)))
        : throw new DrillFailedException("the captured text holds nothing to steal");

    [GeneratedRegex("authorization=\"Bearer (?<token>[^\"]+)\" ssl_client_escaped_cert=\"(?<certificate>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenAndCertificate();
}
