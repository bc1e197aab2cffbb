using Holdfast.Testing;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>The contract of every store. The database goes by the time of the test.</summary>
public sealed class PostgreSqlReplayStoreTests(PostgresFixture postgres) : ReplayStoreContract, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private NpgsqlConnection _connection = null!;
    private Node? _node;

    protected override int RaceLength => 2_000;

    protected override int Phases => 8;

    public async Task InitializeAsync()
    {
        _connection = new(await postgres.CreateDatabaseAsync());
        await _connection.OpenAsync();
        await ExecuteAsync(new Internal.ReplaySql(Schema).Create);
        await PostgresClock.TakeOverAsync(_connection.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await _connection.DisposeAsync();
    }

    protected override IReplayStore Create(TimeProvider time, int capacity, int quotaPerKey) => CreateAsync(time, capacity, quotaPerKey).GetAwaiter().GetResult();

    private const string Schema = "holdfast_replay";

    private async Task<IReplayStore> CreateAsync(TimeProvider time, int capacity, int quotaPerKey)
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await ExecuteAsync($"TRUNCATE {Schema}.epoch; UPDATE {Schema}.test_clock SET held = {time.GetUtcNow().UtcTicks}");
        _node = await Node.StartedAsync(_connection.ConnectionString, options => (options.Capacity, options.QuotaPerKey, options.Deadline) = (capacity, quotaPerKey, TimeSpan.FromSeconds(10)), time);
        await ExecuteAsync($"UPDATE {Schema}.epoch SET fence = 0");
        return new InTime(this, _node);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Tells the database the time before each check, as time tells it outside of tests.</summary>
    private sealed class InTime(PostgreSqlReplayStoreTests test, Node node) : IReplayStore
    {
        private readonly SemaphoreSlim _telling = new(1);
        private DateTimeOffset _told = node.Clock.Now;

        public async ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken)
        {
            if (_told != node.Clock.Now)
                await TellAsync();
            // The contract's nonces are those of whatever the store shares.
            FreshnessAnchor anchor = record.Anchor with { NonceEpoch = record.Anchor.FromNonce ? node.Store.Epoch!.Value : 0 };
            return await node.Store.TryAddAsync(record with { Anchor = anchor }, cancellationToken);
        }

        private async Task TellAsync()
        {
            await _telling.WaitAsync();
            try
            {
                DateTimeOffset now = node.Clock.Now;
                await test.ExecuteAsync($"UPDATE {Schema}.test_clock SET held = {now.UtcTicks}");
                await node.Store.KeepHouseAsync();
                _told = now;
            }
            finally
            {
                _telling.Release();
            }
        }
    }
}
