using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Guard.Tests;

/// <summary>Whatever is sent, the guard refuses it with a name or the server cuts it off; it never fails.</summary>
public sealed class HostileInputTests(HostileInputTests.Shared shared) : IClassFixture<HostileInputTests.Shared>
{
    private TestGuard Guard => shared.Guard;

    public static TheoryData<string, string> Lines => new()
    {
        { "X-Original-URI", "/" + new string('a', 5000) },
        { "X-Original-URI", "/?" + new string('a', 20_000) },
        { "X-Original-URI", "/%" },
        { "X-Original-URI", "/%zz" },
        { "X-Original-URI", "/a b" },
        { "X-Original-URI", "/#fragment" },
        { "X-Original-URI", "/\\..\\admin" },
        { "X-Original-URI", "//evil.example/orders" },
        { "X-Original-URI", "http:///" },
        { "X-Original-URI", "://" },
        { "X-Original-URI", "https://api.example.com" },
        { "X-Original-Host", "[::1" },
        { "X-Original-Host", "xn--" },
        { "X-Original-Host", new string('a', 5000) },
        { "X-Original-Host", "api.example.com:" + new string('9', 100) },
        { "X-Original-Scheme", new string('h', 5000) },
        { "X-Original-Method", new string('G', 5000) },
        { "Authorization", "DPoP" },
        { "Authorization", "DPoP " + new string('.', 20_000) },
        { "DPoP", new string(',', 10_000) },
        { "DPoP", "" },
        { "DPoP", new string('A', 60_000) },
    };

    [Theory, MemberData(nameof(Lines))]
    public async Task Refuses_with_a_name(string field, string value)
    {
        string[] lines = [.. TestGuard.NginxLines().Skip(1).Concat(Guard.Credentials("GET", "/orders")).Where(line => !line.StartsWith(field + ":", StringComparison.Ordinal)), $"{field}: {value}"];
        GuardAnswer answer = await Guard.AskAsync("/authorize/haproxy", ["Host: guard", .. lines]);

        answer.Status.ShouldBeInRange(400, 403, answer.ToString());
        FailureCatalog.All.Select(failure => failure.Name).ShouldContain(answer.Failure);
        answer.Context.ShouldBeEmpty();
        Guard.Recorded.Lines.ShouldAllBe(line => line.Level < Microsoft.Extensions.Logging.LogLevel.Error);
    }

    // FWD-65: a name that is none must not make anything throw that reads hosts.
    [Theory]
    [InlineData("/authorize/nginx", "Host: xn--99999999.example", "X-Original-Host: xn--99999999.example")]
    [InlineData("/authorize/nginx", "Host: api.example.com", "X-Original-Host: xn--99999999.example")]
    [InlineData("/authorize/nginx", "Host: xn--99999999.example", "X-Original-Host: api.example.com")]
    [InlineData("/authorize/envoy/orders", "Host: xn--99999999.example", "X-Original-Host: api.example.com")]
    public async Task Refuses_a_host_that_is_no_name(string path, string host, string original)
    {
        string[] lines = [.. TestGuard.NginxLines().Where(line => !line.StartsWith("Host:", StringComparison.Ordinal) && !line.StartsWith("X-Original-Host:", StringComparison.Ordinal)),
            host, original, "X-Forwarded-Proto: https", .. Guard.Credentials("GET", "/orders")];
        GuardAnswer answer = await Guard.AskAsync(path, lines);
        answer.Status.ShouldBeInRange(400, 403, answer.ToString());
        answer.Context.ShouldBeEmpty();
        Guard.Recorded.Lines.ShouldAllBe(line => line.Level < Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Reads_no_more_than_it_must()
    {
        string[] lines = [.. TestGuard.NginxLines(), .. Guard.Credentials("GET", "/orders"), .. Enumerable.Range(0, 20).Select(i => $"X-Padding-{i}: {new string('a', 6000)}")];
        (await Guard.AskAsync("/authorize/nginx", lines)).Status.ShouldBe(431);
    }

    // A proxy goes away when its client does.
    [Fact]
    public async Task Says_nothing_of_a_proxy_that_went_away()
    {
        var gate = new TaskCompletionSource();
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\ndecision_timeout: 30s", new TestIssuer { Gate = gate.Task });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, new Uri(guard.Addresses[0]).Port);
            string[] lines = [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")];
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"GET /authorize/nginx HTTP/1.1\r\n{string.Concat(lines.Select(line => line + "\r\n"))}\r\n"));
            client.LingerState = new LingerOption(true, 0);
        }
        gate.SetResult();
        // The next one finds everything as it should be.
        (await guard.AskAsHonestAsync()).Status.ShouldBe(200);
        guard.Recorded.Lines.ShouldAllBe(line => line.Level < Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Measures_each_decision_by_adapter_and_status()
    {
        var measured = new ConcurrentBag<(string? Adapter, int? Status)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Name == "holdfast.guard.decision.duration")
                    meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            Dictionary<string, object?> named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            measured.Add(((string?)named["adapter"], seconds > 0 ? (int?)named["status"] : null));
        });
        listener.Start();
        // The meter is the process's own, and other tests run beside: nobody else has this adapter and this status.
        await using TestGuard down = await TestGuard.StartAsync(issuer: new TestIssuer { IsDown = true });
        (await down.AskAsync("/authorize/apache", ["Host: guard", .. TestGuard.NginxLines().Skip(1), .. down.Credentials("GET", "/orders")])).Status.ShouldBe(503);

        measured.ShouldContain(("apache", 503));
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestGuard Guard { get; private set; } = null!;

        public async Task InitializeAsync() => Guard = await TestGuard.StartAsync();

        public async Task DisposeAsync() => await Guard.DisposeAsync();
    }
}
