using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Bench;

/// <summary>A server in a process of its own, so that its CPU time is its own too.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>This program again, as one of its servers.</summary>
    public static ServerProcess Serve(string[] arguments, params (string Name, string Value)[] environment)
    {
        bool isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return Start(Environment.ProcessPath!, [.. isHosted ? (string[])[typeof(ServerProcess).Assembly.Location] : [], "serve", .. arguments], environment);
    }

    /// <summary>Another program.</summary>
    public static ServerProcess Start(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
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

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
