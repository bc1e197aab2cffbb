using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Issuer.Tests;

/// <summary>Authentication by a name in a certificate of a trusted authority (RFC 8705 §2.1).</summary>
public class TlsClientAuthTests
{
    private const string Machine = "machine";
    private static readonly TestAuthority Root = TestAuthority.Root();

    private static Task<IssuerHost> StartAsync(Action<IssuerClientOptions> register, Action<HoldfastIssuerOptions>? configure = null) => IssuerHost.StartAsync(o =>
    {
        o.MutualTls.TrustedCertificateAuthorities.Add(Root.Pem);
        o.Clients.Add(Client(register));
        configure?.Invoke(o);
    });

    private static IssuerClientOptions Client(Action<IssuerClientOptions> register)
    {
        var client = new IssuerClientOptions { ClientId = Machine, AuthenticationMethod = "tls_client_auth", Scopes = ["orders.read"], Resources = [IssuerHost.Orders] };
        register(client);
        return client;
    }

    private static async Task ShouldRefuseAsync(Action<IssuerClientOptions> register, X509Certificate2 certificate)
    {
        await using IssuerHost issuer = await StartAsync(register);
        issuer.ShouldRefuse(await issuer.AskWithAsync(certificate, Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }

    // MTLS-06, MTLS-08, MTLS-18, MTLS-19, MTLS-20
    [Fact]
    public async Task Authenticates_by_subject_and_binds_the_token_to_the_certificate()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        TokenAnswer answer = await issuer.AskWithAsync(Root.Issue("CN=orders"), Machine);
        var claims = CallerKey.Payload(answer.ShouldBeToken());
        claims.GetProperty("client_id").GetString().ShouldBe(Machine);
        claims.GetProperty("cnf").GetRawText().ShouldBe($$"""{"x5t#S256":"{{issuer.X5tS256}}"}""");
        // RFC 8705 §3: a token that is bound to a certificate alone is of type Bearer.
        answer.Member("token_type").ShouldBe("Bearer");
    }

    // MTLS-04
    [Fact]
    public async Task Refuses_a_client_without_a_certificate()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        issuer.ShouldRefuse(await issuer.AskWithAsync(null, Machine), VerificationFailure.ClientCertificateMissing, "invalid_client");
    }

    // MTLS-01: a header proves nothing.
    [Theory]
    [InlineData("Client-Cert")]
    [InlineData("X-SSL-Client-Cert")]
    [InlineData("X-Forwarded-Client-Cert")]
    public async Task Takes_no_certificate_from_a_header_that_anyone_may_send(string header)
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        string value = $":{Convert.ToBase64String(Root.Issue("CN=orders").RawData)}:";
        TokenAnswer answer = await issuer.SendAsync(new FormUrlEncodedContent(IssuerHost.CertificateForm(Machine)), proof: "", change: request => request.Headers.TryAddWithoutValidation(header, value));
        issuer.ShouldRefuse(answer, VerificationFailure.ClientCertificateMissing, "invalid_client");
    }

    // MTLS-02
    [Fact]
    public async Task Refuses_a_certificate_without_client_id()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        issuer.ShouldRefuse(await issuer.AskWithAsync(Root.Issue("CN=orders"), null), VerificationFailure.ClientAuthenticationMissing, "invalid_client");
    }

    // MTLS-03
    [Fact]
    public async Task Refuses_a_certificate_for_a_client_that_authenticates_otherwise()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders");
        issuer.ShouldRefuse(await issuer.AskWithAsync(Root.Issue("CN=orders"), IssuerHost.ClientId), VerificationFailure.ClientAuthenticationMissing, "invalid_client");
        issuer.ShouldRefuse(await issuer.AskWithAsync(Root.Issue("CN=orders"), "nobody"), VerificationFailure.ClientUnknown, "invalid_client");
    }

    // MTLS-03: and the other way round.
    [Fact]
    public async Task Refuses_an_assertion_or_a_secret_of_a_client_that_authenticates_by_certificate()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders", o => o.AllowClientSecrets = true);
        issuer.Certificate = Root.Issue("CN=orders");
        string assertion = issuer.Key.Assertion(Machine, IssuerHost.Issuer, issuer.Clock.UtcNow);
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(assertion)), VerificationFailure.ClientMethodNotAllowed, "invalid_client");
        var basic = new System.Net.Http.Headers.AuthenticationHeaderValue("Basic", Convert.ToBase64String("machine:x"u8));
        issuer.ShouldRefuse(await issuer.AskAsync(form: IssuerHost.CertificateForm(Machine), authorization: basic), VerificationFailure.ClientMethodNotAllowed, "invalid_client", HttpStatusCode.Unauthorized);
    }

    // MTLS-03: each client has its own name.
    [Fact]
    public async Task Refuses_the_certificate_of_another_client()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders",
            o => o.Clients.Add(Client(c => (c.ClientId, c.TlsClientAuthSubjectDn) = ("neighbour", "CN=neighbour"))));
        (await issuer.AskWithAsync(Root.Issue("CN=neighbour"), "neighbour")).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskWithAsync(issuer.Certificate, Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }

    // MTLS-09
    [Fact]
    public async Task Compares_a_dns_name_whole_and_expands_no_wildcard() => await ShouldTakeAsync(c => c.TlsClientAuthSanDns = "orders.example", 2,
        [("orders.example", true), ("ORDERS.Example", true), ("stock.example", false), ("orders.example.", false), ("x.orders.example", false), ("*.example", false),
            ("orders.exampl", false), ("orders.example.attacker.example", false), ("", false)]);

    // MTLS-10
    [Fact]
    public async Task Compares_a_uri_exactly() => await ShouldTakeAsync(c => c.TlsClientAuthSanUri = "spiffe://example/orders", 6,
        [("spiffe://example/orders", true), ("spiffe://example/Orders", false), ("spiffe://example/orders/", false), ("spiffe://example/%6Frders", false),
            ("SPIFFE://example/orders", false), ("spiffe://example/", false), ("spiffe://example/orders?x", false)]);

    // MTLS-12
    [Fact]
    public async Task Compares_an_email_address() => await ShouldTakeAsync(c => c.TlsClientAuthSanEmail = "orders@example.com", 1,
        [("orders@example.com", true), ("orders@EXAMPLE.com", true), ("Orders@example.com", false), ("orders@example.org", false), ("orders+x@example.com", false),
            ("example.com", false), ("\"x\"orders@example.com", false)]);

    // MTLS-11
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7 192.0.2.8- ::ffff:192.0.2.7- 7.2.0.192-")]
    [InlineData("2001:DB8:0:0:0:0:0:7", "2001:db8::7 2001:db8::70- 192.0.2.7-")]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.7 192.0.2.7-")]
    public async Task Compares_an_address_by_its_octets(string registered, string rows)
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanIp = registered);
        foreach (string row in rows.Split(' '))
            await AskAsync(issuer, Root.Issue(names: names => names.AddIpAddress(IPAddress.Parse(row.TrimEnd('-')))), !row.EndsWith('-'), row);
    }

    // MTLS-44: an address has four octets or sixteen; more or fewer, such as a network with its mask, is none.
    [Fact]
    public async Task Takes_no_address_of_another_length()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSanIp = "192.0.2.7");
        foreach (byte[] octets in new byte[][] { [192, 0, 2, 7, 255, 255, 255, 255], [192, 0, 2], [], [192, 0, 2, 7, 0] })
            await AskAsync(issuer, Root.Issue(change: r => r.CertificateExtensions.Add(TestAuthority.Names((7, octets)))), false, Convert.ToHexString(octets));
    }

    private static async Task ShouldTakeAsync(Action<IssuerClientOptions> register, int tag, (string Name, bool Accepted)[] rows)
    {
        await using IssuerHost issuer = await StartAsync(register);
        foreach ((string name, bool accepted) in rows)
        {
            // Beside a name of the same kind, of which there may be several.
            var names = TestAuthority.Names((tag, "first.example"u8.ToArray()), (tag, Encoding.ASCII.GetBytes(name)));
            await AskAsync(issuer, Root.Issue("CN=orders.example", change: r => r.CertificateExtensions.Add(names)), accepted, name);
        }
    }

    private static async Task AskAsync(IssuerHost issuer, X509Certificate2 certificate, bool accepted, string row)
    {
        TokenAnswer answer = await issuer.AskWithAsync(certificate, Machine);
        answer.Error.ShouldBe(accepted ? null : "invalid_client", row);
        if (!accepted)
            issuer.ShouldRefuse(answer, VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }

    public static TheoryData<string> Members => ["Dns", "Uri", "Email", "SubjectDn"];

    // MTLS-09, MTLS-10, MTLS-12: the right text in a name of another kind is another name.
    [Theory]
    [MemberData(nameof(Members))]
    public async Task Takes_a_name_for_its_own_kind_only(string member)
    {
        const string name = "orders.example";
        X509Certificate2 certificate = Root.Issue(member == "SubjectDn" ? "CN=other" : "CN=orders.example", names =>
        {
            if (member != "Dns")
                names.AddDnsName(name);
            if (member != "Email")
                names.AddEmailAddress(name);
            if (member != "Uri")
                names.AddUri(new Uri("urn:" + name));
        });
        await ShouldRefuseAsync(c =>
        {
            c.TlsClientAuthSanDns = member == "Dns" ? name : null;
            c.TlsClientAuthSanEmail = member == "Email" ? "orders@orders.example" : null;
            c.TlsClientAuthSanUri = member == "Uri" ? "urn:" + name : null;
            c.TlsClientAuthSubjectDn = member == "SubjectDn" ? "CN=" + name : null;
        }, certificate);
    }

    // MTLS-04: told in a way that leads an operator, with both names.
    [Fact]
    public async Task Tells_the_operator_which_name_was_expected_and_which_seen()
    {
        await using IssuerHost issuer = await StartAsync(c => c.TlsClientAuthSubjectDn = "CN=orders,O=Acme");
        await issuer.AskWithAsync(Root.Issue("CN=orders,O=Acme Inc"), Machine);
        string line = issuer.Log.Lines.Last(line => line.Contains("client_certificate_mismatch"));
        line.ShouldContain("tls_client_auth_subject_dn CN=orders,O=Acme");
        line.ShouldContain("CN=orders,O=Acme Inc");
    }
}
