using System.Security.Cryptography;
using System.Threading.Channels;

namespace Holdfast.Storage;

/// <summary>
/// What this process has seen of the database: the number that it wrote there last, and raises every few seconds. A database where it is lower, or gone, was set
/// back behind the back of this process, and every write looks (<see cref="Here"/>), so that nothing is decided by it.
/// </summary>
internal sealed class Pulse
{
    private readonly Channel<bool> _behind = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _last;

    /// <summary>Its row.</summary>
    public string Id { get; set; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The last one that is known to be written; 0: none was yet.</summary>
    public long Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    /// <summary>Whether what was read is not behind what was written.</summary>
    public bool IsAfterLast(long? beat) => IsAfter(Last, beat);

    /// <summary>The same of an earlier moment, when the last one was this.</summary>
    public static bool IsAfter(long last, long? beat) => last == 0 || beat >= last;

    /// <summary>Somebody met a database that was set back: whoever waits for the next look need not.</summary>
    public void FallBehind() => _behind.Writer.TryWrite(true);

    /// <summary>Waits for the next look, or for somebody who needs it now.</summary>
    public async Task WaitAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(interval);
        try
        {
            await _behind.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It is time.
        }
    }
}
