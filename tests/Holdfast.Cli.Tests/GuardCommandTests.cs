using System.Text.Json;

namespace Holdfast.Cli.Tests;

public sealed class GuardCommandTests
{
    private const string Yaml = """
        name: http://127.0.0.1:7400
        data_directory: guard-data
        listeners:
          - address: 127.0.0.1:0
            adapters: [nginx]
            trust:
              addresses: [127.0.0.1]
              secrets: [{ file: proxy-secret }]
        issuers:
          - issuer: https://login.example.com
        resources:
          - name: orders
            issuer: https://login.example.com
            audience: https://api.example.com
        routes:
          - origin: https://api.example.com
            path: /orders
            methods: [GET]
            resource: orders
            scopes: [orders:read]
            upstream: orders-service
        """;

    [Fact]
    public async Task Checks_a_configuration_and_says_what_it_means()
    {
        using TemporaryFolder folder = NewFolder(Yaml);

        CliRun run = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml", "--check");

        run.Code.ShouldBe(0, run.All);
        run.Error.ShouldBeEmpty();
        run.Out.ReplaceLineEndings("\n").Replace(folder.Path, "HERE").ShouldBe("""
            Contexts are issued in the name of http://127.0.0.1:7400; their keys are kept in HERE/guard-data and exchanged every 7d.
            127.0.0.1:0 answers nginx; a proxy is told by the address 127.0.0.1 and its secret (1 accepted).
            Tokens of https://login.example.com are taken where signed with ES256, ES384, PS256, PS384, RS256.
            Resource orders takes tokens of https://login.example.com for https://api.example.com; tokens that nothing binds are refused; proofs are signed with ES256, ES384, PS256, PS384.
            GET https://api.example.com/orders and below needs a token for orders and scope orders:read, and goes to orders-service.
            Every other request is refused.
            Every proof needs a nonce of this guard.
            Up to 4,000,000 accepted proofs are remembered; a decision takes at most 2s.

            """.ReplaceLineEndings("\n"));
        // Looking is not starting.
        Directory.Exists(folder.At("guard-data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Lists_every_problem_with_its_line()
    {
        using TemporaryFolder folder = NewFolder(Yaml.Replace("[nginx]", "[squid]").Replace("resource: orders", "resource: invoices").Replace("name: http", "nmae: http"));

        CliRun run = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml", "--check");

        run.Code.ShouldBe(1, run.All);
        run.Out.ShouldBeEmpty();
        run.Error.ReplaceLineEndings("\n").ShouldBe("""
            guard.yaml: line 1: name: missing; it is the iss of every context, best the URL where upstreams reach this guard.
            guard.yaml: line 1: 'nmae' is not a setting here; there are name, data_directory, listeners, issuers, resources, replay, single_instance, replicas, nonces, routes, replay_capacity, replay_quota_per_key, max_concurrent_verifications, max_backlog_per_processor, decision_timeout, context_key_lifetime.
            guard.yaml: line 5: listeners[0].adapters: 'squid' is none of nginx, forward, envoy, haproxy, apache.
            guard.yaml: line 19: routes[0].resource: 'invoices' is not among resources.

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Reports_a_check_as_json()
    {
        using TemporaryFolder good = NewFolder(Yaml), bad = NewFolder(Yaml.Replace("[nginx]", "[squid]"));

        CliRun valid = await CliRun.AsOf(good.Path, "guard", "--config", "guard.yaml", "--check", "--json");
        valid.Code.ShouldBe(0);
        valid.Json.GetProperty("valid").GetBoolean().ShouldBeTrue();
        valid.Json.GetProperty("meaning").GetArrayLength().ShouldBe(8);

        CliRun invalid = await CliRun.AsOf(bad.Path, "guard", "--config", "guard.yaml", "--check", "--json");
        invalid.Code.ShouldBe(1);
        JsonElement problem = invalid.Json.GetProperty("problems").EnumerateArray().ShouldHaveSingleItem();
        problem.GetProperty("line").GetInt32().ShouldBe(5);
        problem.GetProperty("setting").GetString().ShouldBe("listeners[0].adapters");
    }

    [Theory]
    [InlineData("guard", "--config", "nowhere.yaml", "--check")]
    [InlineData("guard", "--config", "nowhere.yaml")]
    [InlineData("guard")]
    [InlineData("guard", "--check")]
    [InlineData("guard", "--config", "")]
    public async Task Says_what_it_cannot_even_try(params string[] line)
    {
        CliRun run = await CliRun.AsOf(Path.GetTempPath(), line);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldStartWith("holdfast: ");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Never_starts_with_a_configuration_that_has_a_problem()
    {
        using TemporaryFolder folder = NewFolder(Yaml.Replace("[nginx]", "[squid]"));
        CliRun run = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml");
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("guard.yaml: line 5: listeners[0].adapters");
        Directory.Exists(folder.At("guard-data")).ShouldBeFalse();
    }

    // DPOP-V-29
    [Fact]
    public async Task Says_what_sharing_the_memory_of_proofs_means()
    {
        using TemporaryFolder folder = NewFolder(Yaml + "\nreplicas: 3\nreplay:\n  postgresql:\n    connection_string: { file: database }");
        folder.Write("database", "Host=127.0.0.1;Port=1;Username=holdfast;Password=never-shown\n");

        CliRun run = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml", "--check");

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("3 guards answer at a time.");
        run.Out.ShouldContain("Accepted proofs are shared through PostgreSQL, schema holdfast_replay");
        run.Out.ShouldContain("A nonce is asked for only where it helps.");
        run.Out.ShouldNotContain("never-shown");
    }

    // DPOP-V-29
    [Fact]
    public async Task Refuses_several_guards_that_would_each_accept_a_proof()
    {
        using TemporaryFolder folder = NewFolder(Yaml + "\nreplicas: 3\nnonces: on-demand"), bound = NewFolder(Yaml + "\nreplicas: 3");

        CliRun check = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml", "--check");
        CliRun run = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml");

        check.Code.ShouldBe(1, check.All);
        check.Error.ShouldContain("guard.yaml: line 22: replicas: ");
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("replicas: ");
        // Where every proof needs a nonce of the guard it is sent to, no other takes it.
        (await CliRun.AsOf(bound.Path, "guard", "--config", "guard.yaml", "--check")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Tells_a_connection_string_that_is_none_with_its_line_and_does_not_show_it()
    {
        using TemporaryFolder folder = NewFolder(Yaml + "\nreplay:\n  postgresql:\n    connection_string: { file: database }");
        folder.Write("database", "Hots=db.example.com;Password=never-shown\n");

        CliRun run = await CliRun.AsOf(folder.Path, "guard", "--config", "guard.yaml", "--check");

        run.Code.ShouldBe(1, run.All);
        run.Error.ShouldStartWith("guard.yaml: line 24: replay.postgresql: ConnectionString: ");
        run.Error.ShouldNotContain("never-shown");
    }

    [Fact]
    public async Task Prints_the_schema()
    {
        CliRun run = await CliRun.AsOf(Path.GetTempPath(), "guard", "--schema");
        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("$schema").GetString().ShouldBe("https://json-schema.org/draft/2020-12/schema");
    }

    [Fact]
    public async Task Runs_until_it_is_stopped_and_prints_refusals_as_json_lines()
    {
        using TemporaryFolder folder = NewFolder(Yaml);
        using var guard = new RunningCommand(folder.Path, "guard", "--config", "guard.yaml", "--json");
        JsonElement ready = JsonDocument.Parse(await guard.LineAsync()).RootElement;
        ready.GetProperty("guard").GetString().ShouldBe("http://127.0.0.1:7400");
        string address = ready.GetProperty("addresses")[0].GetString()!;

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        (await client.GetAsync(address + "/health/live")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        using HttpResponseMessage refused = await client.GetAsync(address + "/authorize/nginx");
        ((int)refused.StatusCode).ShouldBe(403);

        JsonElement signal = JsonDocument.Parse(await guard.LineAsync()).RootElement;
        signal.GetProperty("failure").GetString().ShouldBe("proxy_untrusted");
        signal.GetProperty("severity").GetString().ShouldBe("suspicious");
        (await guard.StopAsync()).ShouldBe(0);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(address + "/health/live"));
    }

    [Fact]
    public async Task Says_which_address_is_taken()
    {
        using TemporaryFolder folder = NewFolder(Yaml), other = NewFolder(Yaml);
        int port = FreePort.Take(1)[0];
        foreach (TemporaryFolder each in new[] { folder, other })
            each.Write("guard.yaml", Yaml.Replace("127.0.0.1:0", $"127.0.0.1:{port}"));
        using var first = new RunningCommand(folder.Path, "guard", "--config", "guard.yaml", "--json");
        await first.LineAsync();

        CliRun run = await CliRun.AsOf(other.Path, "guard", "--config", "guard.yaml");
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("cannot listen");
        run.Error.ShouldContain($"{port}");
    }

    private static TemporaryFolder NewFolder(string yaml)
    {
        var folder = new TemporaryFolder();
        folder.Write("guard.yaml", yaml);
        folder.Write("proxy-secret", "a-secret-that-the-proxy-shares-1\n");
        return folder;
    }
}
