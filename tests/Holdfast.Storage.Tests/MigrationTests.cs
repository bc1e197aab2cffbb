using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Storage.Tests;

/// <summary>The schema is brought up to date once, forward only, and nobody works on one that he does not know.</summary>
public sealed class MigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_once_where_eight_programs_start_at_once(bool isPostgreSql)
    {
        Action<HoldfastStorageOptions> configure = await ConfigureAsync(isPostgreSql);
        TestStore[] stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TestStore.StartAsync(configure)));
        stores.Sum(store => store.Log.CountOf(2)).ShouldBe(Migration.All.Count);
        string[] lines = await Task.WhenAll(stores.Select(async store => (await store.PositionAsync()).LogId));
        lines.Distinct().Count().ShouldBe(1);
        foreach (TestStore store in stores)
            await store.DisposeAsync();
    }

    // Version N and N+1 run on one schema: the newer one says whether the older may.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Works_on_a_schema_ahead_of_it_where_that_says_so_and_refuses_otherwise(bool isPostgreSql)
    {
        Action<HoldfastStorageOptions> configure = await ConfigureAsync(isPostgreSql);
        await using TestStore store = await TestStore.StartAsync(configure);
        await MigrateAsync(store, Next(1));
        await (await TestStore.StartAsync(configure)).DisposeAsync();
        await MigrateAsync(store, Next(1), Next(2));
        await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(configure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refuses_a_migration_that_ran_with_another_content(bool isPostgreSql)
    {
        Action<HoldfastStorageOptions> configure = await ConfigureAsync(isPostgreSql);
        await using TestStore store = await TestStore.StartAsync(configure);
        await store.Database.WriteAsync(session => session.ExecuteAsync("UPDATE migration SET checksum = 'other' WHERE number = 1"), _ => true, default);
        await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(configure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refuses_an_old_schema_where_it_may_not_migrate(bool isPostgreSql)
    {
        Action<HoldfastStorageOptions> configure = await ConfigureAsync(isPostgreSql);
        await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(options =>
        {
            configure(options);
            options.MigrateAtStart = false;
        }));
        await (await TestStore.StartAsync(configure)).DisposeAsync();
        await (await TestStore.StartAsync(options =>
        {
            configure(options);
            options.MigrateAtStart = false;
        })).DisposeAsync();
    }

    // All or nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaves_the_schema_as_it_was_where_a_migration_fails(bool isPostgreSql)
    {
        await using TestStore store = await TestStore.StartAsync(await ConfigureAsync(isPostgreSql));
        Migration broken = Migration.Parse("0003_broken.sql", "-- compatible_from: 1\nCREATE TABLE third (id bigint); SELECT * FROM nowhere");
        await Should.ThrowAsync<System.Data.Common.DbException>(() => MigrateAsync(store, Next(1), broken));
        (await new Migrator(store.Database, store.Clock, NullLogger.Instance).ReadAsync(default)).Applied.ShouldBe(Migration.All[^1].Number);
        await MigrateAsync(store, Next(1));
        (await new Migrator(store.Database, store.Clock, NullLogger.Instance).ReadAsync(default)).Applied.ShouldBe(Migration.All[^1].Number + 1);
    }

    // Whoever may not make a schema uses the one that was made for him; other people's tables are not his.
    [PostgresFact]
    public async Task Uses_its_own_schema_and_no_other()
    {
        string connection = await postgres.CreateDatabaseAsync();
        await using Npgsql.NpgsqlDataSource source = Npgsql.NpgsqlDataSource.Create(connection);
        string role = $"holdfast_{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}";
        await using (Npgsql.NpgsqlCommand command = source.CreateCommand($"CREATE ROLE {role} LOGIN; CREATE SCHEMA own AUTHORIZATION {role}; GRANT CREATE ON SCHEMA public TO {role}; CREATE TABLE public.counter (name text, value bigint); CREATE TABLE public.migration (number bigint)"))
            await command.ExecuteNonQueryAsync();
        string own = new Npgsql.NpgsqlConnectionStringBuilder(connection) { Username = role, SearchPath = "public" }.ConnectionString;
        await using TestStore store = await TestStore.StartAsync(options => (options.PostgreSql, options.Schema) = (own, "own"));
        (await store.PositionAsync()).Revision.ShouldBe(0);
        await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(options => (options.PostgreSql, options.Schema) = (own, "another")));
    }

    [Fact]
    public async Task Refuses_a_directory_and_a_file_that_others_may_use()
    {
        await (await TestStore.StartAsync(options => options.DataDirectory = _folder.Path)).DisposeAsync();
        File.SetUnixFileMode(_folder.At("holdfast.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(options => options.DataDirectory = _folder.Path));
        File.SetUnixFileMode(_folder.At("holdfast.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(options => options.DataDirectory = _folder.Path));
    }

    [Fact]
    public async Task Says_everything_that_is_wrong_with_its_settings()
    {
        Microsoft.Extensions.Options.OptionsValidationException failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestStore.StartAsync(options =>
            (options.Schema, options.Deadline, options.QueueCapacity, options.Connections, options.StartPatience) = ("a\"b", TimeSpan.Zero, 0, 1, TimeSpan.FromDays(1))));
        failure.Failures.Select(problem => problem.Split(':')[0]).ShouldBe(["DataDirectory", "Schema", "Deadline", "QueueCapacity", "Connections", "StartPatience"]);
    }

    [Theory]
    [InlineData("Database=holdfast")]
    [InlineData("Host=x;Passwort=very-secret")]
    public async Task Says_what_is_wrong_with_a_connection_string_without_repeating_it(string text)
    {
        Microsoft.Extensions.Options.OptionsValidationException failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestStore.StartAsync(options => options.PostgreSql = text));
        failure.Failures.ShouldHaveSingleItem().ShouldStartWith("PostgreSql:");
        failure.Message.ShouldNotContain("very-secret");
    }

    public void Dispose() => _folder.Dispose();

    private static Migration Next(int compatibleFrom)
    {
        long number = Migration.All[^1].Number + compatibleFrom;
        return Migration.Parse($"{number:0000}_next.sql", $"-- compatible_from: {Migration.All[^1].Number + compatibleFrom - 1}\nCREATE TABLE next_{number} (id bigint)");
    }

    private static Task MigrateAsync(TestStore store, params Migration[] more) =>
        new Migrator(store.Database, store.Clock, NullLogger.Instance, [.. Migration.All, .. more]).MigrateAsync(default);

    private async Task<Action<HoldfastStorageOptions>> ConfigureAsync(bool isPostgreSql)
    {
        string? connection = isPostgreSql ? await postgres.CreateDatabaseAsync() : null;
        return options => (options.PostgreSql, options.DataDirectory) = (connection, isPostgreSql ? null : _folder.Path);
    }
}
