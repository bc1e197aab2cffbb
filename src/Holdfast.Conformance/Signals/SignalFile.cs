using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>Reads what is appended to the file of signals, and finds the signal of a trace.</summary>
internal sealed class SignalFile
{
    private const int LongestPoll = 1 << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(250);

    private readonly string _path;
    private readonly DrillOptions _options;
    private readonly Dictionary<string, List<ObservedSignal>> _seen = new(StringComparer.Ordinal);
    private readonly StringBuilder _rest = new();
    private long _position;
    private TimeSpan _patience;

    public SignalFile(string path, DrillOptions options)
    {
        (_path, _options, _patience) = (path, options, options.SignalPatience);
        _position = File.Exists(path) ? new FileInfo(path).Length : 0;
    }

    /// <summary>
    /// The last signal of that trace, 32 hexadecimal digits, or null when none came in time. Of several, the one whose failure is
    /// <paramref name="noticed"/>.
    /// </summary>
    public async Task<ObservedSignal?> FindAsync(string traceId, string? noticed, CancellationToken cancellationToken)
    {
        var limit = _patience > TimeSpan.Zero ? _options.SignalTimeout : LastLook;
        var start = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            ReadOn();
            if (_seen.TryGetValue(traceId, out var signals))
                return signals.Find(signal => noticed is not null && signal.Failure == noticed) ?? signals[^1];
            if (_options.TimeProvider.GetElapsedTime(start) >= limit)
                break;
            await Task.Delay(Interval, _options.TimeProvider, cancellationToken);
        }

        _patience -= limit;
        return null;
    }

    private void ReadOn()
    {
        if (!File.Exists(_path))
            return;
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // A file that shrank was begun anew.
        _position = file.Length < _position ? 0 : _position;
        file.Position = _position;
        var buffer = new byte[Math.Min(LongestPoll, file.Length - _position)];
        var count = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _position += count;
        _rest.Append(Encoding.Latin1.GetString(buffer, 0, count));

        var lines = _rest.ToString().Split('\n');
        foreach (var line in lines[..^1])
            Remember(line);
        _rest.Clear().Append(lines[^1]);
    }

    private void Remember(string line)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject signal || (string?)signal["trace_id"] is not { } trace)
                return;
            if (!_seen.TryGetValue(trace, out var signals))
                _seen[trace] = signals = [];
            signals.Add(new ObservedSignal((string?)signal["failure"], (string?)signal["severity"]));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not a signal: somebody else's line in the file.
        }
    }
}

/// <summary>What the operator was told.</summary>
internal sealed record ObservedSignal(string? Failure, string? Severity);
