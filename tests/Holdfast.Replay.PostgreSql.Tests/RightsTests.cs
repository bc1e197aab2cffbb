using System.Text.RegularExpressions;
using Holdfast.Testing;
using Npgsql;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>The rights that <c>docs/operations.md</c> gives to the user of the nodes: enough, and each of them needed.</summary>
public sealed class RightsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Roles belong to the server and not to a database.
    private readonly string _user = $"node_{Guid.NewGuid():N}";

    [PostgresFact]
    public async Task With_the_right_to_create_a_node_makes_its_tables()
    {
        string owner = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(owner, Documented("who makes them"));

        await using Node node = await Node.StartedAsync(As(owner));

        (await node.AddAsync(node.WithNonce(1))).ShouldBe(ReplayResult.Added);
        (await node.AddAsync(node.WithNonce(1))).ShouldBe(ReplayResult.Replayed);
    }

    // The whole life: a new epoch, an emptied bucket and a new nonce key are more than a proof.
    [PostgresFact]
    public async Task With_the_rights_of_a_user_a_node_lives_on_the_tables_of_another()
    {
        string owner = await postgres.CreateDatabaseAsync();
        await (await Node.StartedAsync(owner)).DisposeAsync();
        await ExecuteAsync(owner, Documented("who uses them"));

        await using (Node node = await Node.StartedAsync(As(owner)))
            (await node.AddAsync(node.WithNonce(1))).ShouldBe(ReplayResult.Added);
        await ExecuteAsync(owner, "TRUNCATE holdfast_replay.epoch");
        await using Node next = await Node.StartedAsync(As(owner));
        (await next.AddAsync(next.WithNonce(1))).ShouldBe(ReplayResult.Added);
        // Buckets that ended long ago, and a key that has served for days.
        await ExecuteAsync(owner, "UPDATE holdfast_replay.bucket SET slot = slot - 40; UPDATE holdfast_replay.nonce_key SET first_generation = first_generation - 100000");
        await next.Store.KeepHouseAsync();
        (await ScalarAsync(owner, "SELECT count(*) FROM holdfast_replay.nonce_key WHERE first_generation > extract(epoch FROM now()) / 60")).ShouldBe(1L);
        (await ScalarAsync(owner, "SELECT count(*) FROM holdfast_replay.record")).ShouldBe(0L);
    }

    [PostgresTheory]
    [InlineData("SELECT")]
    [InlineData("INSERT")]
    [InlineData("TRUNCATE")]
    public async Task Without_one_of_them_a_node_says_which_table_it_may_not_use(string right)
    {
        string owner = await postgres.CreateDatabaseAsync();
        await (await Node.StartedAsync(owner)).DisposeAsync();
        await ExecuteAsync(owner, Documented("who uses them") + $"REVOKE {right} ON ALL TABLES IN SCHEMA holdfast_replay FROM {_user}; TRUNCATE holdfast_replay.epoch");

        await using Node node = Node.Start(As(owner));

        await Eventually.IsSoAsync(() => node.Store.WhyNotReady?.Contains("permission denied for table", StringComparison.Ordinal) == true, () => $"It says {node.Store.WhyNotReady}.");
        (await node.AddAsync(node.Record(1))).ShouldBe(ReplayResult.Unavailable);
    }

    // Each block of SQL on the page begins with a comment that says for whom it is.
    private string Documented(string forWhom)
    {
        string page = RepositoryFiles.Read("docs/operations.md").ReplaceLineEndings("\n");
        string block = Regex.Matches(page, "```sql\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).Single(sql => sql.StartsWith($"-- {forWhom}", StringComparison.Ordinal));
        return block.Replace("CREATE ROLE holdfast", $"CREATE ROLE {_user}").Replace("TO holdfast;", $"TO {_user};").Replace("DATABASE api", "DATABASE current_one");
    }

    private string As(string owner) => new NpgsqlConnectionStringBuilder(owner) { Username = _user }.ConnectionString;

    private static Task ExecuteAsync(string database, string sql) => ScalarAsync(database, sql);

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql.Replace("current_one", connection.Database), connection);
        return await command.ExecuteScalarAsync();
    }
}
