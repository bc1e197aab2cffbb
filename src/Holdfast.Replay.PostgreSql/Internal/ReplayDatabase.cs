using System.Globalization;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>How the database is connected to: few connections, sessions that plan every check as look-ups, and nothing that outlives the deadline.</summary>
internal static class ReplayDatabase
{
    public static NpgsqlDataSource Create(PostgreSqlReplayOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            MaxPoolSize = options.Connections + 1,
            MinPoolSize = 0,
            // The session settings below stay, and no statement is planned twice.
            NoResetOnClose = true,
            Multiplexing = false,
            Enlist = false,
            CommandTimeout = 0,
            // What took too long is given up with its connection; nobody waits for a second opinion.
            CancellationTimeout = -1,
            Timeout = Math.Max(1, (int)Math.Ceiling(options.Deadline.TotalSeconds)),
        };
        settings.ApplicationName ??= "holdfast-replay";
        // Of several hosts only the primary has the records: a standby cannot even read them.
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "primary";
        string session = string.Create(CultureInfo.InvariantCulture, $"""
            SET synchronous_commit = off; SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off;
            SET statement_timeout = {(int)(2 * options.Deadline.TotalMilliseconds)}; SET idle_in_transaction_session_timeout = '10s'
            """);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(connection => Execute(connection, session), connection => ExecuteAsync(connection, session));
        return builder.Build();
    }

    private static void Execute(NpgsqlConnection connection, string statement)
    {
        using var command = new NpgsqlCommand(statement, connection);
        command.ExecuteNonQuery();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
