namespace Holdfast.Guard.Tests.Proxies;

/// <summary>What each proxy must tell, once each, and what becomes of a request of which something is missing, repeated or contradictory.</summary>
public sealed class ContractTests(ContractTests.Shared shared) : IClassFixture<ContractTests.Shared>
{
    private TestGuard Guard => shared.Guard;

    public static TheoryData<string, string> Parts => new()
    {
        { "/authorize/nginx", "X-Original-Method" }, { "/authorize/nginx", "X-Original-Scheme" }, { "/authorize/nginx", "X-Original-Host" }, { "/authorize/nginx", "X-Original-URI" },
        { "/authorize/haproxy", "X-Original-Method" }, { "/authorize/haproxy", "X-Original-Scheme" }, { "/authorize/haproxy", "X-Original-Host" }, { "/authorize/haproxy", "X-Original-URI" },
        { "/authorize/apache", "X-Original-Method" }, { "/authorize/apache", "X-Original-Scheme" }, { "/authorize/apache", "X-Original-Host" }, { "/authorize/apache", "X-Original-URI" },
        { "/authorize/forward", "X-Forwarded-Method" }, { "/authorize/forward", "X-Forwarded-Proto" }, { "/authorize/forward", "X-Forwarded-Host" }, { "/authorize/forward", "X-Forwarded-Uri" },
        { "/authorize/envoy/orders", "X-Forwarded-Proto" },
    };

    public static TheoryData<string> Endpoints => [.. Parts.Select(row => (string)row[0]).Distinct()];

    // FWD-50, FWD-51, FWD-52, FWD-55, FWD-57, FWD-58
    [Theory, MemberData(nameof(Endpoints))]
    public async Task Lets_the_honest_caller_pass_where_everything_is_told_once(string endpoint)
    {
        GuardAnswer answer = await Guard.AskAsync(endpoint, [.. Lines(endpoint), .. Guard.Credentials("GET", "/orders")]);

        answer.Status.ShouldBe(200, answer.ToString());
        answer.Meant.ShouldBe(200);
        answer.Context.ShouldNotBeEmpty();
    }

    // FWD-51
    [Theory, MemberData(nameof(Parts))]
    public Task Refuses_a_request_of_which_a_part_is_missing(string endpoint, string part) =>
        ShouldBeIncompleteAsync(endpoint, Lines(endpoint).Where(line => !Is(line, part)));

    // FWD-51
    [Theory, MemberData(nameof(Parts))]
    public Task Refuses_a_request_of_which_a_part_is_there_twice(string endpoint, string part) =>
        ShouldBeIncompleteAsync(endpoint, [.. Lines(endpoint), Lines(endpoint).Single(line => Is(line, part))]);

    // FWD-51
    [Theory, MemberData(nameof(Parts))]
    public Task Refuses_a_request_of_which_a_part_is_empty(string endpoint, string part) =>
        ShouldBeIncompleteAsync(endpoint, Lines(endpoint).Select(line => Is(line, part) ? $"{part}:" : line));

    // FWD-51: two fields that somebody joined by a comma are two.
    [Theory, MemberData(nameof(Parts))]
    public async Task Refuses_a_request_of_which_a_part_was_joined_from_two(string endpoint, string part)
    {
        string[] lines = [.. Lines(endpoint).Select(line => Is(line, part) ? $"{line}, {line.Split(": ", 2)[1]}" : line)];
        // In a URI a comma is a character, and the space behind it is what no URI has.
        string expected = part.EndsWith("URI", StringComparison.OrdinalIgnoreCase) ? "target_unknown" : "original_request_incomplete";
        (await Guard.AskAsync(endpoint, [.. lines, .. Guard.Credentials("GET", "/orders")])).Failure.ShouldBe(expected);
    }

    // FWD-52: what is not the client's request is never taken for it: the parts of another proxy do not count.
    [Fact]
    public Task Never_takes_the_parts_of_another_contract() => ShouldBeIncompleteAsync("/authorize/forward", Lines("/authorize/nginx"));

    [Theory]
    [InlineData("X-Original-Scheme", "wss")]
    [InlineData("X-Original-Scheme", "https:")]
    [InlineData("X-Original-Method", "GET /")]
    [InlineData("X-Original-Method", "G@T")]
    [InlineData("X-Original-Method", "AVERYLONGMETHODAVERYLONGMETHODAVERYLONG")]
    [InlineData("X-Original-Host", "user@api.example.com")]
    [InlineData("X-Original-Host", "api.example.com/orders")]
    [InlineData("X-Original-Host", "api.example.com:99999")]
    [InlineData("X-Original-URI", "orders")]
    [InlineData("X-Original-URI", "*")]
    // FWD-65: an absolute target that names another host.
    [InlineData("X-Original-URI", "https://other.example.com/orders")]
    [InlineData("X-Original-URI", "http://api.example.com/orders")]
    public Task Refuses_a_part_that_is_not_what_it_should_be(string part, string value) =>
        ShouldBeIncompleteAsync("/authorize/haproxy", Lines("/authorize/haproxy").Select(line => Is(line, part) ? $"{part}: {value}" : line));

    // FWD-65
    [Theory]
    [InlineData("https://api.example.com/orders")]
    [InlineData("HTTPS://API.example.com:443/orders")]
    public async Task Takes_an_absolute_target_that_names_the_same_host(string uri)
    {
        string[] lines = [.. Lines("/authorize/apache").Select(line => Is(line, "X-Original-URI") ? $"X-Original-URI: {uri}" : line)];
        (await Guard.AskAsync("/authorize/apache", [.. lines, .. Guard.Credentials("GET", "/orders")])).Status.ShouldBe(200);
    }

    // FWD-65: nginx chose its server by $host; the client's Host field said something else.
    [Theory]
    [InlineData("other.example.com")]
    [InlineData("127.0.0.1")]
    public Task Refuses_a_host_that_nginx_did_not_go_by(string host) =>
        ShouldBeIncompleteAsync("/authorize/nginx", Lines("/authorize/nginx").Select(line => Is(line, "Host") ? $"Host: {host}" : line));

    // FWD-57: the path behind the prefix is the original one, whole.
    [Theory]
    [InlineData("/authorize/envoy")]
    [InlineData("/authorize/envoyorders")]
    [InlineData("/authorize/envoy?x=1")]
    public async Task Refuses_an_envoy_request_without_the_original_path(string target) =>
        (await Guard.AskAsync(target, [.. Lines("/authorize/envoy/orders"), .. Guard.Credentials("GET", "/orders")])).Failure.ShouldBe("original_request_incomplete");

    // FWD-57: the method of the request to the guard is the original one.
    [Fact]
    public async Task Takes_the_method_of_an_envoy_request_itself()
    {
        string[] lines = [.. Lines("/authorize/envoy/orders"), "Content-Length: 0"];
        (await Guard.SendAsync("DELETE /authorize/envoy/orders HTTP/1.1", [.. lines, .. Guard.Credentials("DELETE", "/orders")])).Status.ShouldBe(200);
        (await Guard.SendAsync("POST /authorize/envoy/orders HTTP/1.1", [.. lines, .. Guard.Credentials("GET", "/orders")])).Failure.ShouldBe("method_mismatch");
    }

    // FWD-50: the method and path of the question itself are never what the proof is compared with.
    [Fact]
    public async Task Compares_the_proof_with_the_original_request_and_not_with_the_question()
    {
        string token = Guard.BoundToken();
        string[] lines = [.. TestGuard.NginxLines("POST", "/orders"), $"Authorization: DPoP {token}"];
        string question = Guard.Proof("GET", "/authorize/nginx", token).Sign(), original = Guard.Proof("POST", "/orders", token).Sign();

        (await Guard.AskAsync("/authorize/nginx", [.. lines, $"DPoP: {question}"])).Failure.ShouldBe("method_mismatch");
        (await Guard.AskAsync("/authorize/nginx", [.. lines, $"DPoP: {original}"])).Status.ShouldBe(200);
    }

    // FWD-55: Caddy keeps the client's query on the request to the guard.
    [Fact]
    public async Task A_query_of_the_question_says_nothing()
    {
        GuardAnswer answer = await Guard.AskAsync("/authorize/forward?access_token=x", [.. Lines("/authorize/forward"), .. Guard.Credentials("GET", "/orders")]);
        answer.Status.ShouldBe(200, answer.ToString());
    }

    // FWD-63, DPOP-V-01
    [Fact]
    public async Task Takes_a_proof_with_a_comma_for_two()
    {
        string token = Guard.BoundToken();
        string proof = Guard.Proof("GET", "/orders", token).Sign(), other = Guard.Proof("GET", "/orders", token).Sign();
        (await Guard.AskNginxAsync("GET", "/orders", $"Authorization: DPoP {token}", $"DPoP: {proof}, {other}")).Failure.ShouldBe("proof_repeated");
        (await Guard.AskNginxAsync("GET", "/orders", $"Authorization: DPoP {token}", $"DPoP: {proof}", $"DPoP: {other}")).Failure.ShouldBe("proof_repeated");
        // Neither was spent.
        (await Guard.AskNginxAsync("GET", "/orders", $"Authorization: DPoP {token}", $"DPoP: {proof}")).Status.ShouldBe(200);
    }

    // FWD-60: the guard consumes the proof.
    [Fact]
    public async Task Spends_the_proof()
    {
        string[] credentials = Guard.Credentials("GET", "/orders");
        (await Guard.AskNginxAsync("GET", "/orders", credentials)).Status.ShouldBe(200);
        (await Guard.AskNginxAsync("GET", "/orders", credentials)).Failure.ShouldBe("proof_replayed");
    }

    private async Task ShouldBeIncompleteAsync(string endpoint, IEnumerable<string> lines)
    {
        GuardAnswer answer = await Guard.AskAsync(endpoint, [.. lines, .. Guard.Credentials("GET", "/orders")]);

        answer.Failure.ShouldBe("original_request_incomplete", answer.ToString());
        answer.Meant.ShouldBe(400);
        answer.Context.ShouldBeEmpty();
    }

    private static bool Is(string line, string field) => line.StartsWith(field + ":", StringComparison.OrdinalIgnoreCase);

    private static string[] Lines(string endpoint) => endpoint switch
    {
        "/authorize/forward" => ["Host: 127.0.0.1:7400", "X-Forwarded-Method: GET", "X-Forwarded-Proto: https", "X-Forwarded-Host: api.example.com", "X-Forwarded-Uri: /orders",
            $"Holdfast-Proxy-Secret: {TestGuard.Secret}"],
        "/authorize/envoy/orders" => ["Host: api.example.com", "X-Forwarded-Proto: https", $"Holdfast-Proxy-Secret: {TestGuard.Secret}"],
        "/authorize/nginx" => TestGuard.NginxLines(),
        _ => ["Host: 127.0.0.1:7400", .. TestGuard.NginxLines().Skip(1)],
    };

    public sealed class Shared : IAsyncLifetime
    {
        internal TestGuard Guard { get; private set; } = null!;

        public async Task InitializeAsync() => Guard = await TestGuard.StartAsync();

        public async Task DisposeAsync() => await Guard.DisposeAsync();
    }
}
