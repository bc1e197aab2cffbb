using System.Text.Json;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

public sealed class UpCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prints_the_document_then_each_proof_failure_as_JSON_lines()
    {
        using var run = new RunningCommand(_folder.Path, "up", "--json", "--issuer-port", "0", "--api-port", "0");
        JsonElement ready = JsonDocument.Parse(await run.LineAsync()).RootElement;
        JsonElement.DeepEquals(ready, JsonDocument.Parse(File.ReadAllText(_folder.At(".holdfast/up.json"))).RootElement).ShouldBeTrue();
        foreach (string member in new[] { "issuer", "resource", "audience", "scope", "client_id", "client_key_pem", "client_key_jwk", "signals",
            "ca_pem", "mtls_resource", "mtls_client_id", "mtls_certificate_pem", "mtls_key_pem" })
            ready.GetProperty(member).GetString().ShouldNotBeNullOrEmpty(member);

        await StealAsync(ready.GetProperty("resource").GetString()!);

        JsonElement signal = JsonDocument.Parse(await run.LineAsync()).RootElement;
        signal.GetProperty("failure").GetString().ShouldBe("bound_token_as_bearer");
        signal.GetProperty("severity").GetString().ShouldBe("suspicious");
        signal.GetProperty("role").GetString().ShouldBe("resource");
        signal.GetProperty("wire_error").GetString().ShouldBe("invalid_token");
        signal.GetProperty("client_id").GetString().ShouldBe(DemoClient.ClientId);
        signal.GetProperty("method").GetString().ShouldBe("GET");
        signal.GetProperty("path").GetString().ShouldBe("/orders");
        signal.GetProperty("trace_id").GetString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        (await run.StopAsync()).ShouldBe(0, run.Error);
        // The file has the same line, and the challenges that are only printed when asked for.
        File.ReadAllLines(_folder.At(".holdfast/signals.jsonl")).ShouldContain(line => JsonElement.DeepEquals(JsonDocument.Parse(line).RootElement, signal));
    }

    [Fact]
    public async Task Prints_what_to_try_and_each_proof_failure_in_one_plain_line()
    {
        using var run = new RunningCommand(_folder.Path, "up", "--issuer-port", "0", "--api-port", "0");
        string greeting = "";
        while (!greeting.Contains("Proof failures show here", StringComparison.Ordinal))
            greeting += await run.LineAsync() + "\n";
        foreach (string hint in new[] { "holdfast token", "holdfast call GET /orders", "holdfast call GET /orders --mtls", "holdfast drill", "curl -i", "--cacert .holdfast/ca.pem --cert .holdfast/mtls-client.pem --key .holdfast/mtls-client-key.pem", "up.json", "signals.jsonl" })
            greeting.ShouldContain(hint);
        string resource = JsonDocument.Parse(File.ReadAllText(_folder.At(".holdfast/up.json"))).RootElement.GetProperty("resource").GetString()!;

        await StealAsync(resource);

        string line = await run.LineAsync();
        while (line.Length == 0)
            line = await run.LineAsync();
        line.ShouldContain("suspicious");
        line.ShouldContain("bound_token_as_bearer  orders-client  resource GET /orders: answered 401 invalid_token");
        (await run.StopAsync()).ShouldBe(0, run.Error);
        (greeting + line).ShouldNotContain("\e");
        File.Exists(_folder.At(".holdfast/up.json")).ShouldBeFalse();
    }

    private async Task StealAsync(string resource)
    {
        CliRun token = await CliRun.AsOf(_folder.Path, "token", "--raw");
        token.Code.ShouldBe(0, token.All);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{resource}/orders?x=1");
        request.Headers.Add("Authorization", $"Bearer {token.Out.Trim()}");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using HttpResponseMessage response = await http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(401);
    }
}
