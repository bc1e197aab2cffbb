using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Integration.Tests;

/// <summary>The client library, the issuer and the API door in one: the certificate is renewed, and calls go on.</summary>
public sealed class RenewedCertificateTests
{
    // MTLS-18, MTLS-22, MTLS-40
    [Theory]
    [InlineData(TokenBinding.Certificate)]
    [InlineData(TokenBinding.Both)]
    public async Task Calls_go_on_with_a_token_for_the_renewed_certificate(TokenBinding binding)
    {
        await using MutualTlsServers servers = await MutualTlsServers.StartAsync();
        using var folder = new TemporaryFolder();
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        Renew(servers, folder);
        await using ServiceProvider client = ClientOf(servers, folder, time, binding);
        HttpClient http = client.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        IHoldfastTokens tokens = client.GetRequiredService<IHoldfastTokens>();

        await CallAsync(http, servers);
        HoldfastToken first = await tokens.GetTokenAsync("orders");
        Renew(servers, folder);
        time.Advance(TimeSpan.FromSeconds(5));
        await CallAsync(http, servers);
        HoldfastToken second = await tokens.GetTokenAsync("orders");

        second.X5tS256.ShouldNotBe(first.X5tS256);
        second.AccessToken.ShouldNotBe(first.AccessToken);
        servers.Refused.ShouldBeEmpty();
    }

    // MTLS-24, MTLS-25: what makes the binding worth something.
    [Fact]
    public async Task The_token_is_worth_nothing_without_the_certificate()
    {
        await using MutualTlsServers servers = await MutualTlsServers.StartAsync();
        using var folder = new TemporaryFolder();
        Renew(servers, folder);
        await using ServiceProvider client = ClientOf(servers, folder, TimeProvider.System, TokenBinding.Certificate);
        HoldfastToken token = await client.GetRequiredService<IHoldfastTokens>().GetTokenAsync("orders");

        foreach (X509Certificate2? other in new[] { null, TestPki.Client() })
        {
            using SocketsHttpHandler handler = servers.Pki.Handler();
            handler.SslOptions.ClientCertificates = other is null ? null : [other];
            using var thief = new HttpClient(handler) { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken) } };
            (await thief.GetAsync(servers.Orders)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        servers.Refused.ShouldBe([VerificationFailure.CertificateMissing, VerificationFailure.CertificateMismatch]);
    }

    private static async Task CallAsync(HttpClient http, MutualTlsServers servers)
    {
        foreach (Version version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, servers.Orders) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await http.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static void Renew(MutualTlsServers servers, TemporaryFolder folder)
    {
        using X509Certificate2 next = TestPki.Issue(MutualTlsServers.Subject, servers.Pki.Authority);
        folder.Write("tls.crt", next.ExportCertificatePem());
        File.Delete(folder.At("tls.key"));
        File.SetUnixFileMode(folder.Write("tls.key", next.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static ServiceProvider ClientOf(MutualTlsServers servers, TemporaryFolder folder, TimeProvider time, TokenBinding binding)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddHttpClient(HoldfastClientDefaults.BackchannelName).ConfigurePrimaryHttpMessageHandler(servers.Pki.Handler);
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(servers.Pki.Handler).AddHoldfast("orders", o =>
        {
            (o.Issuer, o.ClientId, o.Resource) = (servers.Issuer, MutualTlsServers.ClientId, servers.Resource);
            (o.ClientCertificateFile, o.ClientCertificateKeyFile) = (folder.At("tls.crt"), folder.At("tls.key"));
            (o.Binding, o.ProofKeyFile) = (binding, binding == TokenBinding.Both ? folder.At("proof.pem") : null);
        });
        return services.BuildServiceProvider();
    }
}
