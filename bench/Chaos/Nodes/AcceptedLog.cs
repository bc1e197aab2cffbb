using System.Text;

namespace Holdfast.Chaos;

/// <summary>
/// What somebody accepted, one line each: real time in milliseconds, who accepted, the hash of the proof's identifier, who sent it. Written through to the
/// kernel before the request is answered, so that nothing accepted is lost to <c>kill -9</c>.
/// </summary>
internal sealed class AcceptedLog(string file, string name) : IDisposable
{
    /// <summary>In which a caller says who he is. Nothing is decided by it.</summary>
    public const string WhoField = "X-Chaos-Who";

    private readonly Lock _gate = new();
    private readonly FileStream _stream = new(file, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0,
    });

    public void Add(string jtiHash, string? who)
    {
        byte[] line = Encoding.UTF8.GetBytes($"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}\t{name}\t{jtiHash}\t{who}\n");
        lock (_gate)
            _stream.Write(line);
    }

    public void Dispose() => _stream.Dispose();
}
