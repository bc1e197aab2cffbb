using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Holdfast.Issuer.Tests;

/// <summary>The way from a certificate to a trusted root (RFC 8705 §2.1, §7.4, §7.5).</summary>
public class CertificateChainTests
{
    private const string Machine = "machine";
    private static readonly HttpsConnectionAdapterOptions Listener = new HttpsConnectionAdapterOptions().AcceptClientCertificates();

    private static Task<IssuerHost> StartAsync(TestAuthority root, Action<HoldfastIssuerOptions>? configure = null) => IssuerHost.StartAsync(o =>
    {
        o.MutualTls.TrustedCertificateAuthorities.Add(root.Pem);
        o.Clients.Add(new()
        {
            ClientId = Machine, AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = "CN=orders", Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        });
        configure?.Invoke(o);
    });

    private static async Task ShouldRefuseAsync(IssuerHost issuer, X509Certificate2 certificate, VerificationFailure failure = VerificationFailure.ClientCertificateUntrusted) =>
        issuer.ShouldRefuse(await issuer.AskWithAsync(certificate, Machine), failure, "invalid_client");

    // What the TLS layer tells of the handshake: the other certificates that came along.
    private static X509Certificate2 Send(X509Certificate2 certificate, params TestAuthority[] chain)
    {
        using var sent = new X509Chain();
        foreach (TestAuthority authority in chain)
            sent.ChainPolicy.ExtraStore.Add(authority.Certificate);
        Listener.ClientCertificateValidation!(certificate, sent, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeTrue();
        return certificate;
    }

    // MTLS-06, MTLS-17
    [Fact]
    public async Task Refuses_a_certificate_of_an_authority_that_is_not_configured()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root);
        (await issuer.AskWithAsync(root.Issue(), Machine)).ShouldBeToken();
        await ShouldRefuseAsync(issuer, TestAuthority.Root("CN=Other").Issue());
        // The same name, another key.
        await ShouldRefuseAsync(issuer, TestAuthority.Root().Issue());
        await ShouldRefuseAsync(issuer, TestAuthority.SelfSigned(change: r => r.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TestAuthority.ClientUsage)], false))));
    }

    // MTLS-44
    [Fact]
    public async Task Refuses_a_certificate_that_is_not_for_client_authentication()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root);
        await ShouldRefuseAsync(issuer, root.Issue(usage: TestAuthority.ServerUsage));
        await ShouldRefuseAsync(issuer, root.Issue(usage: null));
        // anyExtendedKeyUsage
        await ShouldRefuseAsync(issuer, root.Issue(usage: "2.5.29.37.0"));
        await ShouldRefuseAsync(issuer, root.Issue(change: r => r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, true))));
        (await issuer.AskWithAsync(root.Issue(change: r => r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true))), Machine)).ShouldBeToken();
    }

    // MTLS-44: a usage among others is enough.
    [Fact]
    public async Task Takes_a_certificate_for_servers_and_clients()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root);
        X509Certificate2 both = root.Issue(usage: null, change: r => r.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(TestAuthority.ServerUsage), new Oid(TestAuthority.ClientUsage)], true)));
        (await issuer.AskWithAsync(both, Machine)).ShouldBeToken();
    }

    // MTLS-44: ten seconds of leeway on either side, as where tokens are checked.
    [Theory]
    [InlineData(-10, 3600, true)]
    [InlineData(10, 3600, true)]
    [InlineData(11, 3600, false)]
    [InlineData(-3600, 0, true)]
    [InlineData(-3600, -10, true)]
    [InlineData(-3600, -11, false)]
    public async Task Takes_a_certificate_while_it_is_valid(int from, int until, bool accepted)
    {
        using X509Certificate2 certificate = TestAuthority.SelfSigned(from: TimeSpan.FromSeconds(from), until: TimeSpan.FromSeconds(until));
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Clients.Add(new()
        {
            ClientId = Machine, AuthenticationMethod = "self_signed_tls_client_auth", Jwks = CertificateJwk.Set(CertificateJwk.Of(certificate)),
            Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        }));
        if (accepted)
            (await issuer.AskWithAsync(certificate, Machine)).ShouldBeToken();
        else
            await ShouldRefuseAsync(issuer, certificate, VerificationFailure.ClientCertificateExpired);
    }

    // MTLS-44
    [Fact]
    public async Task Refuses_a_certificate_that_has_expired_or_is_from_the_future()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root);
        await ShouldRefuseAsync(issuer, root.Issue(until: TimeSpan.FromMinutes(-1)), VerificationFailure.ClientCertificateExpired);
        await ShouldRefuseAsync(issuer, root.Issue(from: TimeSpan.FromMinutes(1)), VerificationFailure.ClientCertificateExpired);
    }

    // MTLS-44
    [Fact]
    public async Task Refuses_a_certificate_whose_authority_has_expired()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root);
        issuer.Clock.Advance(TimeSpan.FromDays(366 * 11));
        await ShouldRefuseAsync(issuer, root.Issue(until: TimeSpan.FromDays(366 * 20)));
    }

    // MTLS-06: intermediates from the handshake, from the settings, or from another client's handshake.
    [Fact]
    public async Task Builds_a_chain_with_the_intermediates_that_the_client_sent()
    {
        var root = TestAuthority.Root();
        TestAuthority first = root.Intermediate("CN=First"), second = first.Intermediate("CN=Second");
        await using IssuerHost issuer = await StartAsync(root);
        await ShouldRefuseAsync(issuer, second.Issue());
        await ShouldRefuseAsync(issuer, Send(second.Issue(), second));
        // In any order, with others among them.
        (await issuer.AskWithAsync(Send(second.Issue(), first, TestAuthority.Root("CN=Stray"), second), Machine)).ShouldBeToken();
    }

    // MTLS-47: a resumed session brings no intermediates; those that once led to a root help again, and still have to lead there.
    [Fact]
    public async Task Remembers_the_intermediates_that_led_to_a_root()
    {
        var root = TestAuthority.Root();
        TestAuthority intermediate = root.Intermediate();
        await using IssuerHost issuer = await StartAsync(root);
        await ShouldRefuseAsync(issuer, intermediate.Issue());
        (await issuer.AskWithAsync(Send(intermediate.Issue(), intermediate), Machine)).ShouldBeToken();
        (await issuer.AskWithAsync(intermediate.Issue(), Machine)).ShouldBeToken();
        TestAuthority stranger = TestAuthority.Root("CN=Other").Intermediate("CN=Other intermediate");
        await ShouldRefuseAsync(issuer, Send(stranger.Issue(), stranger));
        await ShouldRefuseAsync(issuer, stranger.Issue());
    }

    // MTLS-17: what a client sends is never an anchor.
    [Fact]
    public async Task Refuses_a_root_that_the_client_sent_itself()
    {
        var own = TestAuthority.Root("CN=Own");
        await using IssuerHost issuer = await StartAsync(TestAuthority.Root());
        await ShouldRefuseAsync(issuer, Send(own.Issue(), own));
    }

    [Fact]
    public async Task Builds_a_chain_with_configured_intermediates_and_does_not_trust_them_for_themselves()
    {
        var root = TestAuthority.Root();
        TestAuthority intermediate = root.Intermediate(), stranger = TestAuthority.Root("CN=Other").Intermediate("CN=Other intermediate");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, intermediate.Pem + "\n" + stranger.Pem);
            await using IssuerHost issuer = await StartAsync(root, o => o.MutualTls.IntermediateCertificateFiles.Add(file));
            (await issuer.AskWithAsync(intermediate.Issue(), Machine)).ShouldBeToken();
            await ShouldRefuseAsync(issuer, stranger.Issue());
        }
        finally
        {
            File.Delete(file);
        }
    }

    // MTLS-44: an end entity is no authority, whatever it signs.
    [Fact]
    public async Task Refuses_a_certificate_of_an_issuer_that_is_no_authority()
    {
        var root = TestAuthority.Root();
        TestAuthority plain = root.Intermediate("CN=Plain", r => r.CertificateExtensions.Clear());
        TestAuthority denied = root.Intermediate("CN=Denied", r =>
        {
            r.CertificateExtensions.Clear();
            r.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        });
        TestAuthority unsigning = root.Intermediate("CN=Unsigning", r =>
        {
            r.CertificateExtensions.Clear();
            r.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        });
        await using IssuerHost issuer = await StartAsync(root);
        foreach (TestAuthority authority in new[] { plain, denied, unsigning })
            await ShouldRefuseAsync(issuer, Send(authority.Issue(), authority));
    }

    // MTLS-44
    [Fact]
    public async Task Refuses_a_chain_that_is_longer_than_its_authority_allows()
    {
        TestAuthority root = TestAuthority.Root(change: r =>
        {
            r.CertificateExtensions.Clear();
            r.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        });
        TestAuthority intermediate = root.Intermediate();
        await using IssuerHost issuer = await StartAsync(root);
        (await issuer.AskWithAsync(root.Issue(), Machine)).ShouldBeToken();
        await ShouldRefuseAsync(issuer, Send(intermediate.Issue(), intermediate));
    }

    // MTLS-44: an authority for servers only issues no clients.
    [Fact]
    public async Task Refuses_a_certificate_whose_authority_is_for_other_uses()
    {
        var root = TestAuthority.Root();
        TestAuthority servers = root.Intermediate("CN=Servers", r => r.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TestAuthority.ServerUsage)], true)));
        await using IssuerHost issuer = await StartAsync(root);
        await ShouldRefuseAsync(issuer, Send(servers.Issue(), servers));
    }

    // MTLS-06: a good chain is remembered for a short time, and not beyond the end of a certificate in it.
    [Fact]
    public async Task Remembers_a_good_chain_no_longer_than_its_certificates_live()
    {
        var root = TestAuthority.Root();
        X509Certificate2 certificate = root.Issue(until: TimeSpan.FromMinutes(2));
        await using IssuerHost issuer = await StartAsync(root);
        (await issuer.AskWithAsync(certificate, Machine)).ShouldBeToken();
        issuer.Clock.Advance(TimeSpan.FromMinutes(2));
        // Within the leeway for its dates, so that only the chain can refuse it.
        issuer.Clock.Advance(TimeSpan.FromSeconds(5));
        await ShouldRefuseAsync(issuer, certificate);
    }

    // MTLS-06: what was found good is the certificate, not the name in it.
    [Fact]
    public async Task Remembers_a_certificate_and_not_its_name()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root);
        (await issuer.AskWithAsync(root.Issue(), Machine)).ShouldBeToken();
        await ShouldRefuseAsync(issuer, TestAuthority.Root().Issue());
    }

    // MTLS-03: a chain that is remembered says nothing about who may use it.
    [Fact]
    public async Task Compares_the_name_each_time()
    {
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await StartAsync(root, o => o.Clients.Add(new()
        {
            ClientId = "neighbour", AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = "CN=neighbour", Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        }));
        X509Certificate2 certificate = root.Issue();
        (await issuer.AskWithAsync(certificate, Machine)).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskWithAsync(certificate, "neighbour"), VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }
}
