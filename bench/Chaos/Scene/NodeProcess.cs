using System.Reflection;
using Holdfast.Testing;

namespace Holdfast.Chaos;

/// <summary>A node or the guard, as a process that can be killed and paused.</summary>
internal sealed class NodeProcess(string kind, NodeConfig config, string configFile) : IAsyncDisposable
{
    private RunningProcess? _process;
    private OrphanWatch? _watch;

    public string Name => config.Name;
    public int Port => config.Port;
    public string Output => _process?.Output ?? "";

    /// <summary>Starts it, or starts it again, with a wall clock that is off by so much.</summary>
    public async Task StartAsync(TimeSpan off = default)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        await MoveClockAsync(off);
        config.Write(configFile);
        _process = await RunningProcess.StartAsync("dotnet", [Assembly.GetExecutingAssembly().Location, kind, configFile],
            static line => line == ChaosNode.Ready, config.Folder, new Dictionary<string, string?> { ["DOTNET_TieredPGO"] = "0" });
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>As an orchestrator ends it: requests under way are answered.</summary>
    public Task EndAsync() => _process!.SignalAsync("TERM");

    public async Task PauseAsync()
    {
        // It cannot notice that its input closes.
        _watch = await OrphanWatch.StartAsync(_process!.Id);
        await ProcessSignal.SendAsync("STOP", _process.Id);
    }

    public async Task ResumeAsync()
    {
        await ProcessSignal.SendAsync("CONT", _process!.Id);
        await EndWatchAsync();
    }

    /// <summary>Sets its wall clock, and returns when it has noticed.</summary>
    public async Task MoveClockAsync(TimeSpan by)
    {
        string fresh = config.ClockFile + ".new";
        await File.WriteAllTextAsync(fresh, FormattableString.Invariant($"{(long)by.TotalMilliseconds}"));
        File.Move(fresh, config.ClockFile, overwrite: true);
        await Task.Delay(TimeSpan.FromMilliseconds(100));
    }

    private async Task EndWatchAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        _watch = null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndWatchAsync();
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
