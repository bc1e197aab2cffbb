using System.Buffers.Binary;
using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>One connection that carries checks: whatever waits goes in one statement, and the next group forms meanwhile.</summary>
internal sealed class ReplaySender(NpgsqlDataSource database, ReplaySql sql, long epoch, ChannelReader<ReplayCheck> waiting, SharedRoom room, VerifierClock clock, TimeSpan deadline)
{
    private readonly NpgsqlParameter<List<Guid>> _keys = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _expiries = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<bool>> _vouched = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<bool>> _room = new() { TypedValue = [] };
    private readonly NpgsqlParameter<long> _now = new();

    /// <summary>Sends until cancelled, or until the connection or the epoch is gone, which is an exception. Whatever it took is answered.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql.Add, connection);
        foreach (NpgsqlParameter parameter in (NpgsqlParameter[])[_keys, _expiries, _vouched, _room, new NpgsqlParameter<long> { TypedValue = epoch }, _now])
            command.Parameters.Add(parameter);
        await command.PrepareAsync(cancellationToken);
        var group = new ReplayGroup(room, deadline);
        try
        {
            while (group.Sent.Count > 0 || await waiting.WaitToReadAsync(cancellationToken))
            {
                while (!group.IsFull && waiting.TryRead(out ReplayCheck? check))
                    group.Add(check);
                if (group.Sent.Count > 0)
                    group.Answer(await SendAsync(command, group, cancellationToken));
            }
        }
        finally
        {
            group.GiveUp();
        }
    }

    private async Task<int[]> SendAsync(NpgsqlCommand command, ReplayGroup group, CancellationToken cancellationToken)
    {
        Fill(group);
        long start = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(deadline);
        object? answers = await command.ExecuteScalarAsync(patience.Token);
        ReplayMeter.Sent(group.Sent.Count, Stopwatch.GetElapsedTime(start));
        return answers is int[] all && all.Length == group.Sent.Count ? all : throw new ReplayUnavailableException("the epoch of the records has ended, or the clocks differ");
    }

    private void Fill(ReplayGroup group)
    {
        group.TakeRoom();
        _keys.TypedValue!.Clear();
        _expiries.TypedValue!.Clear();
        _vouched.TypedValue!.Clear();
        _room.TypedValue!.Clear();
        Span<byte> key = stackalloc byte[16];
        foreach (ReplayCheck check in group.Sent)
        {
            ReplayRecord record = check.Record;
            BinaryPrimitives.WriteUInt128BigEndian(key, record.Key.Value);
            _keys.TypedValue.Add(new Guid(key, bigEndian: true));
            _expiries.TypedValue.Add(record.Anchor.Time.UtcTicks + ReplayTime.Life);
            // A check may have waited while one epoch ended and the next began: its nonce vouches within its own only.
            _vouched.TypedValue.Add(record.Anchor.FromNonce && record.Anchor.NonceEpoch == epoch);
            _room.TypedValue.Add(check.HasRoom);
        }
        _now.TypedValue = clock.Now.UtcTicks;
    }
}
