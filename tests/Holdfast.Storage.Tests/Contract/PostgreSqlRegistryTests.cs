namespace Holdfast.Storage.Tests;

public sealed class PostgreSqlRegistryTests(PostgresFixture postgres) : RegistryContract, IClassFixture<PostgresFixture>
{
    private string _connection = "";

    protected override async Task CreateAsync() => _connection = await postgres.CreateDatabaseAsync();

    protected override void Configure(HoldfastStorageOptions options) => options.PostgreSql = _connection;
}
