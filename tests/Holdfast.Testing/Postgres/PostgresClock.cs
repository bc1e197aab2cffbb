using Npgsql;

namespace Holdfast.Testing;

/// <summary>
/// Takes over the clock of a replay schema: its function <c>clock()</c> then reads a table, so that a test can move the time of the database or hold it.
/// The schema must exist. Everybody who uses the schema sees the new time with his next statement.
/// </summary>
public sealed class PostgresClock
{
    private readonly string _connectionString;
    private readonly string _schema;

    private PostgresClock(string connectionString, string schema) => (_connectionString, _schema) = (connectionString, schema);

    /// <summary>Replaces the function; the time it tells stays the real one until it is moved.</summary>
    public static async Task<PostgresClock> TakeOverAsync(string connectionString, string schema = "holdfast_replay")
    {
        // .NET ticks at 1970-01-01, and ticks a second; an interval's seconds are exact, a double's are not.
        string sql = $"""
            CREATE TABLE IF NOT EXISTS "{schema}".test_clock (step bigint NOT NULL, held bigint);
            INSERT INTO "{schema}".test_clock SELECT 0, NULL WHERE NOT EXISTS (SELECT FROM "{schema}".test_clock);
            CREATE OR REPLACE FUNCTION "{schema}".clock() RETURNS bigint LANGUAGE sql VOLATILE AS $clock$
              SELECT coalesce(held, {DateTime.UnixEpoch.Ticks} + (extract(epoch FROM clock_timestamp())::numeric * {TimeSpan.TicksPerSecond})::bigint + step)
                FROM "{schema}".test_clock
            $clock$;
            """;
        var clock = new PostgresClock(connectionString, schema);
        await clock.ExecuteAsync(sql);
        return clock;
    }

    /// <summary>What it says now.</summary>
    public async Task<DateTimeOffset> ReadAsync()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_connectionString);
        await using NpgsqlCommand command = source.CreateCommand($"SELECT \"{_schema}\".clock()");
        return new((long)(await command.ExecuteScalarAsync())!, TimeSpan.Zero);
    }

    /// <summary>From now on it says the real time and so much more, or less.</summary>
    public Task StepAsync(TimeSpan by) => ExecuteAsync($"UPDATE \"{_schema}\".test_clock SET step = {by.Ticks}, held = NULL");

    /// <summary>From now on it stands at this time.</summary>
    public Task HoldAsync(DateTimeOffset at) => ExecuteAsync($"UPDATE \"{_schema}\".test_clock SET held = {at.UtcTicks}");

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_connectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
