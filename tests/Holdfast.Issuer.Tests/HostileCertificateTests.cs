using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Issuer.Tests;

/// <summary>Certificates that a trusted authority was talked into, or that nobody would issue: refused by name, and never a fault of the server (MTLS-44).</summary>
public class HostileCertificateTests
{
    private const string Machine = "machine";
    private static readonly TestAuthority Root = TestAuthority.Root();

    private static Task<IssuerHost> StartAsync(Action<IssuerClientOptions> register) => IssuerHost.StartAsync(o =>
    {
        o.MutualTls.TrustedCertificateAuthorities.Add(Root.Pem);
        var client = new IssuerClientOptions { ClientId = Machine, AuthenticationMethod = "tls_client_auth", Scopes = ["orders.read"], Resources = [IssuerHost.Orders] };
        register(client);
        o.Clients.Add(client);
    });

    private static X509Certificate2 With(params X509Extension[] extensions) => Root.Issue(change: r =>
    {
        foreach (X509Extension extension in extensions)
            r.CertificateExtensions.Add(extension);
    });

    private static X509Extension Raw(string hex) => new("2.5.29.17", Convert.FromHexString(hex), critical: false);

    // MTLS-09, MTLS-44: what stands before a NUL is not the name.
    [Fact]
    public async Task Takes_no_dns_name_for_what_stands_before_a_NUL_in_it()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanDns = "orders.example");
        foreach (string name in new[] { "orders.example\0", "orders.example\0.attacker.example", "\0orders.example", "orders.example ", " orders.example", "orders.example\r\n", "orders\u0001.example" })
        {
            TokenAnswer answer = await issuer.AskWithAsync(With(TestAuthority.Names((2, Encoding.ASCII.GetBytes(name)))), Machine);
            issuer.ShouldRefuse(answer, VerificationFailure.ClientCertificateMismatch, "invalid_client");
        }
    }

    // MTLS-44: octets that no such name may hold make all the names of the certificate unreadable.
    [Theory]
    [InlineData("3010820e6f72646572732e6578616d706cC3", "beyond ASCII")]
    [InlineData("", "nothing at all")]
    [InlineData("3082", "half a length")]
    [InlineData("3003820261", "a length that is too long")]
    [InlineData("300382016100", "octets behind")]
    [InlineData("30800000", "an indefinite length")]
    [InlineData("0400", "no sequence")]
    [InlineData("3004A20282FF", "a name that is a container")]
    public async Task Refuses_alternative_names_that_are_broken(string hex, string what)
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanDns = "orders.example");
        TokenAnswer answer = await issuer.AskWithAsync(With(Raw(hex)), Machine);
        answer.Error.ShouldBe("invalid_client", what);
        issuer.ShouldRefuse(answer, VerificationFailure.ClientCertificateUntrusted, "invalid_client");
    }

    // MTLS-44, RFC 5280 §4.2: two of them, of which each part of a system could read another.
    [Fact]
    public async Task Refuses_alternative_names_that_are_there_twice()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanDns = "orders.example");
        X509Extension good = TestAuthority.Names((2, "orders.example"u8.ToArray()));
        (await issuer.AskWithAsync(With(good), Machine)).ShouldBeToken();
        X509Certificate2 twice = Resigned(Root.Issue(), TestAuthority.Names((2, "other.example"u8.ToArray())), good);
        issuer.ShouldRefuse(await issuer.AskWithAsync(twice, Machine), VerificationFailure.ClientCertificateUntrusted, "invalid_client");
        // By what the names are, and not by what the platform happens to say of such a chain.
        issuer.Log.Lines.ShouldContain(line => line.Contains("client_certificate_untrusted") && line.Contains("readable names"));
    }

    // MTLS-44: names of other kinds stand beside, and are passed over.
    [Fact]
    public async Task Passes_over_names_of_kinds_that_no_client_is_registered_by()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanDns = "orders.example");
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteObjectIdentifier("1.2.3.4");
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, "orders.example");
            }
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
                writer.WriteEncodedValue(new X500DistinguishedName("CN=orders.example").RawData);
            writer.WriteObjectIdentifier("1.2.3.4", new Asn1Tag(TagClass.ContextSpecific, 8));
        }
        var others = new X509Extension("2.5.29.17", writer.Encode(), false);
        issuer.ShouldRefuse(await issuer.AskWithAsync(With(others), Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }

    // MTLS-44: extensions that nobody can read, of every kind that is looked at.
    [Theory]
    [InlineData("2.5.29.37", true)]
    [InlineData("2.5.29.37", false)]
    [InlineData("2.5.29.19", true)]
    [InlineData("2.5.29.35", false)]
    [InlineData("2.5.29.14", false)]
    [InlineData("2.5.29.30", true)]
    [InlineData("2.5.29.32", true)]
    [InlineData("1.2.3.4", true)]
    public async Task Refuses_extensions_that_are_broken(string oid, bool critical)
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        X509Certificate2 certificate = Root.Issue(change: r =>
        {
            foreach (X509Extension same in r.CertificateExtensions.Where(extension => extension.Oid!.Value == oid).ToArray())
                r.CertificateExtensions.Remove(same);
            r.CertificateExtensions.Add(new X509Extension(oid, [0x30, 0x03, 0xFF], critical));
        });
        issuer.ShouldRefuse(await issuer.AskWithAsync(certificate, Machine), VerificationFailure.ClientCertificateUntrusted, "invalid_client");
    }

    // MTLS-44: dates that are none, in a certificate that the TLS layer takes nonetheless.
    [Fact]
    public async Task Refuses_dates_that_are_broken()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        byte[] der = Root.Issue().RawData;
        // Of two times the first: other octets of a certificate are random, and any of them may be a Z.
        int at = Enumerable.Range(0, der.Length).First(i => der[i] == (byte)UniversalTagNumber.UtcTime && der[i + 1] == 13 && der[i + 14] == 'Z') + 2;
        "991399999999"u8.CopyTo(der.AsSpan(at));
        TokenAnswer answer = await issuer.AskWithAsync(X509CertificateLoader.LoadCertificate(der), Machine);
        issuer.ShouldRefuse(answer, VerificationFailure.ClientCertificateExpired, "invalid_client");
    }

    // MTLS-44: a usage that nobody can read. The platform writes none such, so an octet of a good one is changed.
    [Fact]
    public async Task Refuses_a_key_usage_that_is_broken()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        X509Certificate2 good = Root.Issue(change: r => r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true)));
        (await issuer.AskWithAsync(good, Machine)).ShouldBeToken();
        X509Certificate2 broken = Resigned(good, usage: [0x04, 0x02, 0x07, 0x80]);
        issuer.ShouldRefuse(await issuer.AskWithAsync(broken, Machine), VerificationFailure.ClientCertificateUntrusted, "invalid_client");
    }

    // RFC 5280 §4.1.2.5: no well-defined end.
    [Fact]
    public async Task Takes_a_certificate_that_ends_with_the_calendar()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        var end = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        (await issuer.AskWithAsync(Root.Issue(until: end - Root.Now), Machine)).ShouldBeToken();
    }

    // MTLS-08: a subject that is empty is nobody.
    [Fact]
    public async Task Takes_no_empty_subject_for_a_name()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        X509Certificate2 empty = Root.Issue(new X500DistinguishedName([0x30, 0x00]), names => names.AddDnsName("orders"));
        issuer.ShouldRefuse(await issuer.AskWithAsync(empty, Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }

    // MTLS-44: thousands of names are read, or refused, in one go.
    [Fact]
    public async Task Reads_as_many_names_as_fit_and_refuses_what_is_larger()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanDns = "orders.example");
        (int, byte[])[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => (2, Encoding.ASCII.GetBytes($"h{i:D6}.example"))), (2, "orders.example"u8.ToArray())];
        (await issuer.AskWithAsync(With(TestAuthority.Names(Many(800))), Machine)).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskWithAsync(With(TestAuthority.Names(Many(1200))), Machine), VerificationFailure.ClientCertificateUntrusted, "invalid_client");
    }

    // MTLS-44: a signature over other octets.
    [Fact]
    public async Task Refuses_a_certificate_that_was_altered()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        byte[] der = Root.Issue("CN=others").RawData;
        int at = der.AsSpan().IndexOf("others"u8);
        "orders"u8.CopyTo(der.AsSpan(at));
        issuer.ShouldRefuse(await issuer.AskWithAsync(X509CertificateLoader.LoadCertificate(der), Machine), VerificationFailure.ClientCertificateUntrusted, "invalid_client");
    }

    // The same certificate with other extensions, signed by hand, because the platform writes none twice.
    private static X509Certificate2 Resigned(X509Certificate2 certificate, params X509Extension[] more) => Resigned(certificate, null, more);

    // And with other octets for its key usage, where they are given.
    private static X509Certificate2 Resigned(X509Certificate2 certificate, byte[]? usage, params X509Extension[] more)
    {
        AsnReader tbs = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            while (tbs.HasData)
            {
                if (tbs.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 3, true)))
                {
                    AsnReader extensions = tbs.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 3)).ReadSequence();
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
                    using (writer.PushSequence())
                    {
                        while (extensions.HasData)
                            WriteExtension(writer, extensions.ReadEncodedValue(), usage);
                        foreach (X509Extension extension in more)
                        {
                            using (writer.PushSequence())
                            {
                                writer.WriteObjectIdentifier(extension.Oid!.Value!);
                                writer.WriteOctetString(extension.RawData);
                            }
                        }
                    }
                }
                else
                {
                    writer.WriteEncodedValue(tbs.ReadEncodedValue().Span);
                }
            }
        }
        byte[] signed = writer.Encode();
        byte[] signature = Root.Key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        AsnReader parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        parts.ReadEncodedValue();
        var whole = new AsnWriter(AsnEncodingRules.DER);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(signed);
            whole.WriteEncodedValue(parts.ReadEncodedValue().Span);
            whole.WriteBitString(signature);
        }
        return X509CertificateLoader.LoadCertificate(whole.Encode());
    }

    private static void WriteExtension(AsnWriter writer, ReadOnlyMemory<byte> encoded, byte[]? usage)
    {
        string oid = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier();
        if (usage is null || oid != "2.5.29.15")
        {
            writer.WriteEncodedValue(encoded.Span);
            return;
        }
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteBoolean(true);
            writer.WriteOctetString(usage);
        }
    }
}
