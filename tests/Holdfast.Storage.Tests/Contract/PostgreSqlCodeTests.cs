namespace Holdfast.Storage.Tests;

public sealed class PostgreSqlCodeTests(PostgresFixture postgres) : CodeContract, IClassFixture<PostgresFixture>
{
    private string _connection = "";

    protected override async Task CreateAsync() => _connection = await postgres.CreateDatabaseAsync();

    protected override void Configure(HoldfastStorageOptions options) => options.PostgreSql = _connection;
}
