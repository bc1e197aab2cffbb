using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer.Tests;

/// <summary>Whether an authority has taken a certificate back (RFC 8705 §2.1), asked where an operator switches it on.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private const string Machine = "machine";

    // A name of its own for each run, because the platform keeps revocation lists on this machine.
    private readonly TestAuthority _root = TestAuthority.Root($"CN=Root {Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}");
    private readonly CertificateRevocationListBuilder _revoked = new();
    private WebApplication _server = null!;
    private int _requests;
    private bool _isDown;
    private TimeSpan _listLives = TimeSpan.FromDays(1);

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(async context =>
        {
            Interlocked.Increment(ref _requests);
            if (_isDown)
                context.Response.StatusCode = 503;
            else
                await context.Response.Body.WriteAsync(_revoked.Build(_root.Certificate.CopyWithPrivateKey(_root.Key), 1, _root.Now + _listLives, HashAlgorithmName.SHA256, thisUpdate: _root.Now.AddDays(-1)));
        });
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/crl";

    private X509Certificate2 Issue(bool namesList = true) => _root.Issue(change: r =>
    {
        if (namesList)
            r.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Url]));
    });

    private Task<IssuerHost> StartAsync(X509RevocationMode mode) => IssuerHost.StartAsync(o =>
    {
        o.MutualTls.RevocationCheck = mode;
        o.MutualTls.TrustedCertificateAuthorities.Add(_root.Pem);
        o.Clients.Add(new()
        {
            ClientId = Machine, AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = "CN=orders", Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        });
    });

    private static async Task ShouldRefuseAsync(IssuerHost issuer, X509Certificate2 certificate, VerificationFailure failure = VerificationFailure.ClientCertificateRevoked) =>
        issuer.ShouldRefuse(await issuer.AskWithAsync(certificate, Machine), failure, "invalid_client");

    // MTLS-13
    [Fact]
    public async Task Refuses_a_revoked_certificate_where_the_check_is_on()
    {
        using X509Certificate2 good = Issue(), revoked = Issue();
        _revoked.AddEntry(revoked);
        await using IssuerHost issuer = await StartAsync(X509RevocationMode.Online);
        (await issuer.AskWithAsync(good, Machine)).ShouldBeToken();
        await ShouldRefuseAsync(issuer, revoked);
        _requests.ShouldBeGreaterThan(0);
    }

    // MTLS-13: the default asks nobody.
    [Fact]
    public async Task Asks_nobody_where_the_check_is_off()
    {
        using X509Certificate2 revoked = Issue();
        _revoked.AddEntry(revoked);
        await using IssuerHost issuer = await StartAsync(X509RevocationMode.NoCheck);
        (await issuer.AskWithAsync(revoked, Machine)).ShouldBeToken();
        _requests.ShouldBe(0);
    }

    // MTLS-13: switched on, what nobody can tell is a refusal.
    [Fact]
    public async Task Refuses_a_certificate_whose_status_cannot_be_learned()
    {
        _isDown = true;
        using X509Certificate2 certificate = Issue(), silent = Issue(namesList: false);
        await using IssuerHost online = await StartAsync(X509RevocationMode.Online);
        await ShouldRefuseAsync(online, certificate);
        await ShouldRefuseAsync(online, silent);
        await using IssuerHost offline = await StartAsync(X509RevocationMode.Offline);
        await ShouldRefuseAsync(offline, certificate);
    }

    // MTLS-13: offline goes by what this machine has already.
    [Fact]
    public async Task Goes_by_a_known_list_where_it_may_not_ask()
    {
        using X509Certificate2 good = Issue(), revoked = Issue();
        _revoked.AddEntry(revoked);
        await using IssuerHost online = await StartAsync(X509RevocationMode.Online);
        (await online.AskWithAsync(good, Machine)).ShouldBeToken();
        int requests = _requests;
        await using IssuerHost offline = await StartAsync(X509RevocationMode.Offline);
        (await offline.AskWithAsync(good, Machine)).ShouldBeToken();
        await ShouldRefuseAsync(offline, revoked);
        _requests.ShouldBe(requests);
    }

    // MTLS-13, RFC 8725 §3.10: a stranger's certificate does not make the issuer visit an address that it names.
    [Fact]
    public async Task Visits_no_address_that_an_untrusted_certificate_names()
    {
        var stranger = TestAuthority.Root("CN=Stranger");
        using X509Certificate2 certificate = stranger.Issue(change: r =>
        {
            r.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Url]));
            r.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([Url], [Url]));
        });
        await using IssuerHost issuer = await StartAsync(X509RevocationMode.Online);
        await ShouldRefuseAsync(issuer, certificate, VerificationFailure.ClientCertificateUntrusted);
        _requests.ShouldBe(0);
    }

    // A status is asked again when five minutes have passed.
    [Theory]
    [InlineData(299.999, true)]
    [InlineData(300, false)]
    public async Task Remembers_that_a_certificate_was_good_for_five_minutes(double seconds, bool accepted)
    {
        _listLives = TimeSpan.FromMinutes(2);
        using X509Certificate2 certificate = Issue();
        await using IssuerHost issuer = await StartAsync(X509RevocationMode.Online);
        (await issuer.AskWithAsync(certificate, Machine)).ShouldBeToken();
        // By now no list is good any more and none can be had, so that only what is remembered can accept.
        _isDown = true;
        issuer.Clock.Advance(TimeSpan.FromSeconds(seconds));
        TokenAnswer answer = await issuer.AskWithAsync(certificate, Machine);
        (answer.Token is not null).ShouldBe(accepted);
    }
}
