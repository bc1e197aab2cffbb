using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>The load balancer of AWS and Azure App Service.</summary>
internal sealed class CloudCases : CaseTable
{
    private static readonly TestCertificate Client = Certificates.Client, Thief = Certificates.Thief;

    public CloudCases() : base("certificate-headers")
    {
        Cases.AddRange(new AwsAlb().Cases);
        Cases.AddRange(new AwsAlbVerify().Cases);
        Cases.AddRange(new AzureArr().Cases);
    }

    private sealed class AwsAlb : ForwardedCases
    {
        private const string Cert = "X-Amzn-Mtls-Clientcert", Leaf = "X-Amzn-Mtls-Clientcert-Leaf";

        public AwsAlb() : base("aws-alb", "FWD-40, FWD-41")
        {
            TestCertificate issued = Certificates.Issued;
            Read("passthrough", "One certificate, with plus, slash and equals signs as they are.", [Cert, TestCertificate.AwsPem(Client)]);
            Read("passthrough-chain", "The whole chain, the leaf first.", issued, [Cert, TestCertificate.AwsPem(issued, Certificates.Intermediate)]);
            Read("passthrough-beside-the-other-field", "In passthrough the field of the verify mode can only be a client's; it is not read.", [Cert, TestCertificate.AwsPem(Client)], [Leaf, TestCertificate.AwsPem(Thief)]);
            None("absent", "No field: the client had no certificate.");
            None("other-field", "Passthrough is declared, and only the field of the verify mode is there: a client's.", [Leaf, TestCertificate.AwsPem(Client)]);
            Another("certificate-of-the-thief", "The thief's certificate.", [Cert, TestCertificate.AwsPem(Thief)]);
            Another("client-in-the-chain", "The client's certificate stands behind the thief's: only the first was proven.", [Cert, TestCertificate.AwsPem(Thief, Client)]);
            Unreadable("line-twice", "The balancer's line and a client's.", [Cert, TestCertificate.AwsPem(Thief)], [Cert, TestCertificate.AwsPem(Client)]);
            Unreadable("not-escaped", "PEM with spaces.", [Cert, Client.Spaced]);
            Unreadable("escaped-twice", "Escaped twice.", [Cert, Uri.EscapeDataString(TestCertificate.AwsPem(Client))]);
            Unreadable("bare-base64", "Base64 without PEM around it.", [Cert, Client.Base64]);
        }
    }

    private sealed class AwsAlbVerify : ForwardedCases
    {
        private const string Cert = "X-Amzn-Mtls-Clientcert", Leaf = "X-Amzn-Mtls-Clientcert-Leaf";

        public AwsAlbVerify() : base("aws-alb", "FWD-40")
        {
            Read("verify", "The field of the verify mode, where that is declared.", [Leaf, TestCertificate.AwsPem(Client)]);
            None("verify-other-field", "The verify mode is declared, and only the field of the passthrough mode is there: a client's.", [Cert, TestCertificate.AwsPem(Client)]);
        }

        protected override JsonObject Declared() => new() { ["format"] = "aws-alb", ["field"] = Leaf };
    }

    private sealed class AzureArr : ForwardedCases
    {
        private const string Cert = "X-ARR-ClientCert";

        public AzureArr() : base("azure-arr", "FWD-40, FWD-41")
        {
            Read("certificate", "Bare base64.", [Cert, Client.Base64]);
            None("absent", "No field: the client had no certificate.");
            None("empty", "An empty field.", [Cert, ""]);
            Another("certificate-of-the-thief", "The thief's certificate.", [Cert, Thief.Base64]);
            Unreadable("line-twice", "The platform's line and a client's.", [Cert, Thief.Base64], [Cert, Client.Base64]);
            Unreadable("byte-sequence", "The form of RFC 9440.", [Cert, Client.Sequence]);
            Unreadable("pem", "PEM with spaces.", [Cert, Client.Spaced]);
            Unreadable("padding-missing", "No padding.", [Cert, Client.Base64.TrimEnd('=')]);
            Unreadable("space-inside", "A space between the letters.", [Cert, $"{Client.Base64[..76]} {Client.Base64[76..]}"]);
            Unreadable("two-certificates", "Two certificates in one value.", [Cert, Base64(Client.Der, Thief.Der)]);
        }
    }
}
