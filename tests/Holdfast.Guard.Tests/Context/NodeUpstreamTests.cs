using System.Net;
using System.Text.Json;

namespace Holdfast.Guard.Tests.Context;

/// <summary>The upstream of docs/guard.md, in plain Node with jose.</summary>
public sealed class NodeUpstreamTests
{
    private const string Script = "tests/npm/guard-upstream.mjs";

    [Fact]
    public void The_documentation_shows_the_script_that_is_tested() =>
        RepositoryFiles.Read("docs/guard.md").ShouldContain($"```js\n{RepositoryFiles.Read(Script)}```\n");

    // FWD-62
    [NodeFact]
    public async Task Takes_the_context_of_its_own_request_once()
    {
        // jose goes by the wall clock.
        await using TestGuard guard = await TestGuard.StartAsync(clock: new ManualTimeProvider(TimeProvider.System.GetUtcNow()));
        await using RunningProcess node = await RunningProcess.StartAsync("node", [RepositoryFiles.At(Script)], line => line.StartsWith("listening", StringComparison.Ordinal), RepositoryFiles.At("tests/npm"),
            new Dictionary<string, string?> { ["GUARD"] = TestGuard.Name, ["KEYS"] = guard.Addresses[0] + "/.well-known/jwks.json", ["AUDIENCE"] = TestGuard.Upstream, ["PORT"] = "0" });
        string address = $"http://127.0.0.1:{node.Output.Split("listening on ")[1].Split('\n')[0]}";
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        async Task<(HttpStatusCode Status, string Body)> CallAsync(string path, HttpMethod? method = null, params string[] contexts)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, address + path);
            foreach (string context in contexts)
                request.Headers.TryAddWithoutValidation("Holdfast-Context", context);
            using HttpResponseMessage response = await client.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }

        string good = (await guard.AskAsHonestAsync("GET", "/orders/7?state=open")).Context;
        (await CallAsync("/orders/7?state=open")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("/orders/8?state=open", contexts: good)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("/orders/7?state=closed", contexts: good)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("/orders/7?state=open", HttpMethod.Delete, good)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("/orders/7?state=open", contexts: [good, good])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        // An access token is no context, whoever signed it.
        (await CallAsync("/orders/7?state=open", contexts: guard.BoundToken())).Status.ShouldBe(HttpStatusCode.Unauthorized);

        (HttpStatusCode status, string body) = await CallAsync("/orders/7?state=open", contexts: good);
        status.ShouldBe(HttpStatusCode.OK, node.Output);
        JsonElement caller = JsonDocument.Parse(body).RootElement;
        caller.GetProperty("sub").GetString().ShouldBe("orders-client");
        caller.GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(guard.Key.Thumbprint);
        (await CallAsync("/orders/7?state=open", contexts: good)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
