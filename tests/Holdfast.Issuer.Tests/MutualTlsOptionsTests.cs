using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Holdfast.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Issuer.Tests;

/// <summary>Settings for client certificates: right as a whole, or the start stops with all that is wrong.</summary>
public class MutualTlsOptionsTests
{
    private static readonly TestAuthority Root = TestAuthority.Root();

    /// <summary>What is wrong with a second client, of <c>tls_client_auth</c>, that is set up so.</summary>
    internal static IReadOnlyList<string> Problems(Action<IssuerClientOptions> register, Action<HoldfastIssuerOptions>? configure = null) => ProblemsOf(o =>
    {
        o.MutualTls.TrustedCertificateAuthorities.Add(Root.Pem);
        var client = new IssuerClientOptions { ClientId = "machine", AuthenticationMethod = "tls_client_auth", Scopes = ["orders.read"], Resources = [IssuerHost.Orders] };
        register(client);
        o.Clients.Add(client);
        configure?.Invoke(o);
    });

    private static IReadOnlyList<string> ProblemsOf(Action<HoldfastIssuerOptions> change)
    {
        var services = new ServiceCollection();
        services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, new CallerKey(), "unused");
            change(options);
        });
        return ProblemsOf(services);
    }

    private static IReadOnlyList<string> ProblemsOf(IServiceCollection services)
    {
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            _ = provider.GetRequiredService<IOptions<HoldfastIssuerOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }

    // MTLS-07
    [Fact]
    public void Takes_exactly_one_name_for_tls_client_auth()
    {
        Problems(c => c.TlsClientAuthSubjectDn = "CN=orders").ShouldBeEmpty();
        Problems(_ => { }).ShouldHaveSingleItem().ShouldContain("exactly one");
        Problems(c => (c.TlsClientAuthSubjectDn, c.TlsClientAuthSanDns) = ("CN=orders", "orders.example")).ShouldHaveSingleItem().ShouldContain("exactly one");
    }

    // MTLS-07
    [Fact]
    public void Refuses_a_name_or_keys_that_have_no_use()
    {
        Problems(c => c.TlsClientAuthSanDns = "a.example", o => o.Clients[0].TlsClientAuthSanDns = "b.example").ShouldHaveSingleItem().ShouldStartWith("Clients:0:TlsClientAuthSanDns");
        Problems(c => (c.TlsClientAuthSanDns, c.Jwks) = ("a.example", new CallerKey().Jwks())).ShouldHaveSingleItem().ShouldContain("no use");
        Problems(c => (c.TlsClientAuthSanDns, c.ClientSecretSha256) = ("a.example", new string('0', 64))).ShouldHaveSingleItem().ShouldContain("no use");
    }

    // MTLS-09, MTLS-10, MTLS-11, MTLS-12
    [Theory]
    [InlineData("Dns", "orders.example", true)]
    [InlineData("Dns", "*.example", false)]
    [InlineData("Dns", "orders..example", false)]
    [InlineData("Dns", "bücher.example", false)]
    [InlineData("Dns", "", false)]
    [InlineData("Uri", "spiffe://example/orders", true)]
    [InlineData("Uri", "urn:example:orders", true)]
    [InlineData("Uri", "orders", false)]
    [InlineData("Uri", "/orders", false)]
    [InlineData("Uri", "spiffe://example/or ders", false)]
    [InlineData("Ip", "192.0.2.7", true)]
    [InlineData("Ip", "2001:db8::7", true)]
    [InlineData("Ip", "192.0.2", false)]
    [InlineData("Ip", "0xC0.0.2.7", false)]
    [InlineData("Ip", "192.0.02.7", false)]
    [InlineData("Ip", "fe80::1%1", false)]
    [InlineData("Ip", "[2001:db8::7]", false)]
    [InlineData("Ip", "192.0.2.0/24", false)]
    [InlineData("Email", "orders@example.com", true)]
    [InlineData("Email", "orders", false)]
    [InlineData("Email", "@example.com", false)]
    [InlineData("Email", "orders@", false)]
    [InlineData("Email", "or ders@example.com", false)]
    [InlineData("Email", "orders@*.example.com", false)]
    public void Takes_a_name_in_its_own_form_only(string member, string value, bool accepted)
    {
        IReadOnlyList<string> problems = Problems(c =>
        {
            c.TlsClientAuthSanDns = member == "Dns" ? value : null;
            c.TlsClientAuthSanUri = member == "Uri" ? value : null;
            c.TlsClientAuthSanIp = member == "Ip" ? value : null;
            c.TlsClientAuthSanEmail = member == "Email" ? value : null;
        });
        if (accepted)
            problems.ShouldBeEmpty();
        else
            problems.ShouldHaveSingleItem().ShouldStartWith($"Clients:1:TlsClientAuthSan{member}: ");
    }

    // MTLS-17
    [Fact]
    public void Refuses_tls_client_auth_without_trusted_authorities() =>
        Problems(c => c.TlsClientAuthSubjectDn = "CN=orders", o => o.MutualTls.TrustedCertificateAuthorities.Clear()).ShouldHaveSingleItem().ShouldContain("TrustedCertificateAuthorities");

    // MTLS-17, MTLS-44: what is trusted is a root that says it is an authority.
    [Fact]
    public void Refuses_an_anchor_that_is_no_root_or_no_authority()
    {
        string Refused(string pem) => ProblemsOf(o => o.MutualTls.TrustedCertificateAuthorities.Add(pem)).ShouldHaveSingleItem();
        Refused(Root.Intermediate().Pem).ShouldContain("is not a root");
        Refused(TestAuthority.SelfSigned().ExportCertificatePem()).ShouldContain("no certificate authority");
        Refused("no PEM").ShouldContain("no certificate in PEM");
        Refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").ShouldContain("broken");
    }

    // MTLS-17
    [Fact]
    public void Reads_anchors_and_intermediates_from_files()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"# two\n{Root.Pem}\n{TestAuthority.Root("CN=Other").Pem}\n");
            ProblemsOf(o => o.MutualTls.TrustedCertificateAuthorityFiles.Add(file)).ShouldBeEmpty();
            ProblemsOf(o => o.MutualTls.IntermediateCertificateFiles.Add(file)).ShouldBeEmpty();
            ProblemsOf(o => o.MutualTls.TrustedCertificateAuthorityFiles.Add(file + ".missing")).ShouldHaveSingleItem().ShouldContain(file + ".missing");
            ProblemsOf(o => o.MutualTls.IntermediateCertificateFiles.Add("")).ShouldHaveSingleItem().ShouldStartWith("MutualTls:IntermediateCertificateFiles");
            File.WriteAllText(file, TestAuthority.SelfSigned().ExportCertificatePem());
            ProblemsOf(o => o.MutualTls.IntermediateCertificateFiles.Add(file)).ShouldHaveSingleItem().ShouldContain("no certificate authority");
        }
        finally
        {
            File.Delete(file);
        }
    }

    // MTLS-34, MTLS-38
    [Theory]
    [InlineData("https://mtls.id.example", true)]
    [InlineData("https://id.example:8443", true)]
    [InlineData("https://id.example:8443/tenant/", true)]
    [InlineData("https://id.example", false)]
    [InlineData("https://ID.example:443/mtls", false)]
    [InlineData("http://mtls.id.example", false)]
    [InlineData("mtls.id.example", false)]
    [InlineData("https://mtls.id.example?x", false)]
    [InlineData("https://mtls.id.example/a b", false)]
    [InlineData("https://mtls.id.example/{x}", false)]
    [InlineData("", false)]
    public void Takes_an_alias_with_an_address_of_its_own(string alias, bool accepted)
    {
        IReadOnlyList<string> problems = ProblemsOf(o => o.MutualTls.EndpointAlias = alias);
        if (accepted)
            problems.ShouldBeEmpty();
        else
            problems.ShouldHaveSingleItem().ShouldStartWith("MutualTls:EndpointAlias: ");
    }

    // MTLS-16
    [Theory]
    [InlineData("https://client.example/jwks", true)]
    [InlineData("https://client.example:8443/jwks?x=y", true)]
    [InlineData("https://8.8.8.8/jwks", true)]
    [InlineData("https://[2606:4700:4700::1111]/jwks", true)]
    [InlineData("http://client.example/jwks", false)]
    [InlineData("https://user@client.example/jwks", false)]
    [InlineData("https://client.example/jwks#x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/jwks", false)]
    [InlineData("", false)]
    public void Takes_a_jwks_uri_of_https_only(string uri, bool accepted) =>
        ProblemsOf(o => (o.Clients[0].Jwks, o.Clients[0].JwksUri) = (null, uri)).Count.ShouldBe(accepted ? 0 : 1);

    // MTLS-16: every network that is not the public internet, in every spelling of an address.
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("[::]")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("[::7f00:1]")]
    [InlineData("[64:ff9b::10.0.0.1]")]
    [InlineData("[64:ff9b:1::1]")]
    [InlineData("[100::1]")]
    [InlineData("[2001::1]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[3fff::1]")]
    [InlineData("[fc00::1]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fec0::1]")]
    [InlineData("[ff02::1]")]
    public void Refuses_a_jwks_uri_that_leads_to_an_internal_address(string host)
    {
        ProblemsOf(o => (o.Clients[0].Jwks, o.Clients[0].JwksUri) = (null, $"https://{host}/jwks")).ShouldHaveSingleItem().ShouldContain("public internet");
        ProblemsOf(o =>
        {
            (o.Clients[0].Jwks, o.Clients[0].JwksUri) = (null, $"https://{host}/jwks");
            o.DangerouslyAllowInternalJwksUris = true;
        }).ShouldBeEmpty();
    }

    // Addresses beside those networks.
    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("[2000::1]")]
    [InlineData("[2001:200::1]")]
    [InlineData("[2003::1]")]
    [InlineData("[64:ff9b::8.8.8.8]")]
    [InlineData("[::ffff:8.8.8.8]")]
    public void Takes_a_jwks_uri_that_leads_to_a_public_address(string host) =>
        ProblemsOf(o => (o.Clients[0].Jwks, o.Clients[0].JwksUri) = (null, $"https://{host}/jwks")).ShouldBeEmpty();

    // MTLS-14, MTLS-15
    [Fact]
    public void Refuses_self_signed_tls_client_auth_with_keys_that_do_not_fit_their_certificates()
    {
        using X509Certificate2 certificate = TestAuthority.SelfSigned(), other = TestAuthority.SelfSigned();
        string[] Refused(string jwks) => [.. ProblemsOf(o => o.Clients.Add(new()
        {
            ClientId = "machine", AuthenticationMethod = "self_signed_tls_client_auth", Jwks = jwks, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        }))];
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate))).ShouldBeEmpty();
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, x5c: [other]))).ShouldHaveSingleItem().ShouldContain("another public key");
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, x5c: []))).ShouldHaveSingleItem().ShouldContain("x5c");
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, change: jwk => jwk.Remove("x")))).ShouldHaveSingleItem().ShouldStartWith("Clients:1:Jwks");
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, change: jwk => jwk["d"] = "AAAA"))).ShouldHaveSingleItem().ShouldContain("private");
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, change: jwk => jwk["use"] = "enc"))).ShouldHaveSingleItem().ShouldContain("use");
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, change: jwk => jwk["x5c"] = new JsonArray("not base64!")))).ShouldHaveSingleItem().ShouldContain("x5c");
        Refused(CertificateJwk.Set(CertificateJwk.Of(certificate, change: jwk => jwk["x5c"] = new JsonArray(Convert.ToBase64String([.. certificate.RawData, 0])))))
            .ShouldHaveSingleItem().ShouldContain("x5c");
        Refused("""{"keys":[]}""").ShouldHaveSingleItem();
    }

    // MTLS-15: an RSA key, too, is taken from its own members.
    [Fact]
    public void Refuses_an_RSA_key_that_is_not_that_of_its_certificate()
    {
        using RSA key = RSA.Create(2048), another = RSA.Create(2048);
        using X509Certificate2 certificate = TestAuthority.SelfSigned(key: key), other = TestAuthority.SelfSigned(key: another);
        int Count(string jwks) => ProblemsOf(o => o.Clients.Add(new()
        {
            ClientId = "machine", AuthenticationMethod = "self_signed_tls_client_auth", Jwks = jwks, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        })).Count;
        Count(CertificateJwk.Set(CertificateJwk.Of(certificate))).ShouldBe(0);
        Count(CertificateJwk.Set(CertificateJwk.Of(certificate, x5c: [other]))).ShouldBe(1);
        Count(CertificateJwk.Set(CertificateJwk.Of(certificate, change: jwk => jwk.Remove("n")))).ShouldBe(1);
    }

    [Fact]
    public void Takes_one_source_of_keys_only()
    {
        ProblemsOf(o => o.Clients[0].JwksUri = "https://client.example/jwks").ShouldHaveSingleItem().ShouldContain("exactly one");
        ProblemsOf(o => (o.Clients[0].Jwks, o.Clients[0].JwksUri) = (null, "https://client.example/jwks")).ShouldBeEmpty();
    }

    [Fact]
    public void Refuses_a_method_that_is_not_implemented() =>
        ProblemsOf(o => o.Clients[0].AuthenticationMethod = "client_secret_jwt").ShouldHaveSingleItem().ShouldStartWith("Clients:0:AuthenticationMethod");

    [Fact]
    public void Reports_every_problem_at_once() => Problems(c => c.TlsClientAuthSanIp = "x", o =>
    {
        o.MutualTls.EndpointAlias = "http://mtls.id.example";
        o.MutualTls.TrustedCertificateAuthorities.Add("x");
        o.MutualTls.IntermediateCertificateFiles.Add("/nowhere.pem");
        o.MutualTls.RevocationCheck = (X509RevocationMode)7;
        (o.Clients[0].Jwks, o.Clients[0].JwksUri) = (null, "https://localhost.localdomain:x/");
    }).Count.ShouldBe(6);

    [Fact]
    public void Is_read_from_configuration()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Root.Pem);
            IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Issuer"] = "https://id.example",
                ["DataDirectory"] = "data",
                ["MutualTls:EndpointAlias"] = "https://mtls.id.example",
                ["MutualTls:TrustedCertificateAuthorityFiles:0"] = file,
                ["MutualTls:RevocationCheck"] = "Online",
                ["Resources:0:Identifier"] = "https://orders.example",
                ["Clients:0:ClientId"] = "c",
                ["Clients:0:AuthenticationMethod"] = "tls_client_auth",
                ["Clients:0:TlsClientAuthSubjectDn"] = "CN=orders,O=Acme",
                ["Clients:0:TlsClientCertificateBoundAccessTokens"] = "true",
                ["Clients:0:Resources:0"] = "https://orders.example",
            }).Build();
            using ServiceProvider provider = new ServiceCollection().AddHoldfastIssuer(configuration).Services.BuildServiceProvider();
            HoldfastIssuerOptions options = provider.GetRequiredService<IOptions<HoldfastIssuerOptions>>().Value;
            options.MutualTls.EndpointAlias.ShouldBe("https://mtls.id.example");
            options.MutualTls.TrustedCertificateAuthorityFiles.ShouldBe([file]);
            options.MutualTls.RevocationCheck.ShouldBe(X509RevocationMode.Online);
            IssuerClientOptions client = options.Clients.ShouldHaveSingleItem();
            client.TlsClientAuthSubjectDn.ShouldBe("CN=orders,O=Acme");
            client.TlsClientCertificateBoundAccessTokens.ShouldBe(true);
            client.DPoPBoundAccessTokens.ShouldBeNull();
        }
        finally
        {
            File.Delete(file);
        }
    }

    // The settings of docs/run-the-issuer.md, with files of this test in place of its own.
    [Fact]
    public void Takes_the_settings_that_the_documentation_shows()
    {
        using var folder = new TemporaryFolder();
        string page = RepositoryFiles.Read("docs/run-the-issuer.md")
            .Replace("/etc/holdfast/orders-client.jwks.json", folder.Write("keys.json", new CallerKey().Jwks()))
            .Replace("/etc/holdfast/clients-ca.pem", folder.Write("ca.pem", Root.Pem));
        JsonNode[] shown = [.. page.Split("```json\n")[1..].Select(block => JsonNode.Parse(block.Split("```")[0])!["Issuer"]!)];
        shown.Length.ShouldBe(3);
        JsonArray clients = shown[0]["Clients"]!.AsArray();
        foreach (JsonNode? client in shown[1..].SelectMany(settings => settings["Clients"]!.AsArray()))
            clients.Add(client!.DeepClone());
        shown[0]["MutualTls"] = shown[2]["MutualTls"]!.DeepClone();
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(shown[0].ToJsonString()));
        ProblemsOf(new ServiceCollection().AddHoldfastIssuer(new ConfigurationBuilder().AddJsonStream(json).Build()).Services).ShouldBeEmpty();
        clients.Count.ShouldBe(4);
    }

    [Fact]
    public void Tells_which_setting_does_not_exist_or_cannot_be_read()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MutualTls:EndpointAliass"] = "x",
            ["MutualTls:RevocationCheck"] = "sometimes",
            ["MutualTls:TrustedCertificateAuthorityFiles"] = "ca.pem",
            ["Clients:0:TlsClientCertificateBoundAccessTokens"] = "maybe",
        }).Build();
        IReadOnlyList<string> problems = ProblemsOf(new ServiceCollection().AddHoldfastIssuer(configuration).Services);
        foreach (string setting in new[] { "MutualTls:EndpointAliass", "MutualTls:RevocationCheck", "MutualTls:TrustedCertificateAuthorityFiles", "Clients:0:TlsClientCertificateBoundAccessTokens" })
            problems.ShouldContain(problem => problem.StartsWith($"The setting '{setting}'", StringComparison.Ordinal), setting);
    }
}
