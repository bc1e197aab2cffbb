using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary><c>holdfast guard</c> as a process, one of two for the API that <c>up</c> runs; asked as HAProxy asks.</summary>
internal sealed class SharedGuard : IAsyncDisposable
{
    private const string Secret = "a-secret-that-the-proxy-shares-1";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly RunningProcess _process;
    private readonly Uri _address;
    private readonly Up _up;

    private SharedGuard(RunningProcess process, Uri address, Up up) => (_process, _address, _up) = (process, address, up);

    public static async Task<SharedGuard> StartAsync(TemporaryFolder folder, string name, Up up, string database)
    {
        folder.Write("secret", Secret);
        folder.Write("database", database);
        folder.Write($"{name}.yaml", $$"""
            name: {{name}}
            data_directory: {{name}}
            listeners: [{ address: '127.0.0.1:0', adapters: [haproxy], trust: { addresses: [127.0.0.1], secrets: [{ file: secret }] } }]
            issuers: [{ issuer: '{{up.Issuer}}' }]
            resources: [{ name: orders, issuer: '{{up.Issuer}}', audience: '{{up.Audience}}' }]
            routes: [{ origin: '{{up.Resource}}', resource: orders, upstream: orders-service }]
            replicas: 2
            replay: { postgresql: { connection_string: { file: database } } }
            """);
        RunningProcess process = await RunningProcess.StartAsync("dotnet", [Up.Program, "guard", "--config", $"{name}.yaml", "--json"],
            static line => line.StartsWith("{\"guard\"", StringComparison.Ordinal), folder.Path);
        string ready = process.Output.Split('\n').First(static line => line.StartsWith("{\"guard\"", StringComparison.Ordinal));
        return new(process, new Uri(JsonDocument.Parse(ready).RootElement.GetProperty("addresses")[0].GetString()!), up);
    }

    public async Task<HttpResponseMessage> AskAsync(string token, string proof)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, "/authorize/haproxy"));
        foreach ((string field, string value) in new[]
        {
            ("X-Original-Method", "GET"), ("X-Original-Scheme", _up.Orders.Scheme), ("X-Original-Host", _up.Orders.Authority), ("X-Original-URI", _up.Orders.AbsolutePath),
            ("Holdfast-Proxy-Secret", Secret), ("Authorization", $"DPoP {token}"), ("DPoP", proof),
        })
            request.Headers.TryAddWithoutValidation(field, value);
        return await _http.SendAsync(request);
    }

    public async Task<int> ReadyAsync()
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_address, "/health/ready"));
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
