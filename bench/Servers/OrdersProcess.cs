using System.Globalization;
using System.Net.Http.Headers;

namespace Holdfast.Bench;

/// <summary>The protected endpoint in a process of its own, with a caller whose tokens it accepts.</summary>
internal sealed class OrdersProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private OrdersProcess(ServerProcess process, string origin, Caller caller) => (_process, Origin, Caller) = (process, origin, caller);

    public string Origin { get; }
    public Caller Caller { get; }
    public TimeSpan CpuTime => _process.CpuTime;

    /// <summary>Starts one of the kinds of <see cref="BenchServer"/>.</summary>
    public static OrdersProcess Start(string kind, string directory, string? audience = null)
    {
        int port = ServerProcess.FreePort();
        string origin = $"http://localhost:{port}";
        var caller = new Caller(origin, audience ?? origin, (audience ?? origin) + "/orders", TimeProvider.System.GetUtcNow());
        string jwks = Path.Combine(directory, kind + ".json");
        File.WriteAllText(jwks, caller.IssuerJwks);
        return new(ServerProcess.Serve([kind, port.ToString(CultureInfo.InvariantCulture)], (BenchServer.JwksFile, jwks)), origin, caller);
    }

    public async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Origin) };
        await ServerProcess.EventuallyAsync(Origin, async () =>
        {
            using HttpResponseMessage open = await http.GetAsync("/open");
            using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
            request.Headers.Add("DPoP", Caller.Proof(TimeProvider.System.GetUtcNow()));
            request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", Caller.Token);
            using HttpResponseMessage warm = await http.SendAsync(request);
            using var bearer = new HttpRequestMessage(HttpMethod.Get, "/orders");
            bearer.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Caller.BearerToken);
            using HttpResponseMessage plain = await http.SendAsync(bearer);
            return warm.IsSuccessStatusCode || plain.IsSuccessStatusCode;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Caller.Dispose();
    }
}
