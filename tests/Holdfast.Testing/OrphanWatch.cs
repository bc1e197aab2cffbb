using System.Globalization;

namespace Holdfast.Testing;

/// <summary>
/// Ends a process when this one ends without having done so, even by <c>kill -9</c>: a shell whose input is a pipe that closes then. It takes no notice of what a
/// terminal sends to all processes at once. To be disposed of before the process that it watches, so that it never signals an id that is another's by now.
/// </summary>
public sealed class OrphanWatch : IAsyncDisposable
{
    private readonly RunningProcess _shell;

    private OrphanWatch(RunningProcess shell) => _shell = shell;

    /// <summary>Watches over a process, which is then sent <c>QUIT</c> (and goes on if it was stopped, or it would not hear), and over a folder, which is then removed.</summary>
    public static async Task<OrphanWatch> StartAsync(int id, string? folder = null) => new(await RunningProcess.StartAsync("sh",
        ["-c", "trap '' HUP INT TERM; echo watching; read -r _; kill -QUIT \"$0\" 2>/dev/null && kill -CONT \"$0\" && sleep 1; [ -z \"$1\" ] || rm -rf \"$1\"",
            id.ToString(CultureInfo.InvariantCulture), folder ?? ""],
        static line => line == "watching", Path.GetTempPath()));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _shell.DisposeAsync();
}
