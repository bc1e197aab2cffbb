using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Holdfast.Bench;

/// <summary>One of the bench's servers in a process of its own, with a caller whose tokens it accepts.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private readonly Process _process;

    private BenchProcess(Process process, string origin, Caller caller) => (_process, Origin, Caller) = (process, origin, caller);

    public string Origin { get; }
    public Caller Caller { get; }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static BenchProcess Start(string kind, string directory, string? audience = null)
    {
        int port = FreePort();
        string origin = $"http://localhost:{port}";
        var caller = new Caller(origin, audience ?? origin, (audience ?? origin) + "/orders", TimeProvider.System.GetUtcNow());
        string jwks = Path.Combine(directory, kind + ".json");
        File.WriteAllText(jwks, caller.IssuerJwks);
        return new(StartServer([kind, port.ToString(CultureInfo.InvariantCulture)], (BenchServer.JwksFile, jwks)), origin, caller);
    }

    /// <summary>This program again, as a server.</summary>
    public static Process StartServer(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(BenchProcess).Assembly.Location);
        foreach (string argument in (string[])["serve", .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Origin) };
        await EventuallyAsync(Origin, async () =>
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

    /// <summary>Asks until it is so, ten seconds at most.</summary>
    public static async Task EventuallyAsync(string what, Func<Task<bool>> isSo)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                if (await isSo())
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"The server at {what} does not become ready.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Caller.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
