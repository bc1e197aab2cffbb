using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Issuer;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Holdfast.Cli.Tests;

/// <summary>The runbook of docs/operations/backup-and-restore.md, and what goes wrong on the way.</summary>
public sealed class DbCommandTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Makes_and_describes_a_database(bool isPostgreSql)
    {
        string[] database = await DatabaseAsync(isPostgreSql);
        CliRun before = await RunAsync(["db", "status", .. database]);
        before.Code.ShouldBe(isPostgreSql ? 1 : 2, before.All);
        (await RunAsync(["db", "migrate", "--json", .. database])).Json.GetProperty("migrations")[0].GetString().ShouldBe("0001_state");
        CliRun again = await RunAsync(["db", "migrate", .. database]);
        (again.Code, again.Out.StartsWith("Nothing to do", StringComparison.Ordinal)).ShouldBe((0, true), again.All);
        CliRun status = await RunAsync(["db", "status", "--json", .. database]);
        status.Code.ShouldBe(0, status.All);
        status.Json.GetProperty("schema").GetInt64().ShouldBe(status.Json.GetProperty("program_schema").GetInt64());
        status.Json.GetProperty("log_id").GetString().ShouldNotBeNullOrEmpty();
        status.Json.GetProperty("programs").GetArrayLength().ShouldBe(0);
        (await RunAsync(["db", "status", .. database])).Out.ShouldContain("  registry   revision 0");
    }

    // "a backup restored": nothing that was used once works again, and what was saved is there.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backs_up_under_a_running_issuer_and_restores_without_it(bool isPostgreSql)
    {
        string[] database = await DatabaseAsync(isPostgreSql);
        string backup = _folder.At("saved");
        string line;
        using (IHost issuer = await StartAsync(database))
        {
            IRegistryStore registry = issuer.Services.GetRequiredService<IRegistryStore>();
            await WriteAsync(registry, "saved", 0);
            CliRun saved = await RunAsync(["db", "backup", backup, .. database]);
            saved.Code.ShouldBe(0, saved.All);
            (File.GetUnixFileMode(backup) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)).ShouldBe(UnixFileMode.None);
            await WriteAsync(registry, "lost", 0);
            line = (await registry.ReadSinceAsync(RegistryPosition.Start, default)).Position.LogId;
            CliRun refused = await RunAsync(["db", "restore", backup, .. database]);
            refused.Code.ShouldBe(2, refused.All);
            refused.Error.ShouldContain($"/{Environment.ProcessId}");
            await issuer.StopAsync();
        }
        CliRun restored = await RunAsync(["db", "restore", backup, "--json", .. database]);
        restored.Code.ShouldBe(0, restored.All);
        restored.Json.GetProperty("before").GetString()!.ShouldContain("before");
        CliRun status = await RunAsync(["db", "status", "--json", .. database]);
        status.Json.TryGetProperty("restored_at", out _).ShouldBeTrue(status.All);
        using IHost next = await StartAsync(database);
        RegistryChanges changes = await next.Services.GetRequiredService<IRegistryStore>().ReadSinceAsync(RegistryPosition.Start, default);
        changes.Entries.Select(entry => entry.Id).ShouldBe(["saved"]);
        changes.Position.LogId.ShouldNotBe(line);
        // Above what the database before had reached, and on the line that the restore began: the start has begun none of its own.
        changes.Position.ShouldBe(new RegistryPosition(restored.Json.GetProperty("log_id").GetString()!, 2));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        (await next.Services.GetRequiredService<IIssuerStore>().SpendAsync(new(new("client", "a", now, now.AddMinutes(5)), changes.Position), default)).ShouldBe(StoreAnswer.AssertionReplayed);
        await next.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_noticed_by_the_issuer_that_it_was_forced_under(bool isPostgreSql)
    {
        string[] database = await DatabaseAsync(isPostgreSql);
        using IHost issuer = await StartAsync(database);
        IRegistryStore registry = issuer.Services.GetRequiredService<IRegistryStore>();
        (await RunAsync(["db", "backup", _folder.At("saved"), .. database])).Code.ShouldBe(0);
        string line = (await registry.ReadSinceAsync(RegistryPosition.Start, default)).Position.LogId;
        CliRun restored = await RunAsync(["db", "restore", _folder.At("saved"), "--force", "--json", .. database]);
        restored.Code.ShouldBe(0, restored.All);
        await Eventually.IsSoAsync(async () => await LineAsync(registry) is { } now && now != line, () => "It is not noticed.");
        (await LineAsync(registry)).ShouldBe(restored.Json.GetProperty("log_id").GetString());
        await issuer.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaves_the_database_as_it_is_where_the_file_is_no_backup(bool isPostgreSql)
    {
        string[] database = await DatabaseAsync(isPostgreSql);
        (await RunAsync(["db", "migrate", .. database])).Code.ShouldBe(0);
        string before = (await RunAsync(["db", "status", "--json", .. database])).Json.GetProperty("log_id").GetString()!;
        _folder.Write("garbage", new string('x', 5000));
        foreach (string file in (string[])["garbage", "missing"])
        {
            CliRun run = await RunAsync(["db", "restore", file, .. database]);
            run.Code.ShouldBe(2, run.All);
        }
        (await RunAsync(["db", "status", "--json", .. database])).Json.GetProperty("log_id").GetString().ShouldBe(before);
    }

    [Fact]
    public async Task Overwrites_no_file_with_a_backup()
    {
        string[] database = await DatabaseAsync(false);
        (await RunAsync(["db", "migrate", .. database])).Code.ShouldBe(0);
        string file = _folder.Write("mine", "mine");
        (await RunAsync(["db", "backup", "mine", .. database])).Code.ShouldBe(2);
        File.ReadAllText(file).ShouldBe("mine");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lets_the_first_administrator_in(bool isPostgreSql)
    {
        string[] database = await DatabaseAsync(isPostgreSql);
        (await RunAsync(["db", "migrate", .. database])).Code.ShouldBe(0);
        string[] add = ["db", "add-admin", "--client-id", "admin", "--jwks", Keys(), "--issuer", "https://id.example.com/", .. database];
        CliRun added = await RunAsync([.. add, "--json"]);
        added.Code.ShouldBe(0, added.All);
        added.Json.GetProperty("resource").GetString().ShouldBe("https://id.example.com/admin");
        CliRun again = await RunAsync(add);
        again.Code.ShouldBe(1, again.All);
        (await RunAsync([.. add.Select(word => word == "admin" ? "second" : word)])).Code.ShouldBe(0);
        using IHost issuer = await StartAsync(database);
        IRegistryStore registry = issuer.Services.GetRequiredService<IRegistryStore>();
        IReadOnlyList<RegistryEntry> entries = (await registry.ReadSinceAsync(RegistryPosition.Start, default)).Entries;
        Holdfast.Registry.Client client = RegistryJson.ReadClient(entries.Single(entry => entry.Id == "admin").Document!);
        (client.AuthenticationMethod, client.State).ShouldBe(("private_key_jwt", ClientState.Active));
        client.Scopes.ShouldBe(["holdfast.admin", "holdfast.admin.read"]);
        client.Resources.ShouldBe(["https://id.example.com/admin"]);
        RegistryJson.ReadResource(entries.Single(entry => entry.Kind == RegistryKind.Resource).Document!).Scopes.ShouldBe(client.Scopes);
        (await registry.ReadAuditAsync(new() { Id = "admin" }, default)).ShouldHaveSingleItem().Actor.Name.ShouldBe($"local:{Environment.UserName}");
        await issuer.StopAsync();
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA"}]}""")]
    public async Task Registers_no_administrator_without_a_public_key(string jwks)
    {
        string[] database = await DatabaseAsync(false);
        (await RunAsync(["db", "migrate", .. database])).Code.ShouldBe(0);
        _folder.Write("keys", jwks);
        CliRun run = await RunAsync(["db", "add-admin", "--client-id", "admin", "--jwks", "keys", "--issuer", "https://id.example.com", .. database]);
        run.Code.ShouldBe(2, run.All);
    }

    [Fact]
    public async Task Says_which_database_is_missing()
    {
        foreach (string[] args in (string[][])[["db", "status"], ["db", "status", "--data", "a", "--postgres", "Host=b"], ["db", "status", "--postgres", "Database=b"], ["db", "status", "--data", "nowhere"]])
        {
            CliRun run = await RunAsync(args);
            run.Code.ShouldBe(2, run.All);
            run.Error.ShouldStartWith("holdfast: ");
        }
        Directory.Exists(_folder.At("nowhere")).ShouldBeFalse();
    }

    // A password is in no argument of any program and in no message.
    [PostgresFact]
    public async Task Hands_a_password_to_no_program_in_its_arguments()
    {
        var settings = new NpgsqlConnectionStringBuilder((await DatabaseAsync(true))[1]) { Password = "very-secret" };
        (await RunAsync("db", "migrate", "--postgres", settings.ConnectionString)).Code.ShouldBe(0);
        CliRun run = await RunAsync("db", "backup", "saved", "--postgres", settings.ConnectionString);
        (run.Code, run.All.Contains("very-secret", StringComparison.Ordinal)).ShouldBe((0, false), run.All);
        CliRun unreachable = await RunAsync("db", "status", "--postgres", new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Port = FreePort.Take(1)[0] }.ConnectionString);
        (unreachable.Code, unreachable.All.Contains("very-secret", StringComparison.Ordinal)).ShouldBe((2, false), unreachable.All);
    }

    // The commands of docs/operations/backup-and-restore.md as they stand there, with this test's directories and database in place of the page's.
    [PostgresFact]
    public async Task Follows_the_runbook()
    {
        string page = RepositoryFiles.Read("docs/operations/backup-and-restore.md");
        string connection = await postgres.CreateDatabaseAsync();
        Directory.CreateDirectory(_folder.At("backup"));
        Keys();
        (await RunAsync("db", "migrate", "--postgres", connection)).Code.ShouldBe(0);
        // The first thing the page does with a database of its own.
        (await RunAsync("db", "migrate", "--data", _folder.At("data"))).Code.ShouldBe(0);
        string[] lines = [.. page.Split("```sh\n").Skip(1).SelectMany(block => block.Split("```")[0].Split('\n')).Select(line => line.Split(" #")[0].Trim())
            .Where(line => line.StartsWith("holdfast db ", StringComparison.Ordinal))];
        lines.Length.ShouldBeGreaterThanOrEqualTo(8);
        foreach (string line in lines)
        {
            List<string> words = [.. line.Split(' ').Skip(1).Select(word => word.Replace("/var/lib/holdfast", _folder.At("data"), StringComparison.Ordinal).Replace("/backup/", $"{_folder.At("backup")}/", StringComparison.Ordinal))];
            // In place of the variable, which is the process's and so every test's.
            if (!words.Contains("--data"))
                words.AddRange(["--postgres", connection]);
            CliRun run = await RunAsync([.. words]);
            run.Code.ShouldBe(0, $"{line}\n{run.All}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<CliRun> RunAsync(params string[] args) => CliRun.AsOf(_folder.Path, args);

    private async Task<string[]> DatabaseAsync(bool isPostgreSql) => isPostgreSql ? ["--postgres", await postgres.CreateDatabaseAsync()] : ["--data", _folder.At("data")];

    private static async Task<IHost> StartAsync(string[] database)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHoldfastStorage(options =>
        {
            if (database[0] == "--postgres")
                options.PostgreSql = database[1];
            else
                options.DataDirectory = database[1];
            options.Deadline = TimeSpan.FromSeconds(20);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task WriteAsync(IRegistryStore registry, string id, long replaces) =>
        (await registry.WriteAsync([new() { Kind = RegistryKind.Resource, Id = id, Document = "{}", Replaces = replaces, Action = "resource.add" }], RegistryActor.Issuer, default)).ShouldBe(RegistryAnswer.Written);

    private static async Task<string?> LineAsync(IRegistryStore registry)
    {
        try
        {
            return (await registry.ReadSinceAsync(RegistryPosition.Start, default)).Position.LogId;
        }
        catch (StateUnavailableException)
        {
            return null;
        }
    }

    private string Keys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters point = key.ExportParameters(false);
        return _folder.Write("admin.jwks", string.Create(CultureInfo.InvariantCulture,
            $$"""{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","x":"{{System.Buffers.Text.Base64Url.EncodeToString(point.Q.X)}}","y":"{{System.Buffers.Text.Base64Url.EncodeToString(point.Q.Y)}}"}]}"""));
    }
}
