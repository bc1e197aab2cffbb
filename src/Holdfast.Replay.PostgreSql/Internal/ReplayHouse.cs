using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>
/// Keeps the tables: makes them, begins an epoch where none is in force, gives ended buckets to slots to come, exchanges the nonce key. Every node does, and the
/// database decides which of them it lets.
/// </summary>
internal sealed class ReplayHouse(NpgsqlConnection connection, ReplaySql sql, VerifierClock clock, TimeSpan nonceKeyLifetime)
{
    /// <summary>Makes what is missing and reads the epoch.</summary>
    public async Task<ReplayState> EnterAsync(CancellationToken cancellationToken)
    {
        ReplayState state = await ScalarAsync(sql.Exists, cancellationToken) is true ? await ReadAsync(cancellationToken) : ReplayState.None;
        if (state.Epoch is null)
            state = await MakeAsync(cancellationToken);
        return DistanceOf(state.Now) <= ReplayTime.ClockTolerance ? state : throw new ReplayUnavailableException(ClockProblem(state.Now));
    }

    /// <summary>Reads, and does what is due. Where the epoch is another one, or the clocks differ too much, it is a <see cref="ReplayUnavailableException"/>.</summary>
    public async Task<ReplayState> KeepAsync(long epoch, CancellationToken cancellationToken)
    {
        ReplayState state = await ReadAsync(cancellationToken);
        if (state.Epoch != epoch)
            throw new ReplayUnavailableException("the epoch of the records has ended");
        if (DistanceOf(state.Now) > ReplayTime.ClockTolerance)
            throw new ReplayUnavailableException(ClockProblem(state.Now));
        for (int place = 0; place < state.Slots.Length; place++)
        {
            if ((state.Slots[place] + 1) * ReplayTime.Bucket + ReplayTime.Margin <= state.Now)
                await TurnAsync(place, cancellationToken);
        }
        await ExchangeNonceKeyAsync(state, cancellationToken);
        return state;
    }

    private async Task<ReplayState> MakeAsync(CancellationToken cancellationToken)
    {
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await ScalarAsync(sql.Lock, cancellationToken);
            bool isFirst = await ScalarAsync(sql.Exists, cancellationToken) is not true;
            if (isFirst)
                await ExecuteAsync(sql.Create, cancellationToken);
            // Another node may have been faster.
            ReplayState state = await ReadAsync(cancellationToken);
            // The fence counts from the database's time: a node that it is far from begins nothing.
            if (DistanceOf(state.Now) > ReplayTime.ClockTolerance)
                throw new ReplayUnavailableException(ClockProblem(state.Now));
            if (state.Epoch is null)
                await BeginAsync(isFirst ? ReplayTime.FirstFence : ReplayTime.Fence, cancellationToken);
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
        byte[] id = RandomNumberGenerator.GetBytes(sizeof(long));
        // Zero is the epoch of a process; the sign says nothing.
        long epoch = BitConverter.ToInt64(id) is var random and not 0 ? random : 1;
        foreach ((string statement, object[] values) in sql.Begin(epoch, fence, DPoPNonces.GenerationAt(clock.Now) - 3L, RandomNumberGenerator.GetBytes(DPoPNonceKeys.MinimumLength)))
            await ExecuteAsync(statement, cancellationToken, values);
    }

    // Readers and writers of the bucket are waited for, but not for long: whoever comes meanwhile queues behind. What does not succeed now does so in a second.
    private async Task TurnAsync(int place, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync("SET LOCAL lock_timeout = '200ms'", cancellationToken);
            if (await ScalarAsync(sql.Turn(place), cancellationToken, clock.Now.UtcTicks) is not true)
                return;
            await ExecuteAsync(sql.Empty(place), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            await transaction.RollbackAsync(cancellationToken);
        }
    }

    private async Task ExchangeNonceKeyAsync(ReplayState state, CancellationToken cancellationToken)
    {
        long current = DPoPNonces.GenerationAt(clock.Now);
        long newest = state.Generations[^1];
        if (current - newest < nonceKeyLifetime / DPoPNonces.GenerationLength)
            return;
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ScalarAsync(sql.TryLock, cancellationToken) is not true)
            return;
        // Two generations ahead: every node that is in touch has read it before it is used.
        await ExecuteAsync(sql.AddNonceKey, cancellationToken, current + 2, RandomNumberGenerator.GetBytes(DPoPNonceKeys.MinimumLength), newest);
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
