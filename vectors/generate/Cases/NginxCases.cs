namespace Holdfast.Vectors.Cases;

/// <summary>$ssl_client_escaped_cert in X-SSL-Client-Cert and $ssl_client_verify in X-SSL-Client-Verify.</summary>
internal sealed class NginxCases : ForwardedCases
{
    private const string Cert = "X-SSL-Client-Cert", Verify = "X-SSL-Client-Verify";

    public NginxCases() : base("nginx", "FWD-22, FWD-23, FWD-24, FWD-41")
    {
        string escaped = Client.Escaped;
        Read("success", "A certificate whose chain nginx verified.", [Cert, escaped], [Verify, "SUCCESS"]);
        Read("failed", "A self-signed one with optional_no_ca: the handshake proved its key.", [Cert, escaped], [Verify, "FAILED:self-signed certificate"]);
        Read("failed-without-reason", "As before nginx 1.11.7.", [Cert, escaped], [Verify, "FAILED"]);
        Read("without-verify", "The certificate alone.", [Cert, escaped]);
        Read("plus-raw", "A plus that is not escaped is a plus.", [Cert, escaped.Replace("%2B", "+")], [Verify, "SUCCESS"]);
        Read("escapes-in-lower-case", "Hexadecimal digits in lower case.", [Cert, System.Text.RegularExpressions.Regex.Replace(escaped, "%[0-9A-F]{2}", m => m.Value.ToLowerInvariant())], [Verify, "SUCCESS"]);
        Read("without-last-line-end", "The last line end is missing.", [Cert, escaped[..^"%0A".Length]], [Verify, "SUCCESS"]);
        None("none", "What nginx 1.22 sends for a client without a certificate.", [Verify, "NONE"]);
        None("none-and-empty", "An empty field beside NONE.", [Cert, ""], [Verify, "NONE"]);
        NoneForUnbound("none-with-unbound-token", "No certificate, and an unbound token.", [Verify, "NONE"]);
        Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Escaped], [Verify, "SUCCESS"]);
        Unreadable("none-beside-a-certificate", "NONE beside a certificate: the client's own field got through.", [Cert, escaped], [Verify, "NONE"]);
        Unreadable("success-without-certificate", "SUCCESS, and no certificate.", [Verify, "SUCCESS"]);
        Unreadable("failed-without-certificate", "FAILED, and no certificate.", [Cert, ""], [Verify, "FAILED:certificate has expired"]);
        Unreadable("word-unknown", "A word that nginx does not say.", [Cert, escaped], [Verify, "success"]);
        Unreadable("verify-twice", "Two words.", [Cert, escaped], [Verify, "SUCCESS"], [Verify, "FAILED:expired"]);
        Unreadable("line-twice", "The proxy's line and a client's.", [Cert, Thief.Escaped], [Cert, escaped], [Verify, "SUCCESS"]);
        Unreadable("folded", "The deprecated $ssl_client_cert, folded by tabs.", [Cert, Client.Pem.TrimEnd().Replace("\n", "\t")], [Verify, "SUCCESS"]);
        Unreadable("spaces", "PEM with spaces for line ends.", [Cert, Client.Spaced], [Verify, "SUCCESS"]);
        Unreadable("escaped-twice", "Escaped twice.", [Cert, Uri.EscapeDataString(escaped)], [Verify, "SUCCESS"]);
        Unreadable("plus-for-space", "A plus for a space, as in forms.", [Cert, escaped.Replace("%20", "+")], [Verify, "SUCCESS"]);
        Unreadable("escape-broken", "An escape without a second digit.", [Cert, escaped + "%0"], [Verify, "SUCCESS"]);
        Unreadable("escape-of-nul", "An escaped NUL behind the certificate.", [Cert, escaped + "%00"], [Verify, "SUCCESS"]);
        Unreadable("carriage-returns", "CRLF.", [Cert, escaped.Replace("%0A", "%0D%0A")], [Verify, "SUCCESS"]);
        Unreadable("two-certificates", "Two certificates.", [Cert, escaped + Thief.Escaped], [Verify, "SUCCESS"]);
        Unreadable("text-before", "Text before the certificate.", [Cert, "subject%3DCN%0A" + escaped], [Verify, "SUCCESS"]);
        Unreadable("text-behind", "Text behind the certificate.", [Cert, escaped + "x"], [Verify, "SUCCESS"]);
        Unreadable("text-behind-the-marker", "A character behind the last marker.", [Cert, escaped[..^"%0A".Length] + "x"], [Verify, "SUCCESS"]);
        Unreadable("other-label", "TRUSTED CERTIFICATE.", [Cert, escaped.Replace("CERTIFICATE", "TRUSTED%20CERTIFICATE")], [Verify, "SUCCESS"]);
        Unreadable("fingerprint", "$ssl_client_fingerprint is SHA-1 and no certificate.", [Cert, Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(Client.Der))], [Verify, "SUCCESS"]);
        Unreadable("bare-base64", "Base64 without PEM around it.", [Cert, Client.Base64], [Verify, "SUCCESS"]);
    }
}
