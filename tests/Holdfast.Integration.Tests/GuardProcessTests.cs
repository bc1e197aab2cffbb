using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary><c>holdfast guard</c> as a process.</summary>
public sealed class GuardProcessTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Starts_answers_and_stops_cleanly_on_a_signal(string signal)
    {
        using var folder = new TemporaryFolder();
        string socket = folder.At("guard.sock");
        folder.Write("guard.yaml", $$"""
            name: guard
            data_directory: data
            listeners:
              - { address: '127.0.0.1:0' }
              - { address: 'unix:{{socket}}', adapters: [nginx], trust: { unix_socket: true } }
            issuers: [{ issuer: 'http://127.0.0.1:9' }]
            resources: [{ name: orders, issuer: 'http://127.0.0.1:9', audience: orders }]
            routes: [{ origin: 'https://api.example.com', resource: orders, upstream: orders-service }]
            """);
        await using RunningProcess guard = await RunningProcess.StartAsync("dotnet", [Up.Program, "guard", "--config", "guard.yaml", "--json"],
            line => line.StartsWith("{\"guard\"", StringComparison.Ordinal), folder.Path);
        string address = JsonDocument.Parse(guard.Output.Split('\n').First(line => line.StartsWith("{\"guard\"", StringComparison.Ordinal))).RootElement.GetProperty("addresses")[0].GetString()!;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        (await client.GetAsync(address + "/health/live")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await client.GetAsync(address + "/health/ready")).StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
        // A listener without adapters answers no proxy.
        (await client.GetAsync(address + "/authorize/nginx")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        File.Exists(socket).ShouldBeTrue();

        (await guard.SignalAsync(signal)).ShouldBe(0, guard.Output);
        File.Exists(socket).ShouldBeFalse();
    }
}
