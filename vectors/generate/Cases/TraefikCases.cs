namespace Holdfast.Vectors.Cases;

/// <summary>X-Forwarded-Tls-Client-Cert of passTLSClientCert.</summary>
internal sealed class TraefikCases : ForwardedCases
{
    private const string Cert = "X-Forwarded-Tls-Client-Cert";

    public TraefikCases() : base("traefik", "FWD-36, FWD-38, FWD-41")
    {
        TestCertificate issued = Certificates.Issued, intermediate = Certificates.Intermediate;
        Read("certificate", "One certificate.", [Cert, Client.Base64]);
        Read("chain", "The leaf first, then the rest of the chain.", issued, [Cert, $"{issued.Base64},{intermediate.Base64}"]);
        Read("escaped", "As older versions escape it.", [Cert, Uri.EscapeDataString(Client.Base64)]);
        Read("escaped-chain", "As older versions escape each certificate.", issued, [Cert, $"{Uri.EscapeDataString(issued.Base64)},{Uri.EscapeDataString(intermediate.Base64)}"]);
        None("absent", "No field: the client had no certificate.");
        None("empty", "An empty field.", [Cert, ""]);
        None("info-alone", "The -Info field is text and no certificate.", ["X-Forwarded-Tls-Client-Cert-Info", Uri.EscapeDataString("Subject=\"CN=orders-client\"")]);
        NoneForUnbound("empty-with-unbound-token", "No certificate, and an unbound token.", [Cert, ""]);
        Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Base64]);
        Another("client-in-the-chain", "The client's certificate stands behind the thief's: only the first was proven.", [Cert, $"{Thief.Base64},{Client.Base64}"]);
        Unreadable("line-twice", "Traefik's line and a client's.", [Cert, Thief.Base64], [Cert, Client.Base64]);
        Unreadable("space-behind-the-comma", "A space behind the comma, as when lines are joined.", [Cert, $"{issued.Base64}, {intermediate.Base64}"]);
        Unreadable("comma-at-the-end", "A comma at the end.", [Cert, Client.Base64 + ","]);
        Unreadable("comma-escaped", "The comma is escaped too.", [Cert, Uri.EscapeDataString($"{issued.Base64},{intermediate.Base64}")]);
        Unreadable("plus-beside-escapes", "A raw plus, which would be a space where the rest is escaped.", [Cert, Client.Base64.Replace("=", "%3D").Replace("/", "%2F")]);
        Unreadable("escaped-twice", "Escaped twice.", [Cert, Uri.EscapeDataString(Uri.EscapeDataString(Client.Base64))]);
        Unreadable("pem", "With its markers.", [Cert, Client.Spaced]);
        Unreadable("byte-sequence", "The form of RFC 9440.", [Cert, Client.Sequence]);
        Unreadable("garbage-in-the-chain", "The second is no certificate.", [Cert, Client.Base64 + ",AAAA"]);
    }
}
