using Holdfast.AspNetCore;

namespace Holdfast.Guard.Tests.Proxies;

/// <summary>Who may ask.</summary>
public sealed class TrustTests
{
    // FWD-20, FWD-51
    [Theory]
    [InlineData(null)]
    [InlineData("Holdfast-Proxy-Secret: another-secret-that-is-long-enough-1")]
    [InlineData("Holdfast-Proxy-Secret: ")]
    [InlineData("Holdfast_Proxy_Secret: " + TestGuard.Secret)]
    [InlineData("Holdfast-Proxy-Secret: " + TestGuard.Secret + "\r\nHoldfast-Proxy-Secret: " + TestGuard.Secret)]
    public async Task Refuses_whoever_does_not_know_the_secret_once(string? line)
    {
        await using TestGuard guard = await TestGuard.StartAsync();
        string[] lines = [.. TestGuard.NginxLines().Where(line => !line.StartsWith("Holdfast")), .. guard.Credentials("GET", "/orders"), .. line is null ? [] : new[] { line }];

        GuardAnswer answer = await guard.AskAsync("/authorize/nginx", lines);

        answer.Status.ShouldBe(403);
        answer.Failure.ShouldBe("proxy_untrusted");
        answer.Challenges.ShouldBeEmpty();
        VerificationSignal signal = guard.Recorded.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.ProxyUntrusted);
        signal.Failure.Severity.ShouldBe(FailureSeverity.Suspicious);
        guard.Recorded.Lines.ShouldAllBe(logged => !logged.Text.Contains("another-secret") && !logged.Text.Contains(TestGuard.Secret));
    }

    // FWD-20
    [Fact]
    public async Task Refuses_another_address()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml.Replace("addresses: [127.0.0.1]", "addresses: [10.0.0.1]"));
        (await guard.AskAsHonestAsync()).Failure.ShouldBe("proxy_untrusted");
    }

    // FWD-20: the socket's permissions tell the proxy from other processes.
    [Fact]
    public async Task Trusts_a_unix_socket_where_it_is_declared_and_gives_it_to_owner_and_group()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("guard.sock");
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml
            .Replace("address: 127.0.0.1:0", $"address: unix:{path}").Replace("      addresses: [127.0.0.1]\n", "").Replace("secrets: [{ file: secret }]", "unix_socket: true"));

        (await guard.AskAsHonestAsync()).Status.ShouldBe(200);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
    }

    [Fact]
    public async Task Takes_over_a_socket_that_a_killed_guard_left_and_never_one_that_answers()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("guard.sock");
        string Edit(string yaml) => yaml.Replace("address: 127.0.0.1:0", $"address: unix:{path}\n    socket_mode: owner").Replace("addresses: [127.0.0.1]", "unix_socket: true");
        using (var left = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            // Under another name, so that closing it does not remove it.
            left.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path + ".first"));
            File.Move(path + ".first", path);
        }
        File.Exists(path).ShouldBeTrue();

        await using TestGuard guard = await TestGuard.StartAsync(Edit);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Should.ThrowAsync<IOException>(() => TestGuard.StartAsync(Edit));
        (await guard.AskAsHonestAsync()).Status.ShouldBe(200);
    }

    // A listener answers what it is declared for, and nothing else.
    [Fact]
    public async Task Answers_only_the_contracts_that_are_declared_for_the_listener()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml.Replace("adapters: [nginx, forward, envoy, haproxy, apache]", "adapters: [haproxy]"));
        GuardAnswer nginx = await guard.AskAsHonestAsync();
        nginx.Status.ShouldBe(404);
        (await guard.AskAsync("/authorize/haproxy", [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")])).Status.ShouldBe(200);
    }

    // FWD-42: the proxy's own certificate, and not one of its client.
    [Fact]
    public async Task Tells_a_proxy_by_its_own_certificate_and_never_takes_that_for_a_clients()
    {
        await using var world = new TlsWorld();
        await using TestGuard guard = await TestGuard.StartAsync(world.Edit);
        string token = guard.Issuer.Sign(world.BoundTo(guard.Issuer.Claims(TestGuard.Origin, guard.Clock.UtcNow), world.Proxy));
        string[] lines = [.. TestGuard.NginxLines(), $"Authorization: Bearer {token}"];

        (await world.AskAsync(guard, null, [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")])).Failure.ShouldBe("proxy_untrusted");
        (await world.AskAsync(guard, world.Stranger, [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")])).Failure.ShouldBe("proxy_untrusted");
        (await world.AskAsync(guard, world.Proxy, [.. TestGuard.NginxLines(), .. guard.Credentials("GET", "/orders")])).Status.ShouldBe(200);
        // MTLS-24
        (await world.AskAsync(guard, world.Proxy, lines)).Failure.ShouldBe("certificate_missing");
    }
}
