using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Holdfast.Replay.PostgreSql.Internal;
using Holdfast.Testing;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>What is around the store: dumps and copies, other users, servers that fall silent, long nights, sessions that end.</summary>
public sealed class SurroundingsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _time = new();

    // DPOP-V-27: whoever dumps the database holds a lock on every table for as long as the dump takes.
    [PostgresFact]
    public async Task Proofs_are_taken_while_somebody_reads_the_tables_for_long()
    {
        string database = await HeldAsync();
        await using Node node = await Node.StartedAsync(database, null, _time);
        await using NpgsqlConnection dump = await OpenAsync(database);
        await using NpgsqlTransaction reading = await dump.BeginTransactionAsync();
        await RunAsync(dump, "LOCK TABLE holdfast_replay.record, holdfast_replay.bucket, holdfast_replay.epoch, holdfast_replay.nonce_key IN ACCESS SHARE MODE");

        for (uint i = 1; i <= 60; i++)
        {
            await AdvanceAsync(node, database, 10 * Second);
            (await node.AddAsync(node.WithNonce(i))).ShouldBe(ReplayResult.Added, $"after {i * 10} s");
        }
    }

    // A lock that house-keeping waits for is no loss, whatever the deadline.
    [PostgresFact]
    public async Task A_bucket_that_cannot_be_emptied_yet_ends_no_session_with_a_short_deadline()
    {
        string database = await HeldAsync();
        await using Node node = await Node.StartedAsync(database, options => options.Deadline = TimeSpan.FromMilliseconds(100), _time);
        await using NpgsqlConnection dump = await OpenAsync(database);
        await using NpgsqlTransaction reading = await dump.BeginTransactionAsync();
        await RunAsync(dump, "LOCK TABLE holdfast_replay.record IN ACCESS SHARE MODE");
        _time.Advance(170 * Second);
        await TellAsync(database);

        await Should.NotThrowAsync(node.Store.KeepHouseAsync);
    }

    // DPOP-V-28: tables that an administrator made for a user who may not are as new as any.
    [PostgresFact]
    public async Task The_first_epoch_waits_for_nodes_with_memories_of_their_own_also_where_the_tables_were_made_before()
    {
        string database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, new ReplaySql("holdfast_replay").Create);
        await using Node node = await Node.StartedAsync(database);

        long left = await LongAsync(database, "SELECT fence - holdfast_replay.clock() FROM holdfast_replay.epoch");
        TimeSpan.FromTicks(left).ShouldBeGreaterThan(60 * Second);
    }

    // DPOP-V-28: a copy has the tables' own numbers, and not what the original accepts from then on.
    [PostgresFact]
    public async Task An_epoch_that_comes_back_in_a_copy_of_the_database_is_none()
    {
        string database = await postgres.CreateDatabaseAsync();
        string name = new NpgsqlConnectionStringBuilder(database).Database!, copy = name + "_copy";
        long epoch;
        await using (Node first = await Node.StartedAsync(database))
            epoch = first.Store.Epoch!.Value;
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString, $"CREATE DATABASE {copy} TEMPLATE {name}");
        ReplayRecord record;
        await using (Node original = await Node.StartedAsync(database))
        {
            record = original.WithNonce(1);
            (await original.AddAsync(record)).ShouldBe(ReplayResult.Added);
        }

        await using Node copied = await Node.StartedAsync(new NpgsqlConnectionStringBuilder(database) { Database = copy }.ConnectionString);
        (await copied.AddAsync(record)).ShouldBe(ReplayResult.Fenced);
        copied.Store.Epoch.ShouldNotBe(epoch);
    }

    // DPOP-V-29: a key that nodes share makes no nonces of a process.
    [PostgresFact]
    public async Task Nonces_of_a_key_that_nodes_share_are_nobodys_own()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using Node one = await Node.StartedAsync(database, options => options.WhenUnavailable = ReplayLoss.Nonce);
        await using Node other = await Node.StartedAsync(database, options => options.WhenUnavailable = ReplayLoss.Nonce);
        byte[] key = new byte[32];
        var nonces = new DPoPNonces(one.Clock, VerifierRole.ResourceServer, key);
        nonces.Check(nonces.Current, out FreshnessAnchor anchor);
        var record = new ReplayRecord(new(1), 7, anchor);

        ReplayResult[] answers = [await one.AddAsync(record), await other.AddAsync(record)];
        answers.Count(answer => answer == ReplayResult.Added).ShouldBeLessThan(2);
    }

    // DPOP-V-27: as at the door, so behind the queue.
    [PostgresFact]
    public async Task A_nonce_of_another_epoch_vouches_for_nothing_also_where_it_waited_in_the_queue()
    {
        string database = await HeldAsync();
        await using Node node = await Node.StartedAsync(database, null, _time);
        await ExecuteAsync(database, "UPDATE holdfast_replay.epoch SET fence = 0");
        var queue = Channel.CreateBounded<ReplayCheck>(8);
        var options = new PostgreSqlReplayOptions { ConnectionString = database };
        var check = new ReplayCheck(new(new(1), 7, new(_time.UtcNow, FromNonce: true, node.Store.Epoch!.Value ^ 1)));
        queue.Writer.TryWrite(check);
        queue.Writer.Complete();
        await using NpgsqlDataSource source = ReplayDatabase.Create(options);
        await using var sender = new ReplaySender(source, new ReplaySql("holdfast_replay"), node.Store.Epoch!.Value, queue.Reader, new SharedRoom(options, node.Clock), node.Clock, Second * 5);
        await sender.OpenAsync(CancellationToken.None);
        await sender.RunAsync(CancellationToken.None);

        (await check.Task).ShouldBe(ReplayResult.Fenced);
    }

    // Equal proofs that are fenced cost one place in one group, not a statement each.
    [Fact]
    public void Equal_records_get_the_answer_of_the_first()
    {
        var clock = new VerifierClock(_time);
        var group = new ReplayGroup(new SharedRoom(new(), clock), TimeSpan.FromMinutes(1));
        var record = new ReplayRecord(new(1), 7, new(clock.Now, FromNonce: false));
        for (int i = 0; i < ReplayGroup.Limit; i++)
            group.Add(new(record));

        int statements = 0;
        for (; group.Sent.Count > 0; statements++)
            group.Answer([(int)ReplayResult.Fenced]);
        statements.ShouldBeLessThan(3);
    }

    // The buckets of a night without nodes are turned before the first proof is asked for.
    [PostgresFact]
    public async Task The_first_proof_after_a_long_pause_is_taken()
    {
        string database = await HeldAsync();
        await using (await Node.StartedAsync(database, null, _time)) { }
        _time.Advance(TimeSpan.FromHours(8));
        await TellAsync(database);
        await using Node node = await Node.StartedAsync(database, null, _time);

        (await node.AddAsync(node.WithNonce(1))).ShouldBe(ReplayResult.Added);
    }

    // Whatever the role's default is, a race is a race and no fault of the connection.
    [PostgresFact]
    public async Task A_role_whose_transactions_are_repeatable_read_loses_no_session_in_a_race()
    {
        string database = await postgres.CreateDatabaseAsync();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await ExecuteAsync(database, $"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'");
        NpgsqlConnection.ClearAllPools();
        await using Node one = await Node.StartedAsync(database);
        await using Node other = await Node.StartedAsync(database);
        for (int round = 0; round < 20; round++)
        {
            ReplayRecord[] records = [.. Enumerable.Range(0, 200).Select(i => one.WithNonce((UInt128)((round * 200) + i)))];
            ReplayResult[] answers = await Task.WhenAll(records.SelectMany(record => (Task<ReplayResult>[])[one.AddAsync(record), other.AddAsync(record)]));
            answers.ShouldNotContain(ReplayResult.Unavailable, $"round {round}: {one.Store.WhyNotReady} {other.Store.WhyNotReady} {string.Join('|', one.Log.Lines.Concat(other.Log.Lines).Where(line => line.Id == 2).Select(line => line.Text))}");
        }
    }

    // CVE-2018-1058: what another user of the database defines is not what the statements mean.
    [PostgresFact]
    public async Task Functions_of_other_users_are_not_called()
    {
        string database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, $"""
            CREATE FUNCTION public.always(state int[], value int) RETURNS int[] LANGUAGE sql AS 'SELECT state || {(int)ReplayResult.Added}';
            CREATE AGGREGATE public.array_agg(int) (SFUNC = public.always, STYPE = int[], INITCOND = '{"{}"}');
            """);
        await using Node node = await Node.StartedAsync(database);
        ReplayRecord record = node.WithNonce(1);
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Added);
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
    }

    // The end of a session leaves no exception that nobody looked at.
    [PostgresFact]
    public async Task A_lost_session_leaves_no_unobserved_exception()
    {
        List<Exception> unobserved = [];
        void Keep(object? sender, UnobservedTaskExceptionEventArgs args)
        {
            lock (unobserved)
                unobserved.Add(args.Exception);
        }
        string database = await postgres.CreateDatabaseAsync();
        TaskScheduler.UnobservedTaskException += Keep;
        try
        {
            await using (Node node = await Node.StartedAsync(database))
            {
                await ExecuteAsync(database, "TRUNCATE holdfast_replay.epoch");
                await node.UnavailableAsync();
                await node.AvailableAsync();
            }
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Keep;
        }
        lock (unobserved)
            unobserved.ShouldBeEmpty();
    }

    // A session that opens and fails at once, over and over, is told about once and tried ever less often.
    [PostgresFact]
    public async Task A_user_who_may_look_and_not_write_floods_no_log()
    {
        string database = await postgres.CreateDatabaseAsync();
        string role = "reader_" + Guid.NewGuid().ToString("N")[..8];
        await using (await Node.StartedAsync(database)) { }
        await ExecuteAsync(database, $"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA holdfast_replay TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA holdfast_replay TO {role}");
        await using Node node = Node.Start(new NpgsqlConnectionStringBuilder(database) { Username = role }.ConnectionString);
        // It takes a proof to find out.
        for (int i = 0; i < 300; i++)
        {
            await node.AddAsync(node.Record((UInt128)i));
            await Task.Delay(20);
        }
        node.Log.Lines.Count.ShouldBeLessThan(8, string.Join('\n', node.Log.Lines.Take(6).Select(line => line.Text)));
    }

    // A database that stops just after the handshake is given up like any other.
    [Fact]
    public async Task A_database_that_never_answers_the_first_statement_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int connections = 0;
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync();
        Node node = Node.Start($"Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};Username=u;Database=d;SSL Mode=Disable;GSS Encryption Mode=Disable;Server Compatibility Mode=NoTypeLoading",
            options => options.Deadline = TimeSpan.FromMilliseconds(100));
        await Task.Delay(8000);
        int seen = connections;
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        await node.DisposeAsync();
        seen.ShouldBeGreaterThan(1);

        async Task ServeAsync()
        {
            List<TcpClient> clients = [];
            try
            {
                while (true)
                {
                    TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                    clients.Add(client);
                    Interlocked.Increment(ref connections);
                    NetworkStream stream = client.GetStream();
                    await stream.ReadAsync(new byte[4096]);
                    await stream.WriteAsync((byte[])[(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0, .. Status("server_version", "15.0"), .. Status("client_encoding", "UTF8"), .. Status("standard_conforming_strings", "on"), (byte)'K', 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1, (byte)'Z', 0, 0, 0, 5, (byte)'I']);
                }
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                clients.ForEach(client => client.Dispose());
            }
        }

        static byte[] Status(string name, string value)
        {
            byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), 0, .. System.Text.Encoding.ASCII.GetBytes(value), 0];
            return [(byte)'S', 0, 0, 0, (byte)(body.Length + 4), .. body];
        }
    }

    private async Task<string> HeldAsync()
    {
        string database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, new ReplaySql("holdfast_replay").Create);
        await PostgresClock.TakeOverAsync(database);
        await TellAsync(database);
        return database;
    }

    private Task TellAsync(string database) => ExecuteAsync(database, $"UPDATE holdfast_replay.test_clock SET held = {_time.UtcNow.UtcTicks}");

    private async Task AdvanceAsync(Node node, string database, TimeSpan by)
    {
        _time.Advance(by);
        await TellAsync(database);
        await node.Store.KeepHouseAsync();
    }

    private async Task ToAsync(Node node, string database, DateTimeOffset time)
    {
        while (_time.UtcNow < time)
            await AdvanceAsync(node, database, TimeSpan.FromTicks(Math.Min((20 * Second).Ticks, (time - _time.UtcNow).Ticks)));
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(database);
        await RunAsync(connection, sql);
    }

    private static async Task<long> LongAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
