using System.Reflection;
using Holdfast.IssuerNode;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>One node of the issuer as a process, to be killed and started again.</summary>
internal sealed class IssuerNodeProcess(NodeConfig config) : IAsyncDisposable
{
    private RunningProcess? _process;

    /// <summary>Where it listens; its URL is that of the estate.</summary>
    public string Address => $"http://127.0.0.1:{config.Port}";

    public string Output => _process?.Output ?? "";

    /// <summary>Starts it, or starts it again, and returns when it serves.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        string file = Path.Combine(config.Directory, "node.json");
        config.Write(file);
        _process = await RunningProcess.StartAsync("dotnet", [Assembly.GetAssembly(typeof(NodeConfig))!.Location, file], static line => line == "ready", config.Directory);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
