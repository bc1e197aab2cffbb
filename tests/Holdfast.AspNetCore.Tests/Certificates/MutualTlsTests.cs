using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>Certificates from Kestrel's own TLS connections.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = TestCertificates.SelfSigned();
    private readonly List<ClientCertificate?> _seen = [];

    public void Dispose() => _certificate.Dispose();

    private Task<TestApi> StartAsync(Action<HoldfastOptions>? options = null) => TestApi.StartAsync(new()
    {
        Listen = kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = TestCertificates.Server;
            https.AcceptClientCertificates();
        })),
        Options = options ?? (settings => settings.UseClientCertificates = true),
        Endpoints = app =>
        {
            app.MapGet("/certificate", (HttpContext context) => _seen.Add(context.Features.Get<IHoldfastFeature>()!.Verdict.Certificate)).RequireAuthorization();
            app.MapGet("/who", (ClaimsPrincipal user) => $"{user.Identities.Count()} {user.Identity?.IsAuthenticated} {string.Join(' ', user.Claims.Select(claim => claim.Type))}");
        },
    });

    public static TheoryData<string, SslProtocols> Connections => new()
    {
        { "1.1", SslProtocols.Tls12 }, { "1.1", SslProtocols.Tls13 }, { "2.0", SslProtocols.Tls12 }, { "2.0", SslProtocols.Tls13 },
    };

    // MTLS-23, MTLS-26, MTLS-33, MTLS-48
    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Accepts_a_token_over_the_connection_of_its_certificate_and_hashes_that_once(string version, SslProtocols protocol)
    {
        await using TestApi api = await StartAsync();
        using HttpClient client = TlsClient.Create(api.Urls[0], _certificate, Version.Parse(version), protocol);

        for (int i = 0; i < 3; i++)
            (await client.GetAsync("/certificate", $"Bearer {api.CertificateToken(_certificate)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Another connection, another reading.
        using HttpClient second = TlsClient.Create(api.Urls[0], _certificate, Version.Parse(version), protocol);
        await second.GetAsync("/certificate", $"Bearer {api.CertificateToken(_certificate)}");

        _seen.ShouldAllBe(certificate => certificate!.Thumbprint.ToString() == TestCertificates.Thumbprint(_certificate) && !certificate.IsForwarded);
        _seen[..3].Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(1);
        _seen[3].ShouldNotBeSameAs(_seen[0]);
        api.Recorded.Signals.ShouldBeEmpty();
    }

    // MTLS-26, MTLS-39
    [Fact]
    public async Task Endpoints_that_configuration_declares_ask_as_well()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Listen = kestrel =>
            {
                kestrel.ConfigureHttpsDefaults(https =>
                {
                    https.ServerCertificate = TestCertificates.Server;
                    https.AcceptClientCertificates();
                });
                kestrel.Configure(new ConfigurationBuilder().AddInMemoryCollection([new("Endpoints:Https:Url", "https://127.0.0.1:0")]).Build());
            },
        });
        using HttpClient with = TlsClient.Create(api.Urls[0], _certificate), without = TlsClient.Create(api.Urls[0], null);

        (await with.GetAsync("/orders", $"Bearer {api.CertificateToken(_certificate)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await without.GetAsync("/open", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // MTLS-23
    [Fact]
    public async Task Streams_of_one_connection_agree_while_they_race()
    {
        await using TestApi api = await StartAsync();
        using HttpClient client = TlsClient.Create(api.Urls[0], _certificate, HttpVersion.Version20);
        string token = api.CertificateToken(_certificate);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => client.GetAsync("/orders", $"Bearer {token}")));

        responses.ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);
    }

    // MTLS-24
    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Takes_another_certificate_for_theft(string version, SslProtocols protocol)
    {
        await using TestApi api = await StartAsync();
        using X509Certificate2 thief = TestCertificates.SelfSigned("thief");
        using HttpClient client = TlsClient.Create(api.Urls[0], thief, Version.Parse(version), protocol);
        string token = api.CertificateToken(_certificate);

        HttpResponseMessage response = await client.GetAsync("/orders", $"Bearer {token}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").Last().ShouldStartWith("Bearer error=\"invalid_token\"");
        VerificationSignal signal = api.Recorded.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.CertificateMismatch);
        signal.CertificateThumbprint.ShouldBe(TestCertificates.Thumbprint(thief));
        signal.ExpectedCertificateThumbprint.ShouldBe(TestCertificates.Thumbprint(_certificate));
        (LogLevel level, string text) = api.Recorded.Lines.Where(line => line.Text.StartsWith("Refused")).ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Error);
        text.ShouldContain($"certificate {TestCertificates.Thumbprint(thief)}, bound certificate {TestCertificates.Thumbprint(_certificate)}");
        text.ShouldNotContain(token);
    }

    // MTLS-24, MTLS-25, MTLS-39
    [Theory]
    [InlineData(false, "/orders")]
    [InlineData(true, "/orders")]
    [InlineData(true, "/orders/7")]
    [InlineData(true, "/certificate")]
    public async Task Refuses_a_bound_token_on_every_route_where_no_certificate_came(bool says, string path)
    {
        await using TestApi api = await StartAsync(options => (options.UseClientCertificates, options.Mode) = (says, SenderConstraintMode.Observe));
        using HttpClient client = TlsClient.Create(api.Urls[0], null);

        HttpResponseMessage response = await client.GetAsync(path, $"Bearer {api.CertificateToken(_certificate)}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").ShouldContain(challenge => challenge.StartsWith("Bearer error=\"invalid_token\""));
        api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateMissing);
    }

    // MTLS-23
    [Fact]
    public async Task Accepts_a_bound_token_whatever_the_options_say()
    {
        await using TestApi api = await StartAsync(options => options.UseClientCertificates = false);
        using HttpClient client = TlsClient.Create(api.Urls[0], _certificate);

        (await client.GetAsync("/orders", $"Bearer {api.CertificateToken(_certificate)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // MTLS-44
    [Theory]
    [InlineData(2025, 1, 2025, 12, VerificationFailure.CertificateExpired)]
    [InlineData(2027, 1, 2028, 12, VerificationFailure.CertificateNotYetValid)]
    public async Task A_certificate_that_is_not_valid_now_reaches_the_verifier_which_says_so(int fromYear, int fromMonth, int toYear, int toMonth, VerificationFailure expected)
    {
        using X509Certificate2 untimely = TestCertificates.SelfSigned("client", new(fromYear, fromMonth, 1, 0, 0, 0, TimeSpan.Zero), new(toYear, toMonth, 1, 0, 0, 0, TimeSpan.Zero));
        await using TestApi api = await StartAsync();
        using HttpClient client = TlsClient.Create(api.Urls[0], untimely);

        (await client.GetAsync("/orders", $"Bearer {api.CertificateToken(untimely)}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(expected);
    }

    // MTLS-44
    [Fact]
    public async Task A_certificate_without_an_end_is_no_server_error()
    {
        // RFC 5280 §4.1.2.5: the last second of the year 9999.
        using X509Certificate2 endless = TestCertificates.SelfSigned("client", null, new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        await using TestApi api = await StartAsync();
        using HttpClient client = TlsClient.Create(api.Urls[0], endless);

        (await client.GetAsync("/orders", $"Bearer {api.CertificateToken(endless)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-RS-23
    [Fact]
    public async Task A_token_bound_to_key_and_certificate_needs_both()
    {
        await using TestApi api = await StartAsync();
        using HttpClient with = TlsClient.Create(api.Urls[0], _certificate), without = TlsClient.Create(api.Urls[0], null);
        string token = api.CertificateToken(_certificate, api.Key.Thumbprint);
        (string, string) Proof() => ("DPoP", api.Proof("GET", "/orders", token).Sign());

        (await with.GetAsync("/orders", $"DPoP {token}", Proof())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await with.GetAsync("/orders", $"DPoP {token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await with.GetAsync("/orders", $"Bearer {token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await without.GetAsync("/orders", $"DPoP {token}", Proof())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Signals.Select(signal => signal.Failure.Failure).ShouldBe(
            [VerificationFailure.ProofMissing, VerificationFailure.BoundTokenAsBearer, VerificationFailure.CertificateMissing]);
    }

    // MTLS-27
    [Fact]
    public async Task A_certificate_is_nobody()
    {
        await using TestApi api = await StartAsync();
        using HttpClient client = TlsClient.Create(api.Urls[0], _certificate);

        (await (await client.GetAsync("/who", null)).Content.ReadAsStringAsync()).ShouldBe("1 False ");
        (await client.GetAsync("/orders", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await client.GetAsync("/who", $"Bearer {api.CertificateToken(_certificate)}")).Content.ReadAsStringAsync())
            .ShouldBe("1 True iss aud sub client_id iat exp jti scope scope cnf");
    }

    // MTLS-26
    [Fact]
    public async Task Fetches_nothing_that_a_stranger_s_certificate_names()
    {
        using var bait = new TcpListener(IPAddress.Loopback, 0);
        bait.Start();
        using X509Certificate2 issued = TestCertificates.Issued($"http://127.0.0.1:{((IPEndPoint)bait.LocalEndpoint).Port}/authority");
        await using TestApi api = await StartAsync();
        using HttpClient client = TlsClient.Create(api.Urls[0], issued);

        (await client.GetAsync("/orders", $"Bearer {api.CertificateToken(issued)}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        bait.Pending().ShouldBeFalse();
    }

    // MTLS-47
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_resumed_session_still_has_its_certificate(string protocol)
    {
        await using TestApi api = await StartAsync();
        using var client = new OpenSslClient(_certificate);
        string token = api.CertificateToken(_certificate);

        string first = await client.GetAsync(api.Port, protocol, "/orders", $"Bearer {token}");
        string second = await client.GetAsync(api.Port, protocol, "/orders", $"Bearer {token}");

        first.ShouldContain("New, TLSv1");
        first.ShouldContain("HTTP/1.1 200 OK");
        second.ShouldContain("Reused, TLSv1");
        second.ShouldContain("HTTP/1.1 200 OK");
    }
}
