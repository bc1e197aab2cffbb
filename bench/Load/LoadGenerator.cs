using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Holdfast.Bench;

/// <summary>What one round of <c>wrk</c> measured.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Requests">Requests in all.</param>
/// <param name="P50">The median latency, in milliseconds.</param>
/// <param name="P99">The 99th percentile, in milliseconds.</param>
internal sealed record Load(double PerSecond, long Requests, double P50, double P99)
{
    public override string ToString() => FormattableString.Invariant($"{PerSecond:0} requests/s, p50 {P50:0.00} ms, p99 {P99:0.00} ms");
}

/// <summary>Runs <c>wrk</c>. Every answer must be a success, or every one a refusal: what is measured is one thing at a time.</summary>
internal static partial class LoadGenerator
{
    public static Load Run(string url, string script, int seconds, int connections, bool areRefused = false)
    {
        using Process wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-s", script, url])
        {
            RedirectStandardOutput = true,
        })!;
        string output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        long requests = (long)Number(Requests().Match(output)), refused = Refused().Match(output) is { Success: true } match ? (long)Number(match) : 0;
        if (wrk.ExitCode != 0 || refused != (areRefused ? requests : 0))
            throw new InvalidOperationException($"{refused} of {requests} measured requests were refused:\n{output}");
        return new(Number(PerSecond().Match(output)), requests, Milliseconds(Half().Match(output)), Milliseconds(Most().Match(output)));
    }

    /// <summary>Writes a script that sends requests formatted before the clock started, one after the other, with an optional pause before each.</summary>
    public static string Script(string directory, string name, string fill, int pauseMilliseconds = 0)
    {
        string script = Path.Combine(directory, name + ".lua");
        File.WriteAllText(script, $$"""
            requests, at = {}, 0
            init = function(args)
            {{fill}}
            end
            request = function()
              at = at % #requests + 1
              return requests[at]
            end
            {{(pauseMilliseconds > 0 ? $"delay = function() return {pauseMilliseconds} end" : "")}}
            """);
        return script;
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => Number(match) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, "s" => 1000, _ => throw new InvalidOperationException(match.Value) };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Refused();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Half();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Most();
}
