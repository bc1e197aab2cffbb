using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>What the tables say: the database's time, and the epoch that is in force, if one is.</summary>
internal sealed record ReplayState(long Now, long? Epoch, long Fence, long[] Slots, long[] Generations, byte[][] NonceKeys)
{
    /// <summary>No tables, and so nothing known.</summary>
    public static ReplayState None { get; } = new(0, null, 0, [], [], []);

    /// <summary>Reads it; a part that is missing makes the epoch missing.</summary>
    public static async Task<ReplayState> ReadAsync(NpgsqlConnection connection, ReplaySql sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql.Read, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        bool isWhole = !row.IsDBNull(1) && !row.IsDBNull(3) && !row.IsDBNull(4) && row.GetFieldValue<long[]>(3).Length == ReplayTime.Buckets;
        return isWhole
            ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<long[]>(3), row.GetFieldValue<long[]>(4), row.GetFieldValue<byte[][]>(5))
            : None with { Now = row.GetInt64(0) };
    }
}
