using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>
/// Keeps the tables: makes them, begins an epoch where none is in force, gives ended buckets to slots to come, exchanges the nonce key. Every node does, and the
/// database decides which of them it lets.
/// </summary>
internal sealed class ReplayHouse(NpgsqlConnection connection, ReplaySql sql, VerifierClock clock, PostgreSqlReplayOptions options)
{
    private static readonly TimeSpan TurnPause = TimeSpan.FromSeconds(5);

    private long _busySince;

    /// <summary>Makes what is missing and reads the epoch.</summary>
    public async Task<ReplayState> EnterAsync(CancellationToken cancellationToken)
    {
        ReplayState state = await ScalarAsync(sql.Exists, cancellationToken) is true ? await ReadAsync(cancellationToken) : ReplayState.None;
        if (!state.IsUsable)
            state = await MakeAsync(cancellationToken);
        return DistanceOf(state.Now) <= ReplayTime.ClockTolerance ? state : throw new ReplayUnavailableException(ClockProblem(state.Now));
    }

    /// <summary>Reads, and does what is due. Where the epoch is another one, or the clocks differ too much, it is a <see cref="ReplayUnavailableException"/>.</summary>
    public async Task<ReplayState> KeepAsync(long epoch, CancellationToken cancellationToken)
    {
        ReplayState state = await ReadAsync(cancellationToken);
        if (state.Epoch != epoch || state.IsAhead)
            throw new ReplayUnavailableException("the epoch of the records has ended");
        if (DistanceOf(state.Now) > ReplayTime.ClockTolerance)
            throw new ReplayUnavailableException(ClockProblem(state.Now));
        for (int place = 0; place < state.Slots.Length; place++)
        {
            if ((state.Slots[place] + 1) * ReplayTime.Bucket + ReplayTime.Margin <= state.Now)
                await TurnAsync(place, state, cancellationToken);
        }
        await ExecuteAsync(sql.See, cancellationToken);
        await ExchangeNonceKeyAsync(state, cancellationToken);
        return state;
    }

    private async Task<ReplayState> MakeAsync(CancellationToken cancellationToken)
    {
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await ScalarAsync(sql.Lock, cancellationToken);
            if (await ScalarAsync(sql.Exists, cancellationToken) is not true)
                await ExecuteAsync(sql.Create, cancellationToken);
            // Another node may have been faster.
            ReplayState state = await ReadAsync(cancellationToken);
            // The fence counts from the database's time: a node that it is far from begins nothing.
            if (DistanceOf(state.Now) > ReplayTime.ClockTolerance)
                throw new ReplayUnavailableException(ClockProblem(state.Now));
            if (!state.IsUsable)
                await BeginAsync(state.IsAbandoned ? ReplayTime.FirstFence : ReplayTime.Fence, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return await ReadAsync(cancellationToken) is { Epoch: not null } begun ? begun : throw new ReplayUnavailableException("the epoch ended as it began");
    }

    private long DistanceOf(long databaseTime) => Math.Abs(clock.Now.UtcTicks - databaseTime);

    private string ClockProblem(long databaseTime) => string.Create(CultureInfo.InvariantCulture,
        $"the clock of this node is {TimeSpan.FromTicks(clock.Now.UtcTicks - databaseTime).TotalSeconds:+0.0;-0.0} s from the database's; set both by NTP, and restart the node if its clock was ahead");

    private Task<ReplayState> ReadAsync(CancellationToken cancellationToken) => ReplayState.ReadAsync(connection, sql, cancellationToken);

    private async Task BeginAsync(long fence, CancellationToken cancellationToken)
    {
        // Random, so that no nonce of another store or of a node alone can pass for one of this epoch.
        long epoch = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        foreach ((string statement, object[] values) in sql.Begin(epoch, fence, DPoPNonces.GenerationAt(clock.Now) - 3L))
            await ExecuteAsync(statement, cancellationToken, values);
    }

    // Readers and writers of the bucket are waited for, but not for long, because whoever comes meanwhile queues behind; and where that was in vain, not again for a while.
    // Somebody may read for hours, such as a dump. Then the bucket is used as it is, at the last: its old records are in nobody's way.
    private async Task TurnAsync(int place, ReplayState state, CancellationToken cancellationToken)
    {
        bool isUrgent = (state.Slots[place] + ReplayTime.Buckets - 1) * ReplayTime.Bucket - ReplayTime.Margin <= state.Now;
        if (_busySince != 0 && Stopwatch.GetElapsedTime(_busySince) < TurnPause && !isUrgent)
            return;
        try
        {
            await TurnAsync(place, empties: true, cancellationToken);
            _busySince = 0;
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            _busySince = Stopwatch.GetTimestamp();
            if (isUrgent)
                await TurnAsync(place, empties: false, cancellationToken);
        }
    }

    private async Task TurnAsync(int place, bool empties, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        int wait = (int)Math.Min(50, options.Deadline.TotalMilliseconds / 2);
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {wait}"), cancellationToken);
        if (await ScalarAsync(sql.Turn(place), cancellationToken, clock.Now.UtcTicks) is not true)
            return;
        if (empties)
            await ExecuteAsync(sql.Empty(place), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task ExchangeNonceKeyAsync(ReplayState state, CancellationToken cancellationToken)
    {
        long current = DPoPNonces.GenerationAt(clock.Now);
        long newest = state.Generations[^1];
        if (current - newest < options.NonceKeyLifetime / DPoPNonces.GenerationLength)
            return;
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ScalarAsync(sql.TryLock, cancellationToken) is not true)
            return;
        // Two generations ahead: every node that is in touch has read it before it is used.
        await ExecuteAsync(sql.AddNonceKey, cancellationToken, current + 2, newest);
        // A generation lives for two, and a node may be behind.
        await ExecuteAsync(sql.DropNonceKeys, cancellationToken, current - 3);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string statement, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = Command(statement, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = Command(statement, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string statement, object[] values)
    {
        var command = new NpgsqlCommand(statement, connection);
        foreach (object value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
