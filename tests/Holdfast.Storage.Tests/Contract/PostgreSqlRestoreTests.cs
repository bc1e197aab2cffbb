using Npgsql;

namespace Holdfast.Storage.Tests;

public sealed class PostgreSqlRestoreTests(PostgresFixture postgres) : RestoreContract, IClassFixture<PostgresFixture>
{
    private string _connection = "";

    protected override async Task CreateAsync() => _connection = await postgres.CreateDatabaseAsync();

    // Nobody looks by himself: the tests say when.
    protected override void Configure(HoldfastStorageOptions options) => (options.PostgreSql, options.PulseInterval) = (_connection, TimeSpan.FromDays(1));

    protected override async Task SaveAsync()
    {
        // The dump of a schema, as pg_dump writes it, kept by the server.
        await ExecuteAsync("DROP SCHEMA IF EXISTS saved CASCADE; CREATE SCHEMA saved");
        foreach (string table in Tables)
            await ExecuteAsync($"CREATE TABLE saved.{table} AS SELECT * FROM holdfast.{table}");
    }

    protected override Task SetBackAsync() => ExecuteAsync($"TRUNCATE {string.Join(", ", Tables.Select(table => $"holdfast.{table}"))}; "
        + string.Join("; ", Tables.Select(table => $"INSERT INTO holdfast.{table} SELECT * FROM saved.{table}")));

    // In the order of their references.
    private static readonly string[] Tables =
        ["history", "counter", "pulse", "entry", "audit", "client_use", "revocation", "assertion", "pushed_request", "issued_grant", "authorization_code", "refresh_token", "consent", "migration"];

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
