using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>Certificates that proxies hand on, from whom they are taken and from whom not.</summary>
public sealed class ForwardedCertificateTests : IDisposable
{
    private static readonly IPAddress Neighbour = IPAddress.Parse("127.0.0.2");

    private readonly X509Certificate2 _certificate = TestCertificates.SelfSigned();
    private readonly X509Certificate2 _other = TestCertificates.SelfSigned("other");

    private string Line => ForwardedLines.Of("rfc9440", _certificate)[0];

    public static TheoryData<string> Formats => [.. ForwardedLines.Formats];

    public void Dispose()
    {
        _certificate.Dispose();
        _other.Dispose();
    }

    // FWD-09, MTLS-23
    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Takes_the_declared_format_of_a_trusted_proxy(string format)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(options => options.Format = format);
        string[] lines = [ProxiedApi.SecretLine, .. ForwardedLines.Of(format, _certificate)];

        RawHttp.Status(await api.CallAsync(_certificate, null, lines)).ShouldBe(200);
        api.Api.Recorded.Signals.ShouldBeEmpty();
        RawHttp.Status(await api.CallAsync(_other, null, lines)).ShouldBe(401);
        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateMismatch);
    }

    // FWD-09
    [Fact]
    public async Task Takes_it_over_the_unix_socket_and_under_a_name_of_its_own()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(options => options.Field = "X-Edge-Cert");
        string line = "X-Edge-Cert" + Line[Line.IndexOf(':')..];

        RawHttp.Status(await api.CallSocketAsync(_certificate, line)).ShouldBe(200);
        RawHttp.Status(await api.CallSocketAsync(_certificate)).ShouldBe(401);
        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateMissing);
    }

    // MTLS-24, MTLS-25
    [Fact]
    public async Task Refuses_a_bound_token_of_a_client_for_which_the_proxy_hands_nothing_on()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();

        RawHttp.Status(await api.CallAsync(_certificate, null, ProxiedApi.SecretLine)).ShouldBe(401);

        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateMissing);
    }

    // FWD-20
    [Theory]
    [InlineData(null, null, "the shared secret of the proxy", "another, none or several")]
    [InlineData(null, "Holdfast-Proxy-Secret: 00000000000000000000000000000000", "the shared secret of the proxy", "another, none or several")]
    [InlineData("127.0.0.2", ProxiedApi.SecretLine, "a trusted address", "127.0.0.2")]
    public async Task Drops_counts_and_signals_what_a_stranger_forges_and_goes_on_without_it(string? from, string? secret, string expected, string seen)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();
        using var counted = new Dropped(api.Resource);

        string answer = await api.CallAsync(_certificate, from is null ? null : IPAddress.Parse(from), [Line, .. secret is null ? [] : new[] { secret }]);

        RawHttp.Status(answer).ShouldBe(401);
        VerificationSignal[] signals = [.. api.Api.Recorded.Signals];
        signals.Select(signal => signal.Failure.Failure).ShouldBe([VerificationFailure.CertificateHeaderUntrusted, VerificationFailure.CertificateMissing]);
        signals[0].Refused.ShouldBeFalse();
        signals[0].Failure.Severity.ShouldBe(FailureSeverity.Suspicious);
        signals[0].Expected!.ShouldContain(expected);
        signals[0].Seen.ShouldBe($"Client-Cert, from {seen}");
        counted.Peers.ShouldBe(["stranger"]);
        (LogLevel level, string text) = api.Api.Recorded.Lines.Where(line => line.Text.StartsWith("Dropped")).ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Warning);
        text.ShouldContain("certificate_header_untrusted");
        api.Api.Recorded.Lines.ShouldNotContain(line => line.Text.Contains(Convert.ToBase64String(_certificate.RawData)) || line.Text.Contains(ProxiedApi.Secret));
    }

    // FWD-20
    [Fact]
    public async Task A_stranger_s_own_requests_go_on()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();

        // Nothing forged, nothing to say.
        (await api.EchoAsync(Neighbour, "X-Other: 1")).ShouldContain("X-Other");
        api.Api.Recorded.Signals.ShouldBeEmpty();
        (await api.EchoAsync(Neighbour, "X-Other: 1", Line)).ShouldBe(["Host", "X-Other"], ignoreOrder: true);
        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateHeaderUntrusted);
    }

    // FWD-20, FWD-21
    [Theory]
    [InlineData("Client-Cert")]
    [InlineData("client-cert")]
    [InlineData("CLIENT-CERT")]
    [InlineData("Client_Cert")]
    [InlineData("client_cert")]
    [InlineData("Client-Cert-Chain")]
    [InlineData("Client_Cert-Chain")]
    [InlineData("X-SSL-Client-Cert")]
    [InlineData("X_SSL_Client_Cert")]
    [InlineData("X-Ssl-Client_Verify")]
    [InlineData("X-SSL-Client-Used")]
    [InlineData("x_forwarded_client_cert")]
    [InlineData("X-Forwarded-Client-Cert")]
    [InlineData("X-Forwarded-Tls-Client-Cert")]
    [InlineData("X-Amzn-Mtls-Clientcert")]
    [InlineData("X-Amzn-Mtls-Clientcert-Leaf")]
    [InlineData("X-ARR-ClientCert")]
    [InlineData("X_ARR_CLIENTCERT")]
    public async Task Drops_every_field_of_every_format_in_every_spelling(string name)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();
        await using ProxiedApi undeclared = await ProxiedApi.StartAsync(declared: Listeners.None);

        (await api.EchoAsync(Neighbour, $"{name}: x", "X-Other: 1")).ShouldBe(["Host", "X-Other"], ignoreOrder: true);
        (await undeclared.EchoAsync(null, $"{name}: x", "X-Other: 1")).ShouldBe(["Host", "X-Other"], ignoreOrder: true);

        api.Api.Recorded.Signals.ShouldHaveSingleItem().Seen!.ShouldStartWith(name);
        undeclared.Api.Recorded.Signals.ShouldHaveSingleItem().Seen.ShouldBe(name);
    }

    // FWD-21
    [Theory]
    [InlineData("Client_Cert: :AAAA:")]
    [InlineData("Client-Cert_Chain: :AAAA:")]
    [InlineData("X-Forwarded-Client-Cert: Hash=00")]
    [InlineData("X-SSL-Client-Verify: SUCCESS")]
    [InlineData("Connection: X-Forwarded-Client-Cert, x")]
    public async Task What_a_trusted_proxy_lets_through_besides_its_own_is_its_client_s(string smuggled)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();
        using var counted = new Dropped(api.Resource);

        RawHttp.Status(await api.CallAsync(_certificate, null, ProxiedApi.SecretLine, Line, smuggled)).ShouldBe(200);
        string[] names = await api.EchoAsync(null, ProxiedApi.SecretLine, Line, smuggled);

        VerificationSignal signal = api.Api.Recorded.Signals.First();
        (signal.Failure.Failure, signal.Refused).ShouldBe((VerificationFailure.CertificateHeaderUntrusted, false));
        signal.Expected!.ShouldContain("Client-Cert, Client-Cert-Chain");
        names.ShouldNotContain(smuggled.StartsWith("Connection") ? "X-Forwarded-Client-Cert" : smuggled.Split(':')[0]);
        names.ShouldContain("Client-Cert");
        counted.Peers.ShouldBe(["proxy", "proxy"]);
    }

    // FWD-20
    [Fact]
    public async Task Whoever_comes_by_a_unix_socket_is_nobody_unless_sockets_are_trusted()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(declared: Listeners.Every);

        RawHttp.Status(await api.CallSocketAsync(_certificate, ProxiedApi.SecretLine, Line)).ShouldBe(401);

        api.Api.Recorded.Signals.First().Seen.ShouldBe("Client-Cert, from a unix socket");
    }

    // FWD-21
    [Theory]
    [InlineData("Connection: x, Client-Cert")]
    [InlineData("Connection: client-cert,x")]
    public async Task Concludes_nothing_where_Connection_lists_the_proxy_s_own_field(string connection)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();

        RawHttp.Status(await api.CallAsync(_certificate, null, ProxiedApi.SecretLine, Line, connection)).ShouldBe(400);
        // The proxy took its own field away, as it was told: not the same as a client without a certificate.
        RawHttp.Status(await api.CallAsync(_certificate, null, ProxiedApi.SecretLine, connection)).ShouldBe(400);

        api.Api.Recorded.Signals.Where(signal => signal.Refused).ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.CertificateHeaderUnreadable);
    }

    // FWD-02
    [Fact]
    public async Task Refuses_a_second_line_beside_the_proxy_s_own_in_any_case()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();

        RawHttp.Status(await api.CallAsync(_certificate, null, ProxiedApi.SecretLine, Line, "client-cert: x")).ShouldBe(400);

        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateHeaderUnreadable);
    }

    [Fact]
    public async Task The_secret_of_the_proxy_goes_no_further()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();

        (await api.EchoAsync(null, ProxiedApi.SecretLine)).ShouldNotContain(ProxyTrust.SecretField);
        (await api.EchoAsync(Neighbour, ProxiedApi.SecretLine)).ShouldNotContain(ProxyTrust.SecretField);
    }

    // FWD-20, FWD-42
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_proxy_is_known_by_its_own_certificate_and_its_client_by_the_one_it_hands_on(string version)
    {
        using X509Certificate2 proxy = TestCertificates.SelfSigned("proxy");
        await using ProxiedApi api = await ProxiedApi.StartAsync(options =>
        {
            options.Trust.Secrets = [];
            options.Trust.CertificateThumbprints = [TestCertificates.Thumbprint(_other), TestCertificates.Thumbprint(proxy)];
        }, declared: Listeners.Every);
        (string, string) handed = ("Client-Cert", Line[(Line.IndexOf(':') + 2)..]);
        using HttpClient good = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", proxy, Version.Parse(version));
        using HttpClient stranger = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", _certificate, Version.Parse(version));

        (await good.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_certificate)}", handed)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await good.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(proxy)}", handed)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await good.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(proxy)}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_certificate)}", handed)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        RawHttp.Status(await api.CallAsync(_certificate, null, Line)).ShouldBe(401);

        api.Api.Recorded.Signals.Select(signal => signal.Failure.Failure).ShouldBe(
            [VerificationFailure.CertificateMismatch, VerificationFailure.CertificateMissing, VerificationFailure.CertificateHeaderUntrusted, VerificationFailure.CertificateMissing,
                VerificationFailure.CertificateHeaderUntrusted, VerificationFailure.CertificateMissing]);
    }

    // FWD-42
    [Fact]
    public async Task The_TLS_certificate_on_a_proxy_s_listener_is_never_the_client_s()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(declared: Listeners.Every);
        using HttpClient proxy = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", _other);

        HttpResponseMessage response = await proxy.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_other)}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateMissing);
    }

    // FWD-20, FWD-42
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_listener_that_is_not_a_proxy_s_takes_its_own_connections_and_drops_the_fields(string version)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();
        using HttpClient client = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", _certificate, Version.Parse(version));
        (string, string)[] forged = [("Client-Cert", Line[(Line.IndexOf(':') + 2)..]), ("Holdfast-Proxy-Secret", ProxiedApi.Secret)];

        (await client.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_certificate)}", forged)).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Api.Recorded.Failure.ShouldBe(VerificationFailure.CertificateHeaderUntrusted);
        (await client.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_other)}", forged)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // FWD-43
    [Fact]
    public async Task The_forwarding_of_ASP_NET_Core_cannot_feed_the_verifier()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(
            services: services => services.AddCertificateForwarding(options => (options.CertificateHeader, options.HeaderConverter) = ("X-Own", value => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(value)))),
            pipeline: app => app.UseCertificateForwarding(), declared: Listeners.None);
        string own = $"X-Own: {Convert.ToBase64String(_certificate.RawData)}";

        RawHttp.Status(await api.CallAsync(_certificate, null, own)).ShouldBe(401);
        using HttpClient client = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", _other);
        (await client.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_certificate)}", ("X-Own", own[7..]))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_other)}", ("X-Own", own[7..]))).StatusCode.ShouldBe(HttpStatusCode.OK);

        api.Api.Recorded.Signals.Select(signal => signal.Failure.Failure).ShouldBe([VerificationFailure.CertificateMissing, VerificationFailure.CertificateMismatch]);
    }

    // FWD-43
    [Fact]
    public async Task A_middleware_that_sets_the_connection_s_certificate_does_not_set_ours()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(declared: Listeners.None, pipeline: app => app.Use((context, next) =>
        {
            context.Connection.ClientCertificate = _certificate;
            return next(context);
        }));
        using HttpClient client = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", _other);

        RawHttp.Status(await api.CallAsync(_certificate, null)).ShouldBe(401);
        // Twice: what is set on a TLS connection stays there.
        for (int i = 0; i < 2; i++)
            (await client.GetAsync("/orders", $"Bearer {api.Api.CertificateToken(_certificate)}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // FWD-20, DPOP-V-21
    [Theory]
    [InlineData("127.0.0.2", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "127.0.0.2", true)]
    public async Task A_forwarded_address_makes_nobody_the_proxy(string from, string forwarded, bool trusted)
    {
        ProxyTrust trust = ProxyTrust.TryCreate(new() { Addresses = ["127.0.0.1"], Secrets = [ProxiedApi.Secret] }, "Trust", [])!;
        await using ProxiedApi api = await ProxiedApi.StartAsync(declared: Listeners.None,
            services: services => services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.All;
                options.KnownIPNetworks.Clear();
                options.KnownProxies.Clear();
            }),
            pipeline: app =>
            {
                app.UseForwardedHeaders();
                app.Run(context =>
                {
                    context.Response.Headers["Says"] = $"{context.Connection.RemoteIpAddress}, trusted {trust.Refuse(context) is null}";
                    return Task.CompletedTask;
                });
            });

        string answer = await api.CallAsync(_certificate, IPAddress.Parse(from), $"X-Forwarded-For: {forwarded}", ProxiedApi.SecretLine);

        answer.ShouldContain($"Says: {forwarded}, trusted {trusted}");
    }

    // FWD-20
    [Theory]
    [InlineData("127.0.0.2", 401)]
    [InlineData("127.0.0.1", 200)]
    public async Task A_forwarded_address_changes_nothing_about_the_certificate(string from, int status)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(
            services: services => services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.All;
                options.KnownIPNetworks.Clear();
                options.KnownProxies.Clear();
            }),
            pipeline: app => app.UseForwardedHeaders());

        string answer = await api.CallAsync(_certificate, IPAddress.Parse(from), "X-Forwarded-For: 127.0.0.1, 127.0.0.2", ProxiedApi.SecretLine, Line);

        RawHttp.Status(answer).ShouldBe(status);
    }

    // FWD-20
    [Fact]
    public async Task A_signal_names_a_few_of_many()
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync();
        string[] many = [.. Enumerable.Range(0, 16).Select(i => $"X{Mark(i, 1)}SSL{Mark(i, 2)}Client{Mark(i, 4)}Cert: {i}").Distinct()];

        await api.EchoAsync(Neighbour, many);

        api.Api.Recorded.Signals.ShouldHaveSingleItem().Seen!.ShouldEndWith($" and {many.Select(line => line.Split(':')[0]).Distinct().Count() - 4} more, from 127.0.0.2");

        static char Mark(int i, int bit) => (i & bit) == 0 ? '-' : '_';
    }

    /// <summary>What the meter counted for one resource.</summary>
    private sealed class Dropped : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Dropped(string resource)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: VerifierMeter.Name, Name: "holdfast.certificate_fields.dropped" })
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                Dictionary<string, object?> read = new(tags.ToArray());
                if (Equals(read["resource"], resource))
                    Peers.AddRange(Enumerable.Repeat((string)read["peer"]!, (int)count));
            });
            _listener.Start();
        }

        public List<string> Peers { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
