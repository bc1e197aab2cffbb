using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Holdfast.Storage;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>An issuer behind a proxy that ends TLS: the certificate comes from the declared proxy alone, and means the same as on a connection.</summary>
public sealed class ForwardedCertificateTests : IAsyncLifetime
{
    private const string Machine = "machine", Own = "self-signed", Secret = "a-secret-of-the-proxy-0123456789-0123456789";

    private readonly TestAuthority _root = TestAuthority.Root(now: TimeProvider.System.GetUtcNow());
    private readonly X509Certificate2 _selfSigned = TestAuthority.SelfSigned(now: TimeProvider.System.GetUtcNow());
    private readonly string _directory = IssuerHost.NewDirectory();
    private readonly RefusalLog _log = new();
    private readonly int[] _ports = FreePort.Take(2);
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach(_ports, port => kestrel.Listen(IPAddress.Loopback, port)));
        builder.Services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, new CallerKey(), _directory);
            options.MutualTls.TrustedCertificateAuthorities.Add(_root.Pem);
            options.Clients.Add(new()
            {
                ClientId = Machine, AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = "CN=orders", Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
            });
            options.Clients.Add(new()
            {
                ClientId = Own, AuthenticationMethod = "self_signed_tls_client_auth", Jwks = CertificateJwk.Set(CertificateJwk.Of(_selfSigned)),
                Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
            });
        });
        builder.Services.AddHoldfastStorage(options => options.DataDirectory = _directory);
        foreach ((int port, string format) in new[] { (_ports[0], "rfc9440"), (_ports[1], "envoy-xfcc") })
        {
            builder.Services.AddForwardedClientCertificates(proxy =>
            {
                (proxy.Port, proxy.Format) = (port, format);
                proxy.Trust.Addresses = ["127.0.0.1"];
                proxy.Trust.Secrets = [Secret];
            });
        }
        _app = builder.Build();
        _app.MapHoldfastIssuer();
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<TokenAnswer> AskAsync(int listener, string clientId, string? secret, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_ports[listener]}/token") { Content = new FormUrlEncodedContent(IssuerHost.CertificateForm(clientId)) };
        foreach ((string name, string value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        if (secret is not null)
            request.Headers.TryAddWithoutValidation("Holdfast-Proxy-Secret", secret);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return await TokenAnswer.ReadAsync(response);
    }

    private static string Item(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawData)}:";

    private void ShouldRefuse(TokenAnswer answer, VerificationFailure failure)
    {
        answer.Token.ShouldBeNull();
        answer.Error.ShouldBe(FailureCatalog.Get(failure).WireError);
        _log.Failures[^1].ShouldBe(FailureCatalog.Get(failure).Name);
    }

    // MTLS-01, MTLS-06, MTLS-42: with the intermediates that the proxy hands on.
    [Fact]
    public async Task Authenticates_by_a_certificate_that_the_declared_proxy_hands_on()
    {
        TestAuthority intermediate = _root.Intermediate();
        using X509Certificate2 certificate = intermediate.Issue();
        ShouldRefuse(await AskAsync(0, Machine, Secret, ("Client-Cert", Item(certificate))), VerificationFailure.ClientCertificateUntrusted);
        TokenAnswer answer = await AskAsync(0, Machine, Secret, ("Client-Cert", Item(certificate)), ("Client-Cert-Chain", Item(intermediate.Certificate)));
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(IssuerHost.ThumbprintOf(certificate));
    }

    // MTLS-01: from nobody else.
    [Fact]
    public async Task Takes_no_certificate_from_somebody_who_is_not_the_proxy()
    {
        using X509Certificate2 certificate = _root.Issue();
        ShouldRefuse(await AskAsync(0, Machine, null, ("Client-Cert", Item(certificate))), VerificationFailure.ClientCertificateMissing);
        _log.Failures.ShouldContain("certificate_header_untrusted");
    }

    // What a proxy says and nobody can read is a refusal for every client.
    [Fact]
    public async Task Refuses_a_field_that_cannot_be_read() =>
        ShouldRefuse(await AskAsync(0, Own, Secret, ("Client-Cert", "no certificate")), VerificationFailure.CertificateHeaderUnreadable);

    // MTLS-14, MTLS-18: a hash tells a registered certificate from others, and is what a token is bound to; of an authority it tells nothing.
    [Fact]
    public async Task Goes_by_the_hash_where_the_proxy_hands_on_no_more()
    {
        string Hash(X509Certificate2 certificate) => $"Hash={Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData))}";
        TokenAnswer answer = await AskAsync(1, Own, Secret, ("X-Forwarded-Client-Cert", Hash(_selfSigned)));
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(IssuerHost.ThumbprintOf(_selfSigned));
        using X509Certificate2 other = _root.Issue();
        ShouldRefuse(await AskAsync(1, Own, Secret, ("X-Forwarded-Client-Cert", Hash(other))), VerificationFailure.ClientCertificateMismatch);
        ShouldRefuse(await AskAsync(1, Machine, Secret, ("X-Forwarded-Client-Cert", Hash(other))), VerificationFailure.ClientCertificateUntrusted);
        _log.Lines.ShouldContain(line => line.Contains("its hash alone"));
    }

    // MTLS-06: a proxy that calls a chain good does not make it so.
    [Fact]
    public async Task Builds_its_own_chain_whatever_the_proxy_says_of_it()
    {
        var stranger = TestAuthority.Root("CN=Stranger", now: TimeProvider.System.GetUtcNow());
        using X509Certificate2 certificate = stranger.Issue();
        ShouldRefuse(await AskAsync(0, Machine, Secret, ("Client-Cert", Item(certificate)), ("Client-Cert-Chain", Item(stranger.Certificate))), VerificationFailure.ClientCertificateUntrusted);
    }
}
