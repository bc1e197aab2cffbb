using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>
/// Appends every signal to a file, one JSON object a line, flushed before the caller is answered, so that others can follow it.
/// Bounded: a full file becomes <c>signals.jsonl.1</c>, and the one before it is gone.
/// </summary>
internal sealed class SignalsFile : IVerificationObserver, IDisposable
{
    public const string FileName = "signals.jsonl";

    private readonly Lock _gate = new();
    private readonly long _limit;
    private readonly Action<SignalLine>? _next;
    private FileStream _file;

    public SignalsFile(string path, Action<SignalLine>? next = null, long limit = 5 * 1024 * 1024)
    {
        (FullPath, _next, _limit) = (path, next, limit);
        _file = Open();
    }

    /// <summary>The path.</summary>
    public string FullPath { get; }

    /// <inheritdoc/>
    public void Observed(VerificationSignal signal)
    {
        SignalLine line = SignalLine.From(signal);
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(line, CliJson.Line.SignalLine), (byte)'\n'];
        lock (_gate)
        {
            if (_file.Length > 0 && _file.Length + json.Length > _limit)
                Rotate();
            _file.Write(json);
            _file.Flush();
        }
        _next?.Invoke(line);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }

    private void Rotate()
    {
        _file.Dispose();
        try
        {
            File.Move(FullPath, FullPath + ".1", overwrite: true);
        }
        finally
        {
            // Whatever prevented it, the next signal finds an open file.
            _file = Open();
        }
    }

    private FileStream Open() => new(FullPath, DataDirectory.OwnerOnly(FileMode.Append));
}
