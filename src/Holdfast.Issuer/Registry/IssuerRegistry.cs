using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// The registry as this process knows it. A snapshot is taken anew when it is a second old, and when a write was answered with
/// <see cref="StoreAnswer.Stale"/>: so nothing is written by an old one, and nothing is answered by one that is older than a second.
/// </summary>
internal sealed class IssuerRegistry(IRegistryStore store, SnapshotCompiler compiler, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Known? _known;

    /// <summary>A snapshot that is a second old at most.</summary>
    /// <exception cref="StateUnavailableException">The database does not answer.</exception>
    public ValueTask<IssuerSnapshot> GetAsync(CancellationToken cancellationToken) =>
        _known is { } known && timeProvider.GetElapsedTime(known.ReadAt) < Freshness ? new(known.Snapshot) : ReadAsync(_known, cancellationToken);

    /// <summary>A snapshot newer than one by which something could not be written.</summary>
    /// <exception cref="StateUnavailableException">The database does not answer.</exception>
    public ValueTask<IssuerSnapshot> GetNewerAsync(IssuerSnapshot stale, CancellationToken cancellationToken) =>
        _known is { } known && !ReferenceEquals(known.Snapshot, stale) ? new(known.Snapshot) : ReadAsync(_known, cancellationToken);

    // One reads, the others take what he read.
    private async ValueTask<IssuerSnapshot> ReadAsync(Known? seen, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_known is { } other && !ReferenceEquals(other, seen))
                return other.Snapshot;
            long now = timeProvider.GetTimestamp();
            RegistryChanges changes = await store.ReadSinceAsync(seen?.Snapshot.Position ?? RegistryPosition.Start, cancellationToken);
            IssuerSnapshot snapshot = seen is not null && changes.Position == seen.Snapshot.Position ? seen.Snapshot : compiler.Next(seen?.Snapshot, changes);
            _known = new(snapshot, now);
            return snapshot;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private sealed record Known(IssuerSnapshot Snapshot, long ReadAt);
}
