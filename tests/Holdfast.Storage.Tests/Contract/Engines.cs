namespace Holdfast.Storage.Tests;

#pragma warning disable SA1402 // The same suites over both engines.

public sealed class SqliteAssertionTests : AssertionContract
{
    private readonly TemporaryFolder _folder = new();

    protected override void Configure(HoldfastStorageOptions options) => options.DataDirectory = _folder.Path;
}

public sealed class PostgreSqlAssertionTests(PostgresFixture postgres) : AssertionContract, IClassFixture<PostgresFixture>
{
    private string _connection = "";

    protected override async Task CreateAsync() => _connection = await postgres.CreateDatabaseAsync();

    protected override void Configure(HoldfastStorageOptions options) => options.PostgreSql = _connection;
}
