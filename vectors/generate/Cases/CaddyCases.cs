namespace Holdfast.Vectors.Cases;

/// <summary>Client-Cert by header_up.</summary>
internal sealed class CaddyCases : ForwardedCases
{
    private const string Cert = "Client-Cert", Placeholder = "{http.request.tls.client.certificate_der_base64}";

    public CaddyCases() : base("caddy", "FWD-39, FWD-41")
    {
        Read("certificate", "The placeholder between colons.", [Cert, Client.Sequence]);
        Read("chain-of-a-client", "Caddy has no placeholder for a chain; a client's is not read.", [Cert, Client.Sequence], ["Client-Cert-Chain", "garbage"]);
        None("placeholder", "What Caddy 2.6 sends for a client without a certificate: the text of the placeholder.", [Cert, $":{Placeholder}:"]);
        None("placeholder-without-colons", "The same without colons.", [Cert, Placeholder]);
        None("placeholder-empty", "The placeholder is empty.", [Cert, "::"]);
        None("empty", "An empty field.", [Cert, ""]);
        NoneForUnbound("placeholder-with-unbound-token", "No certificate, and an unbound token.", [Cert, $":{Placeholder}:"]);
        Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Sequence]);
        Unreadable("other-placeholder", "Another placeholder, which is a mistake in the configuration.", [Cert, ":{http.request.tls.client.certificate_pem}:"]);
        Unreadable("placeholder-and-certificate", "A placeholder before a certificate.", [Cert, $":{Placeholder}{Client.Base64}:"]);
        Unreadable("without-colons", "Bare base64.", [Cert, Client.Base64]);
        Unreadable("line-twice", "Caddy's line and a client's.", [Cert, $":{Placeholder}:"], [Cert, Client.Sequence]);
        Unreadable("list", "Two certificates joined by a comma.", [Cert, $"{Thief.Sequence}, {Client.Sequence}"]);
    }
}
