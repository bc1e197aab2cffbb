using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Testing;

/// <summary>A program that keeps running, such as a server. It is ended by its own process id, at the latest when the test disposes of it.</summary>
public sealed class RunningProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private RunningProcess(Process process) => _process = process;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Everything it has written so far, both streams, in order of arrival.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>True where it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; only after the end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The memory it occupies now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits for a line of output that satisfies <paramref name="isReady"/>.</summary>
    public static async Task<RunningProcess> StartAsync(string file, IEnumerable<string> arguments, Func<string, bool> isReady, string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = ProcessRun.StartInfo(file, arguments, folder, environment);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RunningProcess running = Start(start, line =>
        {
            if (isReady(line))
                ready.TrySetResult();
        });
        await running.UntilAsync(ready, start);
        return running;
    }

    /// <summary>Starts a server that says nothing when it is ready, and waits until its port on loopback takes connections.</summary>
    public static async Task<RunningProcess> StartListeningAsync(string file, IEnumerable<string> arguments, int port, string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = ProcessRun.StartInfo(file, arguments, folder, environment);
        RunningProcess running = Start(start, static _ => { });
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ConnectAsync(port, ready);
        await running.UntilAsync(ready, start);
        return running;
    }

    private static RunningProcess Start(ProcessStartInfo start, Action<string> heard)
    {
        var process = new Process { StartInfo = start };
        var running = new RunningProcess(process);
        void Take(string? line)
        {
            if (line is null)
                return;
            running._lines.Enqueue(line);
            heard(line);
        }
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    private async Task UntilAsync(TaskCompletionSource ready, ProcessStartInfo start)
    {
        // The end is told before the last lines are read; this waits for both.
        _ = _process.WaitForExitAsync().ContinueWith(
            _ => ready.TrySetException(new InvalidOperationException($"{start.FileName} ended before it was ready.")), TaskScheduler.Default);
        try
        {
            await ready.Task.WaitAsync(StartLimit);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            // Also ends the attempts to connect.
            ready.TrySetCanceled();
            await DisposeAsync();
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {e.Message}\n{Output}", e);
        }
    }

    private static async Task ConnectAsync(int port, TaskCompletionSource ready)
    {
        while (!ready.Task.IsCompleted)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                ready.TrySetResult();
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary><c>kill -9</c>: no chance to clean up.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by name, such as <c>INT</c>, and waits for the end. Returns the exit code.</summary>
    public async Task<int> SignalAsync(string signal)
    {
        (int code, _, string error) = await ProcessRun.ToEndAsync("sh", ["-c", $"kill -{signal} {Id}"]);
        code.ShouldBe(0, error);
        using var limit = new CancellationTokenSource(StartLimit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
