namespace Holdfast.Vectors.Cases;

/// <summary>SSL_CLIENT_CERT in X-SSL-Client-Cert and SSL_CLIENT_VERIFY in X-SSL-Client-Verify.</summary>
internal sealed class ApacheCases : ForwardedCases
{
    private const string Cert = "X-SSL-Client-Cert", Verify = "X-SSL-Client-Verify";

    public ApacheCases() : base("apache", "FWD-35, FWD-41")
    {
        Read("success", "A certificate whose chain mod_ssl verified.", [Cert, Client.Spaced], [Verify, "SUCCESS"]);
        Read("generous", "optional_no_ca.", [Cert, Client.Spaced], [Verify, "GENEROUS"]);
        Read("failed", "A self-signed one; the handshake proved its key.", [Cert, Client.Spaced], [Verify, "FAILED:self-signed certificate"]);
        Read("verify-null", "SSL_CLIENT_VERIFY is not exported.", [Cert, Client.Spaced], [Verify, "(null)"]);
        None("null", "What mod_headers writes for an absent variable.", [Cert, "(null)"], [Verify, "NONE"]);
        None("null-twice", "Both variables are absent.", [Cert, "(null)"], [Verify, "(null)"]);
        NoneForUnbound("null-with-unbound-token", "No certificate, and an unbound token.", [Cert, "(null)"], [Verify, "NONE"]);
        Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Spaced], [Verify, "SUCCESS"]);
        Unreadable("none-beside-a-certificate", "NONE beside a certificate: the client's own field got through.", [Cert, Client.Spaced], [Verify, "NONE"]);
        Unreadable("success-without-certificate", "SUCCESS, and no certificate.", [Cert, "(null)"], [Verify, "SUCCESS"]);
        Unreadable("line-twice", "Apache's line and a client's.", [Cert, "(null)"], [Cert, Client.Spaced], [Verify, "NONE"]);
        Unreadable("cut-at-the-first-line", "What expr= makes of the variable.", [Cert, "-----BEGIN CERTIFICATE-----"], [Verify, "SUCCESS"]);
        Unreadable("tabs", "Tabs for line ends.", [Cert, Client.Pem.TrimEnd().Replace('\n', '\t')], [Verify, "SUCCESS"]);
        Unreadable("two-spaces", "Two spaces for a line end.", [Cert, Client.Pem.TrimEnd().Replace("\n", "  ")], [Verify, "SUCCESS"]);
        Unreadable("without-spaces", "No line ends at all.", [Cert, Client.Pem.Replace("\n", "")], [Verify, "SUCCESS"]);
        Unreadable("escaped", "Percent-encoded, as nginx does it.", [Cert, Client.Escaped], [Verify, "SUCCESS"]);
        Unreadable("two-certificates", "Two certificates.", [Cert, $"{Client.Spaced} {Thief.Spaced}"], [Verify, "SUCCESS"]);
        Unreadable("loose-bits", "The unused bits of the last letter are not zero.", [Cert, Client.Spaced.Replace(Client.Base64[^5..], WithLooseBits(Client.Base64)[^5..])], [Verify, "SUCCESS"]);
    }
}
