using System.Security.Cryptography;
using System.Threading.Channels;
using Holdfast.Replay.PostgreSql.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.Replay.PostgreSql;

/// <summary>
/// Replay records that many nodes share through PostgreSQL: of any number of identical proofs at any of them one is accepted, also while nodes and the
/// database are restarted, killed or replaced. It begins to work when it is made, reconnects by itself, and refuses or demands nonces
/// of its own (<see cref="ReplayLoss"/>) while it cannot ask. Safe for concurrent use.
/// </summary>
public sealed class PostgreSqlReplayStore : ISharedReplayStore, IAsyncDisposable
{
    private readonly Channel<ReplayCheck> _waiting;
    private readonly EmbeddedReplayStore? _own;
    private readonly ReplaySession _session;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _working;
    private bool _isDisposed;

    /// <summary>Begins to connect at once, and never waits for it.</summary>
    public PostgreSqlReplayStore(IOptions<PostgreSqlReplayOptions> options, VerifierClock clock, ILogger<PostgreSqlReplayStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(logger);
        PostgreSqlReplayOptions settings = options.Value;
        _waiting = Channel.CreateBounded<ReplayCheck>(new BoundedChannelOptions(settings.QueueCapacity) { FullMode = BoundedChannelFullMode.Wait });
        // Only proofs with a nonce of this process come here, so no earlier process can have accepted them.
        if (settings.WhenUnavailable == ReplayLoss.Nonce)
            _own = new(new() { Capacity = settings.Capacity, QuotaPerKey = settings.QuotaPerKey, SingleInstance = true, NoPredecessor = true }, clock);
        _session = new(settings, clock, _waiting.Reader, logger);
        _working = _session.RunAsync(_stopping.Token);
    }

    /// <summary>True while checks can be sent to the database.</summary>
    public bool IsAvailable => _session.Epoch is not null;

    /// <inheritdoc/>
    public string? WhyNotReady => IsAvailable ? null : _session.Problem;

    /// <summary>True while this node goes by nonces and records of its own.</summary>
    internal bool IsAlone => _own is not null && !IsAvailable;

    /// <summary>The epoch of this node's own nonces: random, so that no other nonce can pass for one.</summary>
    internal long OwnEpoch { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>The epoch that checks are sent in, or null.</summary>
    internal long? Epoch => _session.Epoch?.Id;

    /// <summary>The nonces of the epoch that is, or was last, in force; null before the first.</summary>
    internal DPoPNonces? NoncesOf(VerifierRole role) => _session.LastEpoch?.NoncesOf(role);

    /// <inheritdoc/>
    public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReplayResult>(cancellationToken);
        FreshnessAnchor anchor = record.Anchor;
        // A nonce of this process vouches that no other node accepts the proof: its record is here, whatever the database does.
        if (anchor.FromNonce && anchor.NonceEpoch == OwnEpoch)
            return _own is null ? new(ReplayResult.Fenced) : _own.TryAddAsync(record, cancellationToken);
        // Whether a nonce is of the epoch in force, the sender tells, who knows in which one it sends.
        return IsAvailable ? AskAsync(record) : new(WhenLost());
    }

    /// <summary>Stops; what waits is refused, and so is what comes later.</summary>
    public async ValueTask DisposeAsync()
    {
        // A container ends it once for each type it is registered by.
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _stopping.CancelAsync();
        _waiting.Writer.TryComplete();
        await _working;
        _session.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Does what is due in the tables now, and not when its second comes.</summary>
    internal Task KeepHouseAsync() => _session.KeepHouseAsync(_stopping.Token);

    private async ValueTask<ReplayResult> AskAsync(ReplayRecord record)
    {
        var check = new ReplayCheck(record);
        if (!_waiting.Writer.TryWrite(check))
        {
            if (IsAvailable)
                ReplayMeter.QueueFull();
            return WhenLost();
        }
        // The session may have ended before the check was in, and then nobody takes it out.
        if (!IsAvailable)
            _session.RefuseWhatWaits();
        ReplayResult result = await check.Task;
        return result == ReplayResult.Unavailable ? WhenLost() : result;
    }

    // Once this node is alone, a nonce of its own is what helps; before that, for a queue that is full, only time is.
    private ReplayResult WhenLost() => IsAlone ? ReplayResult.Fenced : ReplayResult.Unavailable;
}
