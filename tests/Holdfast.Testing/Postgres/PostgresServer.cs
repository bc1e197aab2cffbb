using System.Globalization;
using Npgsql;

namespace Holdfast.Testing;

/// <summary>
/// A PostgreSQL server of a test's own, on 127.0.0.1 and a free port, that loses nothing but what a test wants it to lose. It ends with the test,
/// and also where the test's process is killed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private const int StartAttempts = 3;

    private readonly string _folder;
    private RunningProcess? _process;
    private OrphanWatch? _watch;
    private bool _isPaused;

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    /// <summary>Its port, the same after every start.</summary>
    public int Port { get; }

    /// <summary>Everything the present run has logged.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Whether it has been started and not been stopped.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>For its superuser and the database <c>postgres</c>.</summary>
    public string ConnectionString => ConnectionStringOf(User);

    /// <summary>For its superuser and this database.</summary>
    public string ConnectionStringOf(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = User, Database = database, IncludeErrorDetail = true }.ConnectionString;

    /// <summary>For its superuser and this database on whichever of the servers is the primary.</summary>
    public static string ConnectionStringOf(string database, params IEnumerable<int> ports) =>
        // Npgsql takes a port with each host, and reads the role of each anew after this many seconds.
        new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))),
            Username = User, Database = database, IncludeErrorDetail = true, TargetSessionAttributes = "primary", HostRecheckSeconds = 1,
        }.ConnectionString;

    /// <summary>A new and empty cluster, started.</summary>
    public static async Task<PostgresServer> StartNewAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            var server = new PostgresServer(await CreateFolderAsync(), FreePort.Take(1)[0]);
            try
            {
                await PostgresPrograms.RunAsync("initdb", "-D", server.Data, "-U", User, "-A", "trust", "-N", "-E", "UTF8", "--locale=C");
                await server.StartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Somebody has taken the port meanwhile.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts it again, on the same port, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        if (IsRunning)
            throw new InvalidOperationException("It is running.");
        await EndAsync();
        (string file, string[] before) = PostgresPrograms.Command("postgres");
        _process = await RunningProcess.StartAsync(file, [.. before, "-D", Data, .. Settings()],
            static line => line.Contains("database system is ready to accept", StringComparison.Ordinal), Path.GetTempPath());
        _watch = await OrphanWatch.StartAsync(_process.Id, _folder);
    }

    /// <summary>Ends it and waits for the end. The data stay; <see cref="StartAsync"/> starts it again.</summary>
    public async Task StopAsync(PostgresStop how)
    {
        await ResumeAsync();
        await RunningOrThrow().SignalAsync(how == PostgresStop.Fast ? "INT" : "QUIT");
        await EndAsync();
    }

    /// <summary>
    /// <c>kill -9</c> of one backend: the server ends all others, recovers as after a crash, and unlogged tables are empty. Returns when it answers again.
    /// </summary>
    public async Task KillBackendAsync()
    {
        int starts = Starts();
        await using NpgsqlConnection victim = await OpenAsync(ConnectionString);
        await ProcessSignal.SendAsync("KILL", victim.ProcessID);
        await Eventually.IsSoAsync(() => Starts() > starts, () => "The server does not recover from a killed backend.");
    }

    /// <summary>Stops it and all of its processes in mid-step (<c>SIGSTOP</c>): connections stay open and say nothing.</summary>
    public async Task PauseAsync()
    {
        int postmaster = RunningOrThrow().Id;
        // The postmaster first: it starts no more of them.
        await ProcessSignal.SendAsync("STOP", postmaster);
        await ProcessSignal.SendAsync("STOP", ProcessSignal.ChildrenOf(postmaster));
        _isPaused = true;
    }

    /// <summary>Lets it go on after <see cref="PauseAsync"/>.</summary>
    public async Task ResumeAsync()
    {
        if (!_isPaused)
            return;
        int postmaster = RunningOrThrow().Id;
        await ProcessSignal.SendAsync("CONT", ProcessSignal.ChildrenOf(postmaster));
        await ProcessSignal.SendAsync("CONT", postmaster);
        _isPaused = false;
    }

    /// <summary>A hot standby that streams from this server, started. On a free port, unless one is given: such as that of a former primary.</summary>
    public async Task<PostgresServer> CreateStandbyAsync(int? port = null)
    {
        var standby = new PostgresServer(await CreateFolderAsync(), port ?? FreePort.Take(1)[0]);
        try
        {
            await PostgresPrograms.RunAsync("pg_basebackup", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User,
                "-D", standby.Data, "-R", "-X", "stream", "-c", "fast", "--no-sync");
            await standby.StartAsync();
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a standby has replayed all that this server has written.</summary>
    public async Task CaughtUpAsync(PostgresServer standby)
    {
        string written = await ScalarAsync("SELECT pg_current_wal_lsn()::text");
        await Eventually.IsSoAsync(async () => await standby.ScalarAsync($"SELECT (pg_last_wal_replay_lsn() >= '{written}'::pg_lsn)::text") == "true", () => "The standby does not catch up.");
    }

    /// <summary>Makes a standby the primary, and returns when it is. The former primary is the caller's: stop it first, or there are two.</summary>
    public async Task PromoteAsync()
    {
        if (await ScalarAsync("SELECT pg_promote(true, 60)::text") != "true")
            throw new InvalidOperationException("The standby was not promoted within 60 seconds.");
    }

    /// <summary>A new and empty database; returns its name.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy");
        return name;
    }

    /// <summary>Runs a statement in the database <c>postgres</c>, or in the one named.</summary>
    public async Task ExecuteAsync(string sql, string? database = null)
    {
        await using NpgsqlConnection connection = await OpenAsync(ConnectionStringOf(database ?? User));
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a query in the database <c>postgres</c>, or in the one named, and returns the text that it yields.</summary>
    public async Task<string> ScalarAsync(string sql, string? database = null)
    {
        await using NpgsqlConnection connection = await OpenAsync(ConnectionStringOf(database ?? User));
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await StopAsync(PostgresStop.Immediate);
        await EndAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    // Durability is for what a server crash must not lose, and ours crash only as processes: what was written stays written.
    private string[] Settings() =>
    [
        "-c", "listen_addresses=127.0.0.1", "-c", string.Create(CultureInfo.InvariantCulture, $"port={Port}"), "-c", "unix_socket_directories=",
        "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=100", "-c", "shared_buffers=64MB", "-c", "wal_level=replica",
        "-c", "max_wal_senders=8", "-c", "hot_standby=on", "-c", "logging_collector=off", "-c", "log_destination=stderr",
    ];

    private static async Task<string> CreateFolderAsync()
    {
        // 0700, as the server demands; its parent belongs to everybody.
        string folder = Directory.CreateTempSubdirectory("holdfast-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            (int code, _, string error) = await ProcessRun.ToEndAsync("chown", [$"{User}:{User}", folder]);
            code.ShouldBe(0, error);
        }
        return folder;
    }

    private RunningProcess RunningOrThrow() => IsRunning ? _process! : throw new InvalidOperationException("It is not running.");

    // How often it said so: once at its start, once after each recovery.
    private int Starts() => RunningOrThrow().Output.Split("database system is ready to accept").Length;

    private async Task EndAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        if (_process is not null)
            await _process.DisposeAsync();
        (_watch, _process, _isPaused) = (null, null, false);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        // Without a pool: a pooled connection would outlive a stopped server.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
