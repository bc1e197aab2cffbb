using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>What the tables say: the database's time, and the epoch that is in force, if one is.</summary>
internal sealed record ReplayState(long Now, long? Seen, long? Epoch, long Fence, long[] Slots, long[] Generations, byte[][] NonceKeys)
{
    /// <summary>No tables, and so nothing known.</summary>
    public static ReplayState None { get; } = new(0, null, null, 0, [], [], []);

    /// <summary>Reads it; a part that is missing makes the epoch missing.</summary>
    public static async Task<ReplayState> ReadAsync(NpgsqlConnection connection, ReplaySql sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql.Read, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        long? seen = row.IsDBNull(1) ? null : row.GetInt64(1);
        bool isWhole = !row.IsDBNull(2) && !row.IsDBNull(4) && !row.IsDBNull(5) && row.GetFieldValue<long[]>(4).Length == ReplayTime.Buckets;
        return isWhole
            ? new(row.GetInt64(0), seen, row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<long[]>(4), row.GetFieldValue<long[]>(5), row.GetFieldValue<byte[][]>(6))
            : None with { Now = row.GetInt64(0), Seen = seen };
    }

    /// <summary>True where no node has used the records for so long that others may have been used in their place.</summary>
    public bool IsAbandoned => Seen is not { } seen || Now - seen > ReplayTime.Abandoned;

    /// <summary>True where the clocks were ahead and have been set right: the buckets have been given to slots to come, and none is for now.</summary>
    public bool IsAhead => Slots.Length > 0 && Slots.Min() > Now / ReplayTime.Bucket;

    /// <summary>True where nodes may work in the epoch.</summary>
    public bool IsUsable => Epoch is not null && !IsAbandoned && !IsAhead;
}
