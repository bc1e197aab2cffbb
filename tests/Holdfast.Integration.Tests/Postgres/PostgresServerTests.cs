using Npgsql;

namespace Holdfast.Integration.Tests;

/// <summary>What the tests of the shared store rely on: how a server loses what it loses.</summary>
public sealed class PostgresServerTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Rows = "SELECT count(*) FROM proofs";

    [PostgresFact]
    public async Task Each_test_has_a_database_of_its_own()
    {
        string first = await fixture.CreateDatabaseAsync(), second = await fixture.CreateDatabaseAsync();
        second.ShouldNotBe(first);
        foreach (string database in (string[])[first, second])
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
            await using NpgsqlCommand create = source.CreateCommand("CREATE TABLE proofs (jti text)");
            await create.ExecuteNonQueryAsync();
        }
    }

    [PostgresFact]
    public async Task Unlogged_rows_survive_a_fast_stop_and_neither_a_crash_nor_a_promotion()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("CREATE UNLOGGED TABLE proofs (jti text); INSERT INTO proofs VALUES ('a'); CREATE TABLE kept AS SELECT 1");
        int port = server.Port;

        await server.StopAsync(PostgresStop.Fast);
        server.IsRunning.ShouldBeFalse();
        await server.StartAsync();
        server.Port.ShouldBe(port);
        (await server.ScalarAsync(Rows)).ShouldBe("1");

        await server.StopAsync(PostgresStop.Immediate);
        await server.StartAsync();
        (await server.ScalarAsync(Rows)).ShouldBe("0");

        await server.ExecuteAsync("INSERT INTO proofs VALUES ('b')");
        await server.KillBackendAsync();
        (await server.ScalarAsync(Rows)).ShouldBe("0");

        await server.ExecuteAsync("INSERT INTO proofs VALUES ('c'); INSERT INTO kept VALUES (2)");
        await using PostgresServer standby = await server.CreateStandbyAsync();
        await server.ExecuteAsync("INSERT INTO kept VALUES (3)");
        await server.CaughtUpAsync(standby);
        (await standby.ScalarAsync("SELECT count(*) FROM kept")).ShouldBe("3");
        await server.StopAsync(PostgresStop.Immediate);
        await standby.PromoteAsync();
        (await standby.ScalarAsync(Rows)).ShouldBe("0");
        await standby.ExecuteAsync("INSERT INTO proofs VALUES ('d')");

        // A client that knows both finds the primary by itself; the former one comes back as a standby on its own port.
        await server.DisposeAsync();
        await using PostgresServer former = await standby.CreateStandbyAsync(port);
        await using var connection = new NpgsqlConnection(PostgresServer.ConnectionStringOf("postgres", port, standby.Port));
        await connection.OpenAsync();
        connection.Port.ShouldBe(standby.Port);
    }

    [PostgresFact]
    public async Task A_paused_server_keeps_connections_and_answers_when_it_goes_on()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await server.PauseAsync();
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        Task<object?> answer = command.ExecuteScalarAsync();
        (await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(200)))).ShouldNotBe(answer);
        await server.ResumeAsync();
        (await answer).ShouldBe(1);
    }

    [PostgresFact]
    public async Task The_clock_of_a_schema_can_be_moved_and_held()
    {
        string database = await fixture.CreateDatabaseAsync();
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(database))
        await using (NpgsqlCommand create = source.CreateCommand("CREATE SCHEMA holdfast_replay"))
            await create.ExecuteNonQueryAsync();
        PostgresClock clock = await PostgresClock.TakeOverAsync(database);
        (await clock.ReadAsync() - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));

        await clock.StepAsync(TimeSpan.FromHours(-2));
        (await clock.ReadAsync() - TimeProvider.System.GetUtcNow()).ShouldBeInRange(TimeSpan.FromMinutes(-121), TimeSpan.FromMinutes(-119));
        var at = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await clock.HoldAsync(at);
        (await clock.ReadAsync()).ShouldBe(at);
    }
}
