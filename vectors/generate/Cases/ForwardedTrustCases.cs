using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>Whose fields are read, and what stands beside them.</summary>
internal sealed class ForwardedTrustCases : CaseTable
{
    private static readonly TestCertificate Client = Certificates.Client;

    public ForwardedTrustCases() : base("certificate-headers")
    {
        BadToken("stranger-client-cert", "FWD-20, FWD-09, RFC 9440 §4", "The client's certificate in a field from somebody who is no trusted proxy.", "certificate_missing",
            s => { s.BindTo(Client); Stranger(s, "rfc9440", ["Client-Cert", Client.Sequence]); });
        BadToken("stranger-xfcc", "FWD-20, FWD-32", "An X-Forwarded-Client-Cert field from somebody who is no trusted proxy.", "certificate_missing",
            s => { s.BindTo(Client); Stranger(s, "envoy-xfcc", ["X-Forwarded-Client-Cert", $"Hash={Client.Hex}"]); });
        BadToken("stranger-every-field", "FWD-20, FWD-21, RFC 9440 §4", "Every field that any proxy writes, in several spellings, from somebody who is no trusted proxy.", "certificate_missing",
            s => { s.BindTo(Client); Stranger(s, "nginx", Everything); });
        Good("stranger-with-unbound-token", "FWD-20", "From a stranger the field is dropped, and an unbound token does not need it.", s => { s.Unbound(); Stranger(s, "rfc9440", ["Client-Cert", Client.Sequence]); });
        Good("stranger-with-garbage", "FWD-20", "From a stranger the field is not even read.", s => { s.Unbound(); Stranger(s, "rfc9440", ["Client-Cert", "garbage"], ["Client-Cert", "garbage"]); });
        Good("stranger-with-a-key", "FWD-20, DPOP-RS-02", "A stranger with a key-bound token and a good proof is nobody's proxy and welcome.", s => Stranger(s, "nginx", ["X-SSL-Client-Cert", "garbage"]));
        BadToken("stranger-by-his-own-certificate", "FWD-42, FWD-20", "On a proxies' listener the certificate of a stranger's own connection does not count either.", "certificate_missing",
            s => { s.BindTo(Client); s.Certificate = Client; Stranger(s, "rfc9440"); });

        BadToken("proxy-certificate-is-not-the-clients", "FWD-42, RFC 9440 §1", "The token is bound to the certificate of the proxy's own connection; its client had none.", "certificate_missing",
            s => { s.BindTo(Client); s.Certificate = Client; s.Forward("rfc9440"); });
        Good("proxy-certificate-beside-the-clients", "FWD-42, RFC 9440 §1", "The proxy proves itself with one certificate and hands on another.",
            s => { s.BindTo(Client); s.Certificate = Certificates.Issued; s.Forward("rfc9440", ["Client-Cert", Client.Sequence]); });
        BadToken("proxy-certificate-beside-the-thiefs", "FWD-42, MTLS-24", "The token is bound to the proxy's own certificate, and its client is the thief.", "certificate_mismatch",
            s => { s.BindTo(Client); s.Certificate = Client; s.Forward("rfc9440", ["Client-Cert", Certificates.Thief.Sequence]); });

        Good("field-and-key", "DPOP-RS-23, MTLS-23", "Bound to both: the proof and a forwarded certificate.", s => { s.BindToBoth(Client); s.Forward("rfc9440", ["Client-Cert", Client.Sequence]); });
        BadToken("field-and-key-without-certificate", "DPOP-RS-23, MTLS-24", "Bound to both, and the proxy hands no certificate on.", "certificate_missing", s => { s.BindToBoth(Client); s.Forward("rfc9440"); });
        BadProof("field-and-key-without-proof", "DPOP-RS-23", "Bound to both, and there is no proof.", "proof_missing", s => { s.BindToBoth(Client); s.Fields = f => [f[0]]; s.Forward("rfc9440", ["Client-Cert", Client.Sequence]); });
        Bad("field-unreadable-with-unbound-token", "FWD-02, FWD-28", "What a trusted proxy garbled is refused whatever the token is bound to.", "certificate_header_unreadable", "invalid_request",
            s => { s.Unbound(); s.Forward("rfc9440", ["Client-Cert", "garbage"]); });
        Bad("field-unreadable-with-key", "FWD-02, FWD-28", "A key-bound token with a good proof does not make up for it.", "certificate_header_unreadable", "invalid_request", s => s.Forward("rfc9440", ["Client-Cert", "garbage"]));
        BadToken("field-with-expired-certificate", "MTLS-44", "A forwarded certificate that has expired.", "certificate_expired", s => { s.BindTo(Certificates.Expired); s.Forward("rfc9440", ["Client-Cert", Certificates.Expired.Sequence]); });
        BadToken("field-of-another-format", "FWD-20, FWD-40", "nginx is declared, and somebody sends what others would send.", "certificate_missing",
            s => { s.BindTo(Client); s.Forward("nginx", ["Client-Cert", Client.Sequence], ["X-Forwarded-Client-Cert", $"Hash={Client.Hex}"], ["X-Forwarded-Tls-Client-Cert", Client.Base64], ["X-ARR-ClientCert", Client.Base64]); });
        BadToken("field-with-underscore", "FWD-21", "Client_Cert is another name.", "certificate_missing", s => { s.BindTo(Client); s.Forward("rfc9440", ["Client_Cert", Client.Sequence]); });
        Good("field-with-underscore-beside", "FWD-21", "Client_Cert beside what the proxy wrote.", s => { s.BindTo(Client); s.Forward("rfc9440", ["Client_Cert", Certificates.Thief.Sequence], ["Client-Cert", Client.Sequence]); });
        Good("field-of-another-name", "FWD-10", "The field's name is declared.", s => { s.BindTo(Client); s.Forward(Named("nginx", "SSL-Cert"), ["SSL-Cert", Client.Escaped]); });
        BadToken("field-of-the-usual-name", "FWD-10", "Another name is declared, so the usual one is not read.", "certificate_missing", s => { s.BindTo(Client); s.Forward(Named("nginx", "SSL-Cert"), ["X-SSL-Client-Cert", Client.Escaped]); });
    }

    private static string[][] Everything =>
    [
        ["Client-Cert", Client.Sequence], ["client_cert", Client.Sequence], ["X-SSL-Client-Cert", Client.Escaped], ["x_ssl_client_cert", Client.Escaped], ["X-SSL-Client-Verify", "SUCCESS"],
        ["X-SSL-Client-Used", "1"], ["X-Forwarded-Client-Cert", $"Hash={Client.Hex}"], ["X-FORWARDED-TLS-CLIENT-CERT", Client.Base64], ["X-Amzn-Mtls-Clientcert", TestCertificate.AwsPem(Client)],
        ["X-Amzn-Mtls-Clientcert-Leaf", TestCertificate.AwsPem(Client)], ["X-ARR-ClientCert", Client.Base64],
    ];

    private static JsonObject Named(string format, string field) => new() { ["format"] = format, ["field"] = field };

    private static void Stranger(Scene s, string format, params string[][] lines)
    {
        s.Forward(format, lines);
        s.Policy["peer"] = "untrusted";
    }
}
