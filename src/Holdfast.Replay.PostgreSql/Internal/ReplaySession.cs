using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>
/// The life with the database: connect, enter an epoch, send and keep house until something breaks; then answer whatever waits with a refusal, and begin again.
/// Nothing of one connection outlives it, so no answer of a database that was replaced is ever believed.
/// </summary>
internal sealed class ReplaySession(PostgreSqlReplayOptions options, VerifierClock clock, ChannelReader<ReplayCheck> waiting, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);
    // Making tables, and waiting for a node that makes them.
    private static readonly TimeSpan EnterLimit = TimeSpan.FromSeconds(15);

    private readonly ReplaySql _sql = new(options.Schema);
    private readonly SharedRoom _room = new(options, clock);
    private readonly SemaphoreSlim _keeping = new(1);
    private volatile SharedEpoch? _known;
    private volatile bool _isOpen;
    private volatile string _problem = "no connection was made yet";
    private volatile ReplayHouse? _house;

    /// <summary>The epoch that checks can be sent in, or null.</summary>
    public SharedEpoch? Epoch => _isOpen ? _known : null;

    /// <summary>The same, or the last one.</summary>
    public SharedEpoch? LastEpoch => _known;

    /// <summary>Why there is none.</summary>
    public string Problem => _problem;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The constructor that starts this does not wait for it.
        await Task.Yield();
        TimeSpan wait = FirstRetry;
        string? told = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            bool wasOpen = await TryWorkAsync(cancellationToken);
            RefuseWhatWaits();
            if (cancellationToken.IsCancellationRequested)
                return;
            if (wasOpen || told != _problem)
                Tell(wasOpen);
            told = _problem;
            wait = wasOpen ? FirstRetry : wait;
            await Task.Delay(wait, CancellationToken.None);
            wait = wait * 2 < LastRetry ? wait * 2 : LastRetry;
        }
    }

    /// <summary>Answers all that wait: nobody will send them. Also for whoever finds that the session ended while it put a check in.</summary>
    public void RefuseWhatWaits()
    {
        while (waiting.TryRead(out ReplayCheck? check))
            check.Answer(ReplayResult.Unavailable);
    }

    /// <summary>One round of house-keeping, now.</summary>
    public async Task KeepHouseAsync(CancellationToken cancellationToken)
    {
        if (_house is not { } house || _known is not { } epoch)
            return;
        await _keeping.WaitAsync(cancellationToken);
        try
        {
            Adopt(await WithinAsync(options.Deadline * 2, stop => house.KeepAsync(epoch.Id, stop), cancellationToken));
        }
        finally
        {
            _keeping.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _keeping.Dispose();

    // True where checks were sent meanwhile.
    private async Task<bool> TryWorkAsync(CancellationToken cancellationToken)
    {
        bool wasOpen = false;
        try
        {
            await using NpgsqlDataSource database = ReplayDatabase.Create(options);
            await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
            var house = new ReplayHouse(connection, _sql, clock, options.NonceKeyLifetime);
            SharedEpoch epoch = Adopt(await WithinAsync(EnterLimit, house.EnterAsync, cancellationToken));
            (_house, _isOpen, wasOpen) = (house, true, true);
            ReplayLog.LogShared(logger, options.Schema, new DateTimeOffset(epoch.Fence, TimeSpan.Zero));
            await SendAsync(database, epoch, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it was, the records cannot be asked: that is told, refused by, and tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _problem = failure is OperationCanceledException or TimeoutException ? "the database did not answer in time" : failure.Message;
        }
        finally
        {
            (_house, _isOpen) = (null, false);
        }
        return wasOpen;
    }

    // The first part that ends, and it ends only by an exception, ends the others.
    private async Task SendAsync(NpgsqlDataSource database, SharedEpoch epoch, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> parts = [KeepHouseRegularlyAsync(ending.Token)];
        for (int i = 0; i < options.Connections; i++)
            parts.Add(new ReplaySender(database, _sql, epoch.Id, waiting, _room, clock, options.Deadline).RunAsync(ending.Token));
        Task first = await Task.WhenAny(parts);
        _isOpen = false;
        await ending.CancelAsync();
        await Task.WhenAll(parts).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    private async Task KeepHouseRegularlyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.HouseInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await KeepHouseAsync(cancellationToken);
    }

    private SharedEpoch Adopt(ReplayState state)
    {
        if (_known is not { } known || known.Id != state.Epoch || !known.Generations.AsSpan().SequenceEqual(state.Generations))
            _known = known = SharedEpoch.Create(state, clock);
        return known;
    }

    private void Tell(bool wasOpen)
    {
        string policy = options.WhenUnavailable == ReplayLoss.Nonce ? "demands nonces of its own" : "refuses proofs (503)";
        if (wasOpen)
        {
            ReplayMeter.Lost();
            ReplayLog.LogLost(logger, _problem, policy);
        }
        else
        {
            ReplayLog.LogUnreachable(logger, _problem, policy);
        }
    }

    private static async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        return await work(patience.Token);
    }
}
