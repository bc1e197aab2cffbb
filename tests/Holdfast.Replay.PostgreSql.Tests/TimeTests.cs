using Holdfast.Testing;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>Fences, buckets, keys and clocks, by a time of the database that the test moves together with the nodes' own, or apart from it.</summary>
public sealed class TimeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private string _database = "";

    public async Task InitializeAsync()
    {
        if (PostgresPrograms.Missing is not null)
            return;
        _database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(new Internal.ReplaySql("holdfast_replay").Create);
        await PostgresClock.TakeOverAsync(_database);
        await TellAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    // DPOP-V-28
    [PostgresTheory]
    [InlineData(0, ReplayResult.Fenced)]
    [InlineData(1, ReplayResult.Added)]
    public async Task A_new_epoch_takes_no_proof_without_its_nonce_from_before_its_fence(int ticks, ReplayResult expected)
    {
        // One that follows on another, which was in use until a minute ago.
        await ExecuteAsync($"INSERT INTO holdfast_replay.seen (at) VALUES ({(_time.UtcNow - TimeSpan.FromMinutes(1)).UtcTicks})");
        await using Node node = await StartAsync();
        DateTimeOffset begun = _time.UtcNow;

        // What clocks may differ by, twice, and the tolerance of anchors.
        await AdvanceAsync(node, 15 * Second);
        FreshnessAnchor anchor = new(begun + (20 * Second) + (ticks * Tick), FromNonce: false);

        (await node.AddAsync(new(new(1), 7, anchor))).ShouldBe(expected);
        (await node.AddAsync(node.WithNonce(2))).ShouldBe(ReplayResult.Added);
    }

    // What the database told last may be ahead of what it tells now: then the fence counts from there, and from what it may have told since.
    [PostgresTheory]
    [InlineData(60, ReplayResult.Fenced)]
    [InlineData(61, ReplayResult.Added)]
    public async Task The_fence_counts_from_the_latest_time_that_was_ever_told(int seconds, ReplayResult expected)
    {
        await ExecuteAsync($"INSERT INTO holdfast_replay.seen (at) VALUES ({(_time.UtcNow + (30 * Second)).UtcTicks})");
        DateTimeOffset begun = _time.UtcNow;
        await using Node node = await StartAsync();
        await AdvanceAsync(node, 55 * Second);

        (await node.AddAsync(new(new(1), 7, new(begun + (seconds * Second), FromNonce: false)))).ShouldBe(expected);
    }

    // Records of five minutes ago are gone, and the tables empty: proofs may have been accepted elsewhere meanwhile.
    [PostgresTheory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task An_epoch_that_nobody_used_for_long_is_followed_by_another(int minutes, bool isAnother)
    {
        long epoch;
        await using (Node node = await StartAsync())
            epoch = node.Store.Epoch!.Value;
        _time.Advance(TimeSpan.FromMinutes(minutes));
        await TellAsync();

        await using Node later = await StartAsync();
        (later.Store.Epoch != epoch).ShouldBe(isAnother);
        (await later.AddAsync(later.WithNonce(1))).ShouldBe(ReplayResult.Added);
    }

    // Nodes that kept records in memory until now may still be answering: the very first epoch waits for them too.
    [PostgresFact]
    public async Task The_first_epoch_of_all_waits_for_nodes_that_shared_nothing_before()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using Node node = await Node.StartedAsync(database);

        long now = long.Parse(await ScalarAsync("SELECT holdfast_replay.clock()", database));
        long fence = long.Parse(await ScalarAsync("SELECT fence FROM holdfast_replay.epoch", database));
        TimeSpan.FromTicks(fence - now).ShouldBeInRange(70 * Second, 80 * Second);
    }

    // DPOP-V-28: buckets are emptied, and what could still be accepted is in none of those.
    [PostgresFact]
    public async Task Ended_buckets_are_emptied_and_live_records_never_are()
    {
        await using Node node = await StartAsync();
        await ExecuteAsync("UPDATE holdfast_replay.epoch SET fence = 0");
        Dictionary<UInt128, ReplayRecord> live = [];
        for (uint i = 1; i <= 120; i++)
        {
            ReplayRecord record = node.Record(i, secondsAgo: (i % 3 * 30) - 10.0);
            (await node.AddAsync(record)).ShouldBe(ReplayResult.Added, $"record {i}");
            live[i] = record;
            await AdvanceAsync(node, 10 * Second);
            foreach ((UInt128 key, ReplayRecord old) in live.ToArray())
            {
                if (old.Anchor.Time + ReplayWindow.Life > _time.UtcNow)
                    (await node.AddAsync(old)).ShouldBe(ReplayResult.Replayed, $"record {key} at {i}");
                else
                    live.Remove(key);
            }
        }
        // Of twenty minutes those of four at most are kept.
        int.Parse(await ScalarAsync("SELECT count(*) FROM holdfast_replay.record", _database)).ShouldBeLessThan(40);
    }

    // DPOP-V-28: a time of the database that jumped ahead must not empty what the nodes still accept.
    [PostgresTheory]
    [InlineData(600)]
    [InlineData(-600)]
    [InlineData(6)]
    [InlineData(-6)]
    public async Task While_the_clocks_differ_nothing_is_accepted_and_nothing_emptied(int seconds)
    {
        await using Node node = await StartAsync();
        ReplayRecord record = node.WithNonce(1);
        await node.AddAsync(record);

        await TellAsync(seconds * Second);
        (await node.AddAsync(node.WithNonce(2))).ShouldBe(ReplayResult.Unavailable);
        await node.UnavailableAsync();
        await Eventually.IsSoAsync(() => node.Store.WhyNotReady!.Contains("clock", StringComparison.Ordinal), () => node.Store.WhyNotReady ?? "");

        await TellAsync();
        await node.AvailableAsync();
        (await node.AddAsync(record)).ShouldBe(ReplayResult.Replayed);
        (await node.AddAsync(node.WithNonce(3))).ShouldBe(ReplayResult.Added);
    }

    [PostgresTheory]
    [InlineData(4.9)]
    [InlineData(-4.9)]
    public async Task A_few_seconds_between_the_clocks_do_no_harm(double seconds)
    {
        await using Node node = await StartAsync();
        await TellAsync(seconds * Second);
        await node.Store.KeepHouseAsync();

        (await node.AddAsync(node.WithNonce(1))).ShouldBe(ReplayResult.Added);
        node.Store.IsAvailable.ShouldBeTrue();
    }

    // The fence counts from the database's time: a node that it is far from begins no epoch.
    [PostgresFact]
    public async Task A_node_whose_clock_is_far_from_the_databases_begins_no_epoch()
    {
        await TellAsync(-30 * Second);
        await using Node node = Node.Start(_database, null, _time);
        await Eventually.IsSoAsync(() => node.Log.Lines.Count > 0, () => "It says nothing.");

        node.Store.WhyNotReady.ShouldNotBeNull().ShouldContain("clock");
        (await ScalarAsync("SELECT count(*) FROM holdfast_replay.epoch", _database)).ShouldBe("0");
    }

    // DPOP-V-28: the database was asked before the record's end, and added it after: its bucket may have been emptied in between.
    [PostgresFact]
    public async Task What_is_added_after_its_end_is_not_accepted()
    {
        await using Node node = await StartAsync();
        ReplayRecord record = node.WithNonce(1);
        // From here on each look at the clock is as late as the record allows, and the next one is past it.
        long end = (record.Anchor.Time + ReplayWindow.Life).UtcTicks;
        _time.Advance(TimeSpan.FromTicks(end - _time.UtcNow.UtcTicks) - Tick);
        await ExecuteAsync($"CREATE SEQUENCE holdfast_replay.looks; CREATE OR REPLACE FUNCTION holdfast_replay.clock() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT {end - 2} + nextval(''holdfast_replay.looks'')'");
        await node.AvailableAsync();
        await ExecuteAsync("SELECT setval('holdfast_replay.looks', 1, false)");

        ReplayResult result = await node.AddAsync(record);

        result.ShouldBe(ReplayResult.Fenced);
        (await ScalarAsync("SELECT count(*) FROM holdfast_replay.record", _database)).ShouldBe("1");
    }

    // DPOP-AS-23, DPOP-AS-29
    [PostgresFact]
    public async Task One_node_exchanges_the_nonce_key_and_all_adopt_it_before_it_is_used()
    {
        static void Hourly(PostgreSqlReplayOptions options) => options.NonceKeyLifetime = TimeSpan.FromHours(1);
        await using Node one = await StartAsync(Hourly);
        await using Node other = await StartAsync(Hourly);
        string first = await KeysAsync();

        await AdvanceAsync(one, TimeSpan.FromMinutes(56));
        await Task.WhenAll(one.Store.KeepHouseAsync(), other.Store.KeepHouseAsync());
        (await KeysAsync()).ShouldBe(first);

        await AdvanceAsync(one, TimeSpan.FromMinutes(4));
        await Task.WhenAll(one.Store.KeepHouseAsync(), other.Store.KeepHouseAsync());
        (await KeysAsync()).Split(',').Length.ShouldBe(2);

        // Through the exchange every nonce of either node is good at the other, for as long as nonces are.
        for (int minute = 0; minute < 8; minute++)
        {
            string nonce = one.Nonces.Current!;
            other.Nonces.Current.ShouldBe(nonce, $"minute {minute}");
            await AdvanceAsync(one, TimeSpan.FromMinutes(1));
                await Task.WhenAll(one.Store.KeepHouseAsync(), other.Store.KeepHouseAsync());
            other.Nonces.Check(nonce, out _).ShouldBe(NonceStatus.Previous, $"minute {minute}");
        }
        string second = (await KeysAsync()).Split(',')[1];

        // The first key is gone when the one after the next is made.
        await AdvanceAsync(one, TimeSpan.FromMinutes(61));
        await one.Store.KeepHouseAsync();
        (await KeysAsync()).Split(',').Length.ShouldBe(2);
        (await KeysAsync()).ShouldStartWith(second);
    }

    // DPOP-V-28: a dump holds records and epoch of its moment; what was accepted since is in neither.
    [PostgresFact]
    public async Task An_epoch_that_comes_back_from_a_dump_is_none()
    {
        string database = await postgres.CreateDatabaseAsync();
        var settings = new NpgsqlConnectionStringBuilder(database);
        string port = settings.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string dump;
        ReplayRecord record;
        long epoch;
        await using (Node node = await Node.StartedAsync(database))
        {
            epoch = node.Store.Epoch!.Value;
            dump = await PostgresPrograms.RunAsync("pg_dump", "-h", "127.0.0.1", "-p", port, "-U", settings.Username!, "-n", "holdfast_replay", "--inserts", settings.Database!);
            record = node.WithNonce(1);
            (await node.AddAsync(record)).ShouldBe(ReplayResult.Added);
        }
        dump.ShouldContain("INSERT INTO holdfast_replay.epoch");
        await ExecuteAsync("DROP SCHEMA holdfast_replay CASCADE", database);
        await ExecuteAsync(string.Join('\n', dump.Split('\n').Where(line => !line.StartsWith('\\') && !line.Contains("set_config", StringComparison.Ordinal))), database);

        await using Node restored = await Node.StartedAsync(database);
        restored.Store.Epoch.ShouldNotBe(epoch);
        (await restored.AddAsync(record)).ShouldBe(ReplayResult.Fenced);
    }

    // The clocks of the database and of all nodes ran ahead, were set right, and the nodes were started again, as each of them must be. The buckets are of a time to come:
    // nothing is accepted twice, and the honest are not challenged until that time has come.
    [PostgresFact]
    public async Task Clocks_that_all_ran_ahead_and_are_set_right_do_no_lasting_harm()
    {
        DateTimeOffset start = _time.UtcNow;
        ReplayRecord accepted;
        await using (Node node = await StartAsync())
        {
            await ExecuteAsync("UPDATE holdfast_replay.epoch SET fence = 0");
            accepted = node.Record(1);
            (await node.AddAsync(accepted)).ShouldBe(ReplayResult.Added);
            for (int minute = 0; minute < 10; minute++)
                await AdvanceAsync(node, TimeSpan.FromMinutes(1));
        }

        var right = new ManualTimeProvider(start + (30 * Second));
        await ExecuteAsync($"UPDATE holdfast_replay.test_clock SET held = {right.UtcNow.UtcTicks}");
        await using Node again = await Node.StartedAsync(_database, null, right);

        (await again.AddAsync(accepted)).ShouldBe(ReplayResult.Fenced);
        (await again.AddAsync(again.WithNonce(2))).ShouldBe(ReplayResult.Added);
    }

    private async Task<Node> StartAsync(Action<PostgreSqlReplayOptions>? configure = null) => await Node.StartedAsync(_database, configure, _time);

    private async Task AdvanceAsync(Node node, TimeSpan by)
    {
        _time.Advance(by);
        await TellAsync();
        await node.Store.KeepHouseAsync();
    }

    // The database's time, so much apart from the nodes'.
    private Task TellAsync(TimeSpan apart = default) => ExecuteAsync($"UPDATE holdfast_replay.test_clock SET held = {(_time.UtcNow + apart).UtcTicks}");

    private Task<string> KeysAsync() => ScalarAsync("SELECT string_agg(encode(key, 'hex'), ',' ORDER BY first_generation) FROM holdfast_replay.nonce_key", _database);

    private Task ExecuteAsync(string sql) => ExecuteAsync(sql, _database);

    private static async Task ExecuteAsync(string sql, string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ScalarAsync(string sql, string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}
