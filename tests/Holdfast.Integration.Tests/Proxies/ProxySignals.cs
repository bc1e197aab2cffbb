using System.Collections.Concurrent;
using System.Text.Json;
using Holdfast.AspNetCore;

namespace Holdfast.Integration.Tests;

/// <summary>What was signalled, by the last segment of the path: tests give each request one of its own.</summary>
internal sealed class ProxySignals : IVerificationObserver
{
    /// <summary>Generous: it only bounds a signal that never comes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<ProxySignal> _seen = new();

    public void Observed(VerificationSignal signal) => Add(new ProxySignal(signal.Path, signal.Failure.Name, signal.Failure.Severity.ToString().ToLowerInvariant(), signal.Seen));

    /// <summary>One line of <c>holdfast guard --json</c>.</summary>
    public void Add(string line)
    {
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Add(new ProxySignal(Text("path")!, Text("failure")!, Text("severity")!, Text("seen")));

        string? Text(string member) => json.TryGetProperty(member, out JsonElement value) ? value.GetString() : null;
    }

    private void Add(ProxySignal signal) => _seen.Enqueue(signal);

    /// <summary>The names of the failures so far; challenges for a nonce left out.</summary>
    public string[] Failures(string segment) => [.. Of(segment).Select(signal => signal.Failure)];

    /// <summary>What was signalled for a request, once any of these failures is among it. A guard writes them after it has answered.</summary>
    public async Task<string[]> WaitForAnyAsync(string segment, params string[] failures)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!limit.IsCancellationRequested)
        {
            string[] seen = Failures(segment);
            if (seen.Intersect(failures).Any())
                return seen;
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
        throw new InvalidOperationException($"None of {string.Join(", ", failures)} was signalled for {segment}; there is: {string.Join(", ", Failures(segment))}");
    }

    private IEnumerable<ProxySignal> Of(string segment) =>
        _seen.Where(signal => signal.Path.EndsWith("/" + segment, StringComparison.Ordinal) && !signal.Failure.StartsWith("nonce_", StringComparison.Ordinal));
}

/// <summary>One signal.</summary>
internal sealed record ProxySignal(string Path, string Failure, string Severity, string? Seen);
