using Holdfast.Replay.PostgreSql.Internal;
using Holdfast.Testing;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>What the statements refuse by themselves, whatever a node believes: each condition alone, with the others met.</summary>
public sealed class StatementTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ReplaySql Sql = new("holdfast_replay");

    private readonly ManualTimeProvider _time = new();
    private NpgsqlConnection _connection = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        if (PostgresPrograms.Missing is not null)
            return;
        _connection = new(await postgres.CreateDatabaseAsync());
        await _connection.OpenAsync();
        await ExecuteAsync(Sql.Create);
        await PostgresClock.TakeOverAsync(_connection.ConnectionString);
        // At the start of a bucket, so that the tests know how far its end is.
        await ToAsync(new((_time.UtcNow.UtcTicks / ReplayTime.Bucket + 1) * ReplayTime.Bucket, TimeSpan.Zero));
        _node = await Node.StartedAsync(_connection.ConnectionString, options => options.NonceKeyLifetime = TimeSpan.FromHours(1), _time);
        await ExecuteAsync("UPDATE holdfast_replay.epoch SET fence = 0");
    }

    public async Task DisposeAsync()
    {
        if (_node is null)
            return;
        await _node.DisposeAsync();
        await _connection.DisposeAsync();
    }

    // DPOP-V-27: one jti under two anchors whose records are in different buckets.
    [PostgresTheory]
    [InlineData(-60, 9)]
    [InlineData(9, -60)]
    public async Task A_repeat_is_found_in_the_other_bucket_too(int first, int second)
    {
        // Records of anchors before and after this moment expire before and after the end of the bucket.
        await ToAsync(_time.UtcNow + TimeSpan.FromTicks(ReplayTime.Bucket - ReplayTime.Life) + (30 * Second));
        long Slot(int seconds) => ((_time.UtcNow + (seconds * Second)).UtcTicks + ReplayTime.Life) / ReplayTime.Bucket;
        Slot(first).ShouldNotBe(Slot(second));

        (await _node.AddAsync(_node.Record(1, -first))).ShouldBe(ReplayResult.Added);
        (await _node.AddAsync(_node.Record(1, -second))).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-28
    [PostgresFact]
    public async Task A_record_whose_bucket_holds_another_slot_is_fenced()
    {
        ReplayRecord record = _node.WithNonce(1);
        await ExecuteAsync($"UPDATE holdfast_replay.bucket SET slot = slot + {ReplayTime.Buckets}");

        (await _node.AddAsync(record)).ShouldBe(ReplayResult.Fenced);
    }

    // DPOP-V-28: the row came back from elsewhere while the node works.
    [PostgresFact]
    public async Task An_epoch_that_was_made_in_another_table_takes_nothing()
    {
        await ExecuteAsync("UPDATE holdfast_replay.epoch SET made_in = 1");

        (await _node.AddAsync(_node.WithNonce(1))).ShouldBe(ReplayResult.Unavailable);
    }

    // DPOP-V-32: a bucket that is missing makes answers missing.
    [PostgresFact]
    public async Task Answers_that_are_fewer_than_the_proofs_are_none()
    {
        await ToAsync(_time.UtcNow + TimeSpan.FromTicks(ReplayTime.Bucket - ReplayTime.Life) + (30 * Second));
        await ExecuteAsync($"DELETE FROM holdfast_replay.bucket WHERE slot = {_time.UtcNow.UtcTicks / ReplayTime.Bucket}");

        // Records of either bucket in turn, in groups: an answer must not pass to a proof that was never filed.
        ReplayResult[] answers = await Task.WhenAll(Enumerable.Range(1, 400).Select(i => _node.AddAsync(_node.Record((UInt128)i, i % 2 == 0 ? 60 : -9))));

        for (int i = 0; i < answers.Length; i++)
        {
            if (i % 2 == 1)
                answers[i].ShouldBe(ReplayResult.Unavailable, $"proof {i + 1}");
        }
    }

    // DPOP-V-28: far longer than any statement takes.
    [PostgresTheory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public async Task A_bucket_is_turned_half_a_minute_after_its_end_and_not_before(int ticks, bool isTurned)
    {
        string before = await SlotsAsync();
        await ToAsync(_time.UtcNow + TimeSpan.FromTicks(ReplayTime.Bucket + ReplayTime.Margin + ticks));

        await _node.Store.KeepHouseAsync();

        (await SlotsAsync() != before).ShouldBe(isTurned);
    }

    // DPOP-V-28: the statement itself compares the clocks, at the moment at which it decides.
    [PostgresTheory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(-6, false)]
    public async Task No_bucket_is_turned_for_a_node_whose_clock_is_far_away(int seconds, bool isTurned)
    {
        int place = (int)(_time.UtcNow.UtcTicks / ReplayTime.Bucket % ReplayTime.Buckets);
        await ToAsync(_time.UtcNow + TimeSpan.FromTicks(ReplayTime.Bucket + ReplayTime.Margin));

        await using var command = new NpgsqlCommand(Sql.Turn(place), _connection) { Parameters = { new() { Value = (_time.UtcNow + (seconds * Second)).UtcTicks } } };
        (await command.ExecuteScalarAsync() is true).ShouldBe(isTurned);
    }

    // DPOP-AS-29
    [PostgresFact]
    public async Task Nobody_exchanges_the_nonce_key_while_another_node_does()
    {
        // The buckets are turned on the way, by whoever keeps house.
        for (int minute = 0; minute < 60; minute += 2)
        {
            await ToAsync(_time.UtcNow + TimeSpan.FromMinutes(2));
            await ExecuteAsync("BEGIN; " + Sql.Lock);
            await _node.Store.KeepHouseAsync();
            await ExecuteAsync("COMMIT");
        }
        (await ScalarAsync("SELECT count(*) FROM holdfast_replay.nonce_key")).ShouldBe("1");

        await _node.Store.KeepHouseAsync();
        (await ScalarAsync("SELECT count(*) FROM holdfast_replay.nonce_key")).ShouldBe("2");
    }

    [PostgresFact]
    public async Task Sessions_have_limits_and_names_of_their_own()
    {
        await using NpgsqlDataSource database = ReplayDatabase.Create(new() { ConnectionString = _connection.ConnectionString, Deadline = 2 * Second });
        foreach ((string setting, string expected) in (ReadOnlySpan<(string, string)>)[("statement_timeout", "4s"), ("idle_in_transaction_session_timeout", "1s"),
            ("search_path", "pg_catalog"), ("default_transaction_isolation", "read committed"), ("enable_seqscan", "off")])
        {
            using NpgsqlCommand command = database.CreateCommand($"SHOW {setting}");
            command.ExecuteScalar().ShouldBe(expected, setting);
        }
    }

    // A standby cannot even read unlogged tables.
    [Fact]
    public void Of_several_hosts_the_primary_is_taken()
    {
        using NpgsqlDataSource one = ReplayDatabase.Create(new() { ConnectionString = "Host=a.example.com" }), several = ReplayDatabase.Create(new() { ConnectionString = "Host=a.example.com,b.example.com" });

        new NpgsqlConnectionStringBuilder(one.ConnectionString).TargetSessionAttributes.ShouldBeNull();
        new NpgsqlConnectionStringBuilder(several.ConnectionString).TargetSessionAttributes.ShouldBe("primary");
    }

    private async Task ToAsync(DateTimeOffset time)
    {
        _time.UtcNow = time;
        await ExecuteAsync($"UPDATE holdfast_replay.test_clock SET held = {time.UtcTicks}");
    }

    private Task<string> SlotsAsync() => ScalarAsync("SELECT string_agg(slot::text, ',' ORDER BY place) FROM holdfast_replay.bucket");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ScalarAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}
