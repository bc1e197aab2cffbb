using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Guard.Tests.Configuration;

/// <summary>What is refused in a configuration, where, and that everything is told together.</summary>
public sealed class ConfigTests
{
    private static readonly IReadOnlyList<ConfigCase> Cases =
    [
        // The file as a whole.
        new("not YAML", _ => "listeners: [", "", "not YAML", Structural: null),
        new("a list", _ => "- name: x", "", "one mapping", Structural: null),
        new("two documents", yaml => yaml + "\n---\nname: x", "", "one mapping", Structural: null),
        new("the same member twice", yaml => yaml + "\nname: again", "", "not YAML", Structural: null),
        new("an unknown member", yaml => yaml + "\nnonce: always", "", "'nonce' is not a setting here"),
        new("an unknown member below", yaml => yaml.Replace("    resource: orders\n", "    resource: orders\n    scope: [x]\n"), "routes[0]", "'scope' is not a setting here"),
        new("no name", yaml => yaml.Replace("name: https://guard.example.com\n", ""), "name", "missing"),
        new("no directory", yaml => yaml.Replace("data_directory: data\n", ""), "data_directory", "missing"),
        new("an empty name", yaml => yaml.Replace("name: https://guard.example.com", "name: ''"), "name", "not empty"),
        new("a number for a name", yaml => yaml.Replace("name: https://guard.example.com", "name: 12"), "name", "put '12' in quotes"),
        new("a list for a name", yaml => yaml.Replace("name: https://guard.example.com", "name: [x]"), "name", "must be a text"),
        new("no routes", yaml => yaml[..yaml.IndexOf("routes:", StringComparison.Ordinal)], "routes", "missing"),
        new("empty routes", yaml => yaml[..yaml.IndexOf("routes:", StringComparison.Ordinal)] + "routes: []", "routes", "empty"),
        new("a text for routes", yaml => yaml[..yaml.IndexOf("routes:", StringComparison.Ordinal)] + "routes: x", "routes", "must be a list"),
        new("a text for a route", yaml => yaml[..yaml.IndexOf("routes:", StringComparison.Ordinal)] + "routes: [x]", "routes[0]", "must be a mapping"),
        new("another nonce mode", yaml => yaml.Replace("nonces: on-demand", "nonces: sometimes"), "nonces", "none of always, on-demand, off"),
        new("a text for a flag", yaml => yaml + "\nsingle_instance: 'true'", "single_instance", "true or false"),
        new("no room for one decision", yaml => yaml + "\nmax_concurrent_verifications: 0", "max_concurrent_verifications", "whole number from 1"),
        new("a backlog below nothing", yaml => yaml + "\nmax_backlog_per_processor: -1", "max_backlog_per_processor", "whole number from 0"),
        new("a capacity of nothing", yaml => yaml + "\nreplay_capacity: 0", "replay_capacity", "whole number from 1"),
        new("a time without unit", yaml => yaml + "\ndecision_timeout: '10'", "decision_timeout", "100ms to 30s"),
        new("a time out of range", yaml => yaml + "\ndecision_timeout: 1h", "decision_timeout", "100ms to 30s", Structural: false),
        new("no guard at all", yaml => yaml + "\nreplicas: 0", "replicas", "whole number from 1"),
        // DPOP-V-29
        new("several single instances", yaml => yaml + "\nsingle_instance: true\nreplicas: 2", "replicas", "no single instance", Structural: false),

        // Sharing.
        new("sharing by nothing", yaml => yaml + "\nreplay: {}", "replay.postgresql", "missing"),
        new("a database without an address", yaml => yaml + "\nreplay: { postgresql: { schema: x } }", "replay.postgresql.connection_string", "missing"),
        new("a connection string in the file", yaml => yaml + "\nreplay: { postgresql: { connection_string: 'Host=db' } }", "replay.postgresql.connection_string", "must be a mapping"),
        new("a connection string that is not there", yaml => yaml + "\nreplay: { postgresql: { connection_string: { env: UNSET } } }", "replay.postgresql.connection_string.env", "not set", Structural: false),
        new("a schema that is no name", yaml => yaml + "\nreplay: { postgresql: { connection_string: { env: DATABASE }, schema: Replay } }", "replay.postgresql.schema", "lower-case letters"),
        new("a schema that begins with a digit", yaml => yaml + "\nreplay: { postgresql: { connection_string: { env: DATABASE }, schema: 1st } }", "replay.postgresql.schema", "lower-case letters"),
        new("another way without the database", yaml => yaml + "\nreplay: { postgresql: { connection_string: { env: DATABASE }, when_unavailable: accept } }", "replay.postgresql.when_unavailable", "none of refuse, nonce"),
        // DPOP-V-32
        new("shared records without nonces", yaml => yaml.Replace("nonces: on-demand", "nonces: off") + "\nreplay: { postgresql: { connection_string: { env: DATABASE }, when_unavailable: nonce } }", "nonces", "off does not go", Structural: false),
        new("a deadline beyond the decision's", yaml => yaml + "\nreplay: { postgresql: { connection_string: { env: DATABASE }, deadline: 3s } }", "replay", "longer than decision_timeout", Structural: false),

        // Listeners.
        new("an address without port", yaml => yaml.Replace("address: 127.0.0.1:0", "address: 127.0.0.1"), "listeners[0].address", "not an address with a port", Structural: false),
        new("a name for an address", yaml => yaml.Replace("address: 127.0.0.1:0", "address: localhost:80"), "listeners[0].address", "not an address with a port", Structural: false),
        new("a relative socket", yaml => yaml.Replace("address: 127.0.0.1:0", "address: unix:guard.sock"), "listeners[0].address", "absolute path", Structural: false),
        new("plaintext beyond loopback", yaml => yaml.Replace("address: 127.0.0.1:0", "address: 10.0.0.1:80"), "listeners[0].address", "tokens would travel in the clear", Structural: false),
        new("an unknown adapter", yaml => yaml.Replace("[nginx, forward, envoy, haproxy, apache]", "[squid]"), "listeners[0].adapters", "'squid' is none of"),
        new("no adapters in the list", yaml => yaml.Replace("[nginx, forward, envoy, haproxy, apache]", "[]"), "listeners[0].adapters", "empty"),
        new("no trust", yaml => yaml.Replace("    trust:\n      addresses: [127.0.0.1]\n      secrets: [{ file: secret }]\n", ""), "listeners[0].trust", "missing"),
        new("trust without adapters", yaml => yaml.Replace("    adapters: [nginx, forward, envoy, haproxy, apache]\n", ""), "listeners[0].trust", "no use without adapters"),
        // FWD-20
        new("trust in nobody", yaml => yaml.Replace("      addresses: [127.0.0.1]\n", ""), "listeners[0].trust", "trusts nobody", Structural: false),
        new("trust in everybody", yaml => yaml.Replace("[127.0.0.1]", "[0.0.0.0/0]"), "listeners[0].trust.addresses", "trust nearly everybody", Structural: false),
        new("loopback alone", yaml => yaml.Replace("      secrets: [{ file: secret }]\n", ""), "listeners[0].trust.addresses", "is loopback", Structural: false),
        new("no secret left", yaml => yaml.Replace("[{ file: secret }]", "[]"), "listeners[0].trust.secrets", "empty"),
        new("a short secret", yaml => yaml.Replace("file: secret", "env: SHORT"), "listeners[0].trust.secrets", "32 to 256", Structural: false),
        new("a secret that is not there", yaml => yaml.Replace("file: secret", "file: nowhere"), "listeners[0].trust.secrets[0].file", "cannot be read", Structural: false),
        new("a variable that is not set", yaml => yaml.Replace("file: secret", "env: UNSET"), "listeners[0].trust.secrets[0].env", "not set", Structural: false),
        new("a secret in the file", yaml => yaml.Replace("[{ file: secret }]", "[a-secret-that-stands-in-the-file-itself]"), "listeners[0].trust.secrets[0]", "must be a mapping"),
        new("two places of a secret", yaml => yaml.Replace("{ file: secret }", "{ file: secret, env: SHORT }"), "listeners[0].trust.secrets[0]", "never stands in this file"),
        new("a thumbprint that is none", yaml => yaml.Replace("secrets: [{ file: secret }]", "certificate_thumbprints: [x]"), "listeners[0].trust.certificate_thumbprints", "only shown over TLS", Problems: 2),
        new("a thumbprint without TLS", yaml => yaml.Replace("secrets: [{ file: secret }]", "certificate_thumbprints: [AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA]"), "listeners[0].trust.certificate_thumbprints", "only shown over TLS", Structural: false),
        new("TLS without a key", yaml => yaml.Replace("    trust:", "    tls: { certificate_file: x }\n    trust:"), "listeners[0].tls.key_file", "missing"),
        new("TLS files that are not there", yaml => yaml.Replace("    trust:", "    tls: { certificate_file: x, key_file: y }\n    trust:"), "listeners[0].tls", "cannot be used", Structural: false),
        new("a certificate format that is none", yaml => yaml.Replace("127.0.0.1:0", "127.0.0.1:7999").Replace("    trust:", "    certificate: { format: guess }\n    trust:"), "listeners[0].certificate.format", "'guess' is none of rfc9440"),
        new("a certificate format on any port", yaml => yaml.Replace("    trust:", "    certificate: { format: nginx }\n    trust:"), "listeners[0].certificate", "needs a port", Structural: false),
        new("hops without Envoy", yaml => yaml.Replace("127.0.0.1:0", "127.0.0.1:7999").Replace("    trust:", "    certificate: { format: nginx, hops: 2 }\n    trust:"), "listeners[0].certificate", "hops is for envoy-xfcc", Structural: false),
        new("a socket mode without socket", yaml => yaml.Replace("    trust:", "    socket_mode: group\n    trust:"), "listeners[0].socket_mode", "no use", Structural: false),
        new("a socket for everybody", yaml => yaml.Replace("address: 127.0.0.1:0", "address: unix:/tmp/guard.sock").Replace("    trust:", "    socket_mode: all\n    trust:"), "listeners[0].socket_mode", "everybody is not a proxy"),

        // Issuers and resources.
        new("an issuer that is no URL", yaml => yaml.Replace("issuer: https://issuer.example", "issuer: issuer"), "issuers[0].issuer", "not an absolute URL", Structural: false),
        new("an issuer with a query", yaml => yaml.Replace("issuer: https://issuer.example", "issuer: https://issuer.example?x"), "issuers[0].issuer", "not an absolute URL", Structural: false),
        new("an issuer over http", yaml => yaml.Replace("issuer: https://issuer.example", "issuer: http://issuer.example"), "issuers[0].issuer", "not https", Structural: false),
        new("an issuer twice", yaml => yaml.Replace("issuers:\n", "issuers:\n  - issuer: https://issuer.example\n"), "issuers", "there twice", Structural: false),
        new("an algorithm that is none", yaml => yaml.Replace("issuers:\n  - issuer: https://issuer.example", "issuers:\n  - issuer: https://issuer.example\n    token_algorithms: [none]"), "issuers[0].token_algorithms", "'none' is not implemented"),
        new("no algorithm", yaml => yaml.Replace("issuers:\n  - issuer: https://issuer.example", "issuers:\n  - issuer: https://issuer.example\n    token_algorithms: []"), "issuers[0].token_algorithms", "empty"),
        new("an issuer that is not declared", yaml => yaml.Replace("  - name: orders\n    issuer: https://issuer.example", "  - name: orders\n    issuer: https://issuer.example/"), "resources[0].issuer", "not among issuers", Structural: false),
        new("no audience", yaml => yaml.Replace("    audience: https://api.example.com\n", ""), "resources[0].audience", "missing"),
        new("another mode", yaml => yaml.Replace("    audience:", "    mode: off\n    audience:"), "resources[0].mode", "none of require, observe"),
        new("an exemption without end", yaml => yaml.Replace("    audience:", "    exemptions: [{ name: x, client_id: y }]\n    audience:"), "resources[0].exemptions[0].until", "missing"),
        new("an exemption that ends some day", yaml => yaml.Replace("    audience:", "    exemptions: [{ name: x, client_id: y, until: someday }]\n    audience:"), "resources[0].exemptions[0].until", "not a time", Structural: false),
        new("a proof algorithm that is none", yaml => yaml.Replace("    audience:", "    proof_algorithms: [HS256]\n    audience:"), "resources[0].proof_algorithms", "'HS256' is not implemented"),

        // Routes.
        new("an origin with a path", yaml => yaml.Replace("origin: https://api.example.com", "origin: https://api.example.com/orders"), "routes[0].origin", "alone"),
        new("an origin without scheme", yaml => yaml.Replace("origin: https://api.example.com", "origin: api.example.com"), "routes[0].origin", "alone"),
        new("an origin over http", yaml => yaml.Replace("origin: https://api.example.com", "origin: http://api.example.com"), "routes[0].origin", "not https", Structural: false),
        new("a path that ends with a slash", yaml => yaml.Replace("    resource: orders\n", "    path: /orders/\n    resource: orders\n"), "routes[0].path", "not a plain path", Structural: false),
        new("a path with dot segments", yaml => yaml.Replace("    resource: orders\n", "    path: /a/../b\n    resource: orders\n"), "routes[0].path", "not a plain path", Structural: false),
        new("a path with an escape", yaml => yaml.Replace("    resource: orders\n", "    path: /a%2fb\n    resource: orders\n"), "routes[0].path", "not a plain path", Structural: false),
        new("a path with a query", yaml => yaml.Replace("    resource: orders\n", "    path: /a?b\n    resource: orders\n"), "routes[0].path", "not a plain path", Structural: false),
        new("a method in lower case", yaml => yaml.Replace("    resource: orders\n", "    methods: [get]\n    resource: orders\n"), "routes[0].methods", "upper case"),
        new("no methods", yaml => yaml.Replace("    resource: orders\n", "    methods: []\n    resource: orders\n"), "routes[0].methods", "empty"),
        new("a resource that is not declared", yaml => yaml.Replace("    resource: orders\n", "    resource: invoices\n"), "routes[0].resource", "not among resources", Structural: false),
        new("two scopes in one", yaml => yaml.Replace("[orders.read]", "['orders.read orders.write']"), "routes[0].scopes", "not one scope", Structural: false),
        new("no upstream", yaml => yaml.Replace("    upstream: orders-service\n", ""), "routes[0].upstream", "missing"),
        new("a public origin that is no URL", yaml => yaml.Replace("    upstream:", "    public_origins: [{ url: api }]\n    upstream:"), "routes[0].public_origins[0].url", "not an absolute"),
        new("a public origin over http", yaml => yaml.Replace("    upstream:", "    public_origins: [{ url: 'http://api.example.com' }]\n    upstream:"), "routes[0].public_origins[0].url", "not https", Structural: false),
        new("a prefix without slash", yaml => yaml.Replace("    upstream:", "    public_origins: [{ url: 'https://api.example.com', strip_prefix: x/ }]\n    upstream:"), "routes[0].public_origins[0].strip_prefix", "start with a slash"),
        new("no public origins in the list", yaml => yaml.Replace("    upstream:", "    public_origins: []\n    upstream:"), "routes[0].public_origins", "empty"),
        new("two routes for one request", yaml => yaml.Replace("nonces:", "  - origin: https://api.example.com:443\n    methods: [GET]\n    resource: orders\n    upstream: other\nnonces:"), "routes[1]", "routes[0] (line 16) already decides", Structural: false),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(row => row.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Refuses(string name)
    {
        ConfigCase row = Cases.Single(row => row.Name == name);
        string yaml = row.Edit(TestGuard.Yaml);
        yaml.ShouldNotBe(TestGuard.Yaml);

        TryRead(yaml, out IReadOnlyList<GuardConfigProblem> problems).ShouldBeNull();

        problems.Count.ShouldBe(row.Problems, string.Join('\n', problems));
        GuardConfigProblem problem = problems[0];
        problem.Setting.ShouldBe(row.Setting);
        problem.Message.ShouldContain(row.Message);
        problem.Line.ShouldBeInRange(1, yaml.Split('\n').Length);
    }

    [Fact]
    public void Tells_all_problems_together_in_the_order_of_the_file()
    {
        string yaml = TestGuard.Yaml.Replace("[nginx, forward, envoy, haproxy, apache]", "[squid]").Replace("resource: orders\n", "resource: invoices\n") + "\nbogus: 1\nreplay_capacity: none";

        TryRead(yaml, out IReadOnlyList<GuardConfigProblem> problems).ShouldBeNull();

        problems.Select(problem => (problem.Line, problem.Setting)).ShouldBe([(5, "listeners[0].adapters"), (17, "routes[0].resource"), (21, ""), (22, "replay_capacity")]);
    }

    // Rule: secrets come from files or the environment, and no problem ever repeats one.
    [Fact]
    public void Never_repeats_a_secret_in_a_problem()
    {
        TryRead(TestGuard.Yaml.Replace("file: secret", "env: SHORT"), out IReadOnlyList<GuardConfigProblem> problems);
        problems.ShouldAllBe(problem => !problem.ToString().Contains("too short"));
    }

    [Fact]
    public void Reads_everything_that_there_is()
    {
        GuardConfig config = TryRead(Everything, out IReadOnlyList<GuardConfigProblem> problems).ShouldNotBeNull(string.Join('\n', problems));

        config.Name.ShouldBe("guard-1");
        config.SingleInstance.ShouldBeTrue();
        config.NonceMode.ShouldBe(NonceMode.OnDemand);
        config.Replicas.ShouldBe(1);
        GuardReplay replay = config.Replay.ShouldNotBeNull();
        (replay.ConnectionString, replay.Schema, replay.WhenUnavailable, replay.Deadline).ShouldBe(("Host=db;Password=päss", "edge_1", GuardReplayLoss.Nonce, TimeSpan.FromMilliseconds(250)));
        config.ToString().ShouldNotContain("päss");
        config.ReplayCapacity.ShouldBe(1000);
        config.ReplayQuotaPerKey.ShouldBe(10);
        config.DecisionTimeout.ShouldBe(TimeSpan.FromMilliseconds(500));
        config.ContextKeyLifetime.ShouldBe(TimeSpan.FromDays(1));
        config.Listeners.Select(listener => listener.Adapters.Count).ShouldBe([1, 2, 0]);
        config.Listeners[0].CertificateFormat.ShouldBe("envoy-xfcc");
        config.Listeners[1].SocketMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        config.Listeners[2].DangerouslyAllowPlaintext.ShouldBeTrue();
        GuardIssuer issuer = config.Issuers.ShouldHaveSingleItem();
        issuer.TokenAlgorithms.ShouldBe(["ES256", "RS256"]);
        (issuer.ClockSkew, issuer.KeyRefresh, issuer.UnknownKeyRefresh).ShouldBe((TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10)));
        GuardResource resource = config.Resources.ShouldHaveSingleItem();
        resource.Config.Mode.ShouldBe(SenderConstraintMode.Observe);
        resource.Config.Exemptions.ShouldBe([new("nightly export", "export-job", new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero))]);
        resource.ProofAlgorithms.ShouldBe(["ES256"]);
        GuardRoute route = config.Routes.ShouldHaveSingleItem();
        (route.Origin, route.Path, route.Mode, route.Upstream).ShouldBe(("http://proxy.internal:8080", "/orders", SenderConstraintMode.Require, "orders-service"));
        route.Methods.ShouldBe(["GET", "POST"]);
        route.Targets.BaseUrls.ShouldBe(["https://api.example.com/shop", "https://api.example.net"]);
    }

    // DPOP-V-29: the safe default depends on what is shared and what was promised.
    [Theory]
    [InlineData("", NonceMode.Always, false)]
    [InlineData("\nreplicas: 2", NonceMode.Always, false)]
    [InlineData("\nsingle_instance: true", NonceMode.OnDemand, false)]
    [InlineData("\nreplay: { postgresql: { connection_string: { env: DATABASE } } }", NonceMode.OnDemand, false)]
    [InlineData("\nnonces: on-demand", NonceMode.OnDemand, false)]
    [InlineData("\nreplicas: 2\nnonces: on-demand", NonceMode.OnDemand, true)]
    [InlineData("\nreplicas: 2\nnonces: off", NonceMode.Off, true)]
    public void Knows_when_nonces_are_needed(string settings, NonceMode expected, bool mustShare)
    {
        GuardConfig config = TryRead(TestGuard.Yaml.Replace("nonces: on-demand", "") + settings, out IReadOnlyList<GuardConfigProblem> problems).ShouldNotBeNull(string.Join('\n', problems));

        config.NonceMode.ShouldBe(expected);
        (config.UnsharedProblem is not null).ShouldBe(mustShare);
    }

    [Fact]
    public void Explains_everything_in_sentences()
    {
        IReadOnlyList<string> sentences = GuardExplanation.Of(TryRead(Everything, out _)!);

        sentences.ShouldContain("10.9.8.7:7402 serves keys and health, and answers no proxy. DANGEROUS: tokens may travel in the clear.");
        sentences.ShouldContain("127.0.0.1:7401 answers envoy; a proxy is told by the address 127.0.0.1 or 10.1.0.0/16 and its secret (1 accepted); its clients' certificates come as envoy-xfcc.");
        sentences.ShouldContain("GET, POST http://proxy.internal:8080/orders and below needs a token for orders, always bound, and scope orders:read, and goes to orders-service. Publicly these are at https://api.example.com/shop and https://api.example.net.");
        sentences.ShouldContain("Resource orders takes unbound tokens of client export-job until 2026-12-31 00:00 UTC: nightly export.");
        sentences.ShouldContain("Every other request is refused.");
        sentences.ShouldContain("Accepted proofs are shared through PostgreSQL, schema edge_1, so that of all guards there one takes a proof, once; while the database does not answer, each guard demands nonces of its own, and a client must be kept at one guard.");
        sentences.ShouldAllBe(sentence => sentence.EndsWith('.'));
    }

    // The schema and the reader agree on everything that a schema can say.
    [NodeFact]
    public async Task The_schema_says_the_same_as_the_reader()
    {
        JsonArray cases = [new JsonObject { ["name"] = "the start", ["valid"] = true, ["document"] = ToJson(TestGuard.Yaml) }, new JsonObject { ["name"] = "everything", ["valid"] = true, ["document"] = ToJson(Everything) }];
        foreach (ConfigCase row in Cases.Where(row => row.Structural is not null))
            cases.Add(new JsonObject { ["name"] = row.Name, ["valid"] = row.Structural == false, ["document"] = ToJson(row.Edit(TestGuard.Yaml)) });
        using var folder = new TemporaryFolder();
        string file = folder.Write("cases.json", cases.ToJsonString());

        JsonElement result = await NodeScript.RunAsync("validate-config", RepositoryFiles.At("src/Holdfast.Guard/Configuration/guard.schema.json"), file);

        result.GetProperty("wrong").EnumerateArray().Select(wrong => wrong.GetRawText()).ShouldBeEmpty();
        result.GetProperty("checked").GetInt32().ShouldBe(cases.Count);
    }

    [Fact]
    public void The_schema_that_is_printed_is_the_one_in_the_repository() =>
        GuardSchema.Text.ReplaceLineEndings("\n").ShouldBe(RepositoryFiles.Read("src/Holdfast.Guard/Configuration/guard.schema.json"));

    private static readonly string Everything = """
        name: guard-1
        data_directory: /var/lib/guard
        listeners:
          - address: 127.0.0.1:7401
            adapters: [envoy]
            trust:
              addresses: [127.0.0.1, 10.1.0.0/16]
              secrets: [{ env: SECRET }]
            certificate: { format: envoy-xfcc, hops: 2 }
          - address: unix:/run/guard.sock
            adapters: [nginx, haproxy]
            socket_mode: owner
            trust: { unix_socket: true }
          - address: 10.9.8.7:7402
            dangerously_allow_plaintext: true
        issuers:
          - issuer: http://issuer.internal
            dangerously_allow_http: true
            token_algorithms: [ES256, RS256]
            clock_skew: 0s
            key_refresh: 5m
            unknown_key_refresh: 10s
        resources:
          - name: orders
            issuer: http://issuer.internal
            audience: orders
            mode: observe
            proof_algorithms: [ES256]
            exemptions:
              - name: nightly export
                client_id: export-job
                until: 2026-12-31
        routes:
          - origin: http://proxy.internal:8080
            path: /orders
            methods: [GET, POST]
            resource: orders
            mode: require
            scopes: [orders:read]
            upstream: orders-service
            public_origins:
              - { url: https://api.example.com/shop }
              - url: https://api.example.net
                strip_prefix: /internal
        single_instance: true
        replay:
          postgresql:
            connection_string: { file: database }
            schema: edge_1
            when_unavailable: nonce
            deadline: 250ms
        replay_capacity: 1000
        replay_quota_per_key: 10
        max_concurrent_verifications: 100
        max_backlog_per_processor: 0
        decision_timeout: 500ms
        context_key_lifetime: 1d
        """.ReplaceLineEndings("\n");

    private static GuardConfig? TryRead(string yaml, out IReadOnlyList<GuardConfigProblem> problems)
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret", TestGuard.Secret + "\n");
        folder.Write("database", "Host=db;Password=päss\n");
        return GuardConfig.TryRead(yaml, folder.Path, name => name switch { "SHORT" => "too short", "SECRET" => TestGuard.Secret, "DATABASE" => "Host=db", _ => null }, out problems);
    }

    // As an editor with a schema reads YAML.
    private static JsonNode ToJson(string yaml)
    {
        object document = new YamlDotNet.Serialization.DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml)!;
        return JsonNode.Parse(new YamlDotNet.Serialization.SerializerBuilder().JsonCompatible().Build().Serialize(document))!;
    }

    /// <summary>One thing that is wrong. <paramref name="Structural"/>: true where a schema can tell, false where only the reader can, null where it is no document at all.</summary>
    private sealed record ConfigCase(string Name, Func<string, string> Edit, string Setting, string Message, bool? Structural = true, int Problems = 1);
}
