using System.Globalization;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>How PostgreSQL is connected to: a bounded pool, sessions that mean only their own tables, and nothing that outlives the deadline.</summary>
internal static class PostgreSqlConnections
{
    /// <summary>For the requests.</summary>
    public static NpgsqlDataSource Create(HoldfastStorageOptions options)
    {
        int limit = (int)(options.Deadline.TotalMilliseconds * 1.5);
        // A transaction that its process has forgotten lets go of its rows.
        return Create(options, options.Connections, options.Deadline, string.Create(CultureInfo.InvariantCulture,
            $"SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}"));
    }

    /// <summary>For work that may take long, such as migrations.</summary>
    public static NpgsqlDataSource CreateForWork(HoldfastStorageOptions options) => Create(options, 1, null, "SET statement_timeout = 0; SET lock_timeout = '5min'");

    /// <summary>The schema in a statement. Quoted, because a name may be a word of the language; it holds nothing that could end the quotes.</summary>
    public static string Quote(string schema) => $"\"{schema}\"";

    private static NpgsqlDataSource Create(HoldfastStorageOptions options, int connections, TimeSpan? deadline, string limits)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.PostgreSql)
        {
            MaxPoolSize = connections,
            MinPoolSize = 0,
            // The session settings below stay.
            NoResetOnClose = true,
            Multiplexing = false,
            Enlist = false,
            CommandTimeout = deadline is { } commands ? (int)Math.Ceiling(1.5 * commands.TotalSeconds) + 1 : 0,
            // What took too long is given up with its connection; nobody waits for a second opinion.
            CancellationTimeout = -1,
            Timeout = deadline is { } connecting ? Math.Max(1, (int)Math.Ceiling(connecting.TotalSeconds)) : 5,
            // Few statements, used by every request: each is planned once a connection.
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 2,
        };
        // What is between may forget a connection that nothing goes over.
        if (settings.KeepAlive == 0)
            settings.KeepAlive = 30;
        settings.ApplicationName ??= "holdfast";
        // A standby can write nothing.
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "primary";
        // The search path: what other users of the database define, or a temporary table, is not what the statements mean. The isolation: a race is decided by the row, and no fault.
        // The commit: what was acknowledged is on the disk, whatever the database's default says.
        string session = $"SET search_path = pg_catalog, {Quote(options.Schema)}, pg_temp; SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; "
            + $"SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local'); SET jit = off; {limits}";
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
