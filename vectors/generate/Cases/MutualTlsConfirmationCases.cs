using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>What x5t#S256 must be, each on a connection with the certificate that is meant.</summary>
internal sealed class MutualTlsConfirmationCases : CaseTable
{
    public MutualTlsConfirmationCases() : base("mtls")
    {
        Malformed("hexadecimal", "The hash in hexadecimal.", Certificates.Client.Hex);
        Malformed("padded", "Padded base64url.", Certificates.Client.Thumbprint + "=");
        Malformed("short", "It lacks a character.", Certificates.Client.Thumbprint[..^1]);
        Malformed("long", "It has a character too many.", Certificates.Client.Thumbprint + "A");
        Malformed("empty", "An empty string.", "");
        Malformed("null", "null.", null);
        Malformed("number", "A number.", 7);
        Malformed("array", "An array of the right one.", new JsonArray(Certificates.Client.Thumbprint));
        Malformed("in-the-other-alphabet", "Base64 instead of base64url.", Convert.ToBase64String(SHA256.HashData(Certificates.Client.Der)).TrimEnd('='));
        Malformed("with-loose-bits", "The unused bits of the last character are not zero: one hash has one spelling.", Certificates.Client.Thumbprint[..^1] + (char)(Certificates.Client.Thumbprint[^1] + 1));
        Malformed("with-a-line-break", "A line break at the end.", Certificates.Client.Thumbprint + "\n");

        Mismatch("of-the-pem", "The hash of the PEM text instead of the DER octets.", SHA256.HashData(Encoding.ASCII.GetBytes(Certificates.Client.Pem)));
        Mismatch("of-the-base64", "The hash of the base64 text instead of the DER octets.", SHA256.HashData(Encoding.ASCII.GetBytes(Certificates.Client.Base64)));
        Mismatch("of-the-public-key", "The hash of the public key instead of the certificate.", SHA256.HashData(PublicKey(Certificates.Client)));
        Mismatch("of-the-hexadecimal-text", "The hash was taken twice: of the hexadecimal text of the hash.", SHA256.HashData(Encoding.ASCII.GetBytes(Certificates.Client.Hex)));

        Other("sha-1", "The SHA-1 thumbprint x5t (RFC 7515 §4.1.7) is no confirmation.", new JsonObject { ["x5t"] = Jws.Encode(SHA1.HashData(Certificates.Client.Der)) }, "confirmation_unsupported");
        Other("in-other-case", "X5T#S256: names of members are case-sensitive.", new JsonObject { ["X5T#S256"] = Certificates.Client.Thumbprint }, "confirmation_unsupported");
        Other("beside-an-unknown-member", "A member that nobody can enforce beside an x5t#S256 that fits.", new JsonObject { ["x5t#S256"] = Certificates.Client.Thumbprint, ["x-factor"] = "7" }, "confirmation_unsupported");
        Other("beside-sha-1", "x5t beside x5t#S256.", new JsonObject { ["x5t#S256"] = Certificates.Client.Thumbprint, ["x5t"] = Jws.Encode(SHA1.HashData(Certificates.Client.Der)) }, "confirmation_unsupported");
        Other("beside-a-malformed-jkt", "A jkt in hexadecimal beside an x5t#S256 that fits.", new JsonObject { ["x5t#S256"] = Certificates.Client.Thumbprint, ["jkt"] = Certificates.Client.Hex }, "confirmation_malformed");
        BadToken("x5t-twice", "MTLS-20, AT-24", "Two x5t#S256, of which one fits.", "token_malformed", s =>
        {
            s.Certificate = Certificates.Client;
            s.BindTo(Certificates.Client);
            s.Token.PayloadJson = json => json.Replace("\"x5t#S256\":", $"\"x5t#S256\":\"{Certificates.Thief.Thumbprint}\",\"x5t#S256\":");
        });
    }

    private void Malformed(string id, string description, JsonNode? value) => Add(id, description, "confirmation_malformed", s => s.BindTo(value?.DeepClone()));

    private void Mismatch(string id, string description, byte[] hash) => Add(id, description, "certificate_mismatch", s => s.BindTo(Jws.Encode(hash)));

    private void Other(string id, string description, JsonObject cnf, string expect) => Add(id, description, expect, s => { s.Token.Claim("cnf", cnf.DeepClone()); s.Bearer(); });

    private void Add(string id, string description, string expect, Action<Scene> bind) =>
        BadToken("x5t-" + id, "MTLS-20, RFC 8705 §3.1", description, expect, s => { s.Certificate = Certificates.Client; bind(s); });

    private static byte[] PublicKey(TestCertificate certificate)
    {
        using X509Certificate2 read = X509CertificateLoader.LoadCertificate(certificate.Der);
        return read.PublicKey.ExportSubjectPublicKeyInfo();
    }
}
