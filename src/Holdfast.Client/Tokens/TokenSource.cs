using Holdfast.Client.Internal;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tokens;

/// <summary>
/// Holds one token and renews it before it ends. However many callers wait, one request is under way; it belongs to none of them,
/// so none of them can cancel it for the others.
/// </summary>
internal sealed class TokenSource(
    string name, Func<CancellationToken, Task<BoundToken>> fetch, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private static readonly TimeSpan FlightTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DropPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private BoundToken? _current;
    private Task<BoundToken>? _flight;
    private long? _failed;
    private long? _dropped;

    /// <summary>A token that is alive. One whose end is near is given out once more while the next is fetched.</summary>
    public ValueTask<BoundToken> GetAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<BoundToken> flight;
        lock (_lock)
        {
            if (_current is not null && _current.IsAlive(time))
            {
                if (_current.IsRefreshDue(time) && (_failed is null || time.GetElapsedTime(_failed.Value) >= RetryPause))
                    _ = Start();
                return new(_current);
            }
            flight = Start();
        }
        return new(flight.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Forgets a token that a resource refused. False where that happened a moment ago already: an API that refuses every
    /// token must not make its callers besiege the authorization server.
    /// </summary>
    public bool Drop(BoundToken refused)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_current, refused))
                return true;
            if (_dropped is not null && time.GetElapsedTime(_dropped.Value) < DropPause)
                return false;
            _dropped = time.GetTimestamp();
            _current = null;
            return true;
        }
    }

    // Within the lock.
    private Task<BoundToken> Start()
    {
        if (_flight is not null)
            return _flight;
        Task<BoundToken> flight = _flight = Task.Run(FlyAsync, CancellationToken.None);
        // Nobody may be waiting; the failure is logged and must not be reported as unobserved.
        _ = flight.ContinueWith(static done => done.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return flight;
    }

    private async Task<BoundToken> FlyAsync()
    {
        using var timeout = new CancellationTokenSource(FlightTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            BoundToken token = await fetch(either.Token).ConfigureAwait(false);
            lock (_lock)
                (_current, _flight, _failed) = (token, null, null);
            return token;
        }
        catch (Exception exception)
        {
            bool alive;
            lock (_lock)
            {
                (_flight, _failed) = (null, time.GetTimestamp());
                alive = _current is not null && _current.IsAlive(time);
            }
            if (alive)
                Log.RefreshFailed(logger, name, exception);
            if (exception is OperationCanceledException)
                throw new HoldfastClientException(HoldfastClientFailure.TokenServerUnavailable, "The authorization server took too long.", exception);
            throw;
        }
    }
}
