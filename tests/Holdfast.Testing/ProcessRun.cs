using System.Diagnostics;

namespace Holdfast.Testing;

/// <summary>Runs a program to its end and returns what it said. A program that outlives the limit is ended, by its own id, and fails the test.</summary>
public static class ProcessRun
{
    /// <summary>Generous: it only bounds a hang.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs <paramref name="file"/> with exactly these arguments; no shell is involved.</summary>
    public static async Task<(int Code, string Output, string Error)> ToEndAsync(string file, IEnumerable<string> arguments, string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = StartInfo(file, arguments, folder, environment);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', start.ArgumentList)} did not end within {Limit}.\n{await output}\n{await error}");
        }
        return (process.ExitCode, await output, await error);
    }

    /// <summary>All three streams redirected, in the root of the repository unless told otherwise.</summary>
    internal static ProcessStartInfo StartInfo(string file, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder ?? RepositoryFiles.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return start;
    }
}
