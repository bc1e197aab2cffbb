namespace Holdfast.Cli.Output;

/// <summary>Where a command reads, writes and looks: the process's own streams, or a test's.</summary>
internal sealed record CliConsole
{
    /// <summary>Results, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Diagnostics.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public required Func<Stream> OpenIn { get; init; }

    /// <summary>True where <see cref="Out"/> is a terminal that shows colours; pipes and files get plain text.</summary>
    public bool IsColored { get; init; }

    /// <summary>The width to wrap tables at; null where nothing wraps.</summary>
    public int? Width { get; init; }

    /// <summary>True where somebody is there who can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Against which relative paths are read.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>How this program is called in the lines that it suggests.</summary>
    public string ProgramName { get; init; } = "holdfast";

    /// <summary>True where Ctrl-C and SIGTERM cancel the command; tests cancel by their token.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The console of this process.</summary>
    public static CliConsole OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        OpenIn = Console.OpenStandardInput,
        IsColored = !Console.IsOutputRedirected
            && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal)
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        Width = WidthOfTerminal(),
        IsInteractive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        WorkingDirectory = Environment.CurrentDirectory,
        ProgramName = Output.ProgramName.OfProcess(),
        HandlesSignals = true,
    };

    /// <summary>A path as the user gave it, made absolute.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <summary>A path as short as it can be said here.</summary>
    public string ShortPath(string path)
    {
        string relative = Path.GetRelativePath(WorkingDirectory, path);
        return relative.Length < path.Length && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path;
    }

    /// <summary>Starts what runs until Ctrl-C or SIGTERM, which are how it is meant to end, at whatever moment; <paramref name="start"/> says that it is ready.</summary>
    public async Task<int> RunUntilStoppedAsync<T>(Func<Task<T>> start, Func<T, Task> greet, bool isQuiet, CancellationToken cancellationToken) where T : IAsyncDisposable
    {
        try
        {
            await using T running = await start();
            await greet(running);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As it should.
        }
        if (!isQuiet)
            await Error.WriteLineAsync("Stopped.");
        return ExitCodes.Ok;
    }

    // A terminal may say 0 columns, which nothing fits into.
    private static int? WidthOfTerminal() => Console.IsOutputRedirected ? null : Console.WindowWidth is >= 40 and var width ? width : null;
}
