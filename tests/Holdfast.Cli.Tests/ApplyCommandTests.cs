using Holdfast.Cli.Output;

namespace Holdfast.Cli.Tests;

[Collection(RunningUp.Name)]
public sealed class ApplyCommandTests(UpFixture up) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // docs/registry.md
    [Fact]
    public async Task Shows_the_difference_applies_it_and_then_changes_nothing()
    {
        string file = Write("""
            # The registry of the bakery.
            resources:
              - identifier: https://bakery.example
                scopes: [bread:read, bread:bake]
            clients:
              - client_id: oven
                owners:
                  identity: { team: Bakery, contact: "#bakery" }
                path_kind: backend_to_backend
                jwks_uri: https://oven.bakery.example/jwks
                scopes: [bread:bake]
                resources: [https://bakery.example]
                dpop_bound_access_tokens: true
            """);

        CliRun dry = await Apply(file, "--dry-run");
        CliRun nobody = await Apply(file);
        CliRun still = await Apply(file, "--dry-run", "--json");
        CliRun first = await Apply(file, "--yes");
        CliRun second = await Apply(file, "--yes");
        CliRun same = await Apply(file, "--dry-run");

        dry.Code.ShouldBe(3, dry.All);
        dry.Out.ShouldContain("+ client oven (client.add)");
        dry.Out.ShouldContain("2 entries would change.");
        nobody.Code.ShouldBe(2, nobody.All);
        nobody.Error.ShouldContain("--yes");
        still.Code.ShouldBe(3);
        still.Json.GetProperty("changes").GetArrayLength().ShouldBe(2);
        first.Code.ShouldBe(0, first.All);
        first.Out.ShouldContain("2 entries changed.");
        second.Code.ShouldBe(0, second.All);
        second.Out.ShouldContain("Nothing to change");
        same.Code.ShouldBe(0);
    }

    [Fact]
    public async Task Reads_JSON_and_standard_input()
    {
        CliRun run = await CliRun.WithInputAsync(up.Folder, """{"resources":[{"identifier":"https://json.example"}]}""", "apply", "-f", "-", "--yes");

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("+ resource https://json.example");
    }

    [Fact]
    public async Task Names_the_line_of_everything_that_is_unknown_or_of_another_kind()
    {
        string file = Write("""
            clients:
              - client_id: a
                colour: red
              - client_id: b
                requires_consent: perhaps
            users: []
            """);

        CliRun run = await Apply(file, "--yes");

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("set.yaml:3: clients[0].colour:");
        run.Error.ShouldContain("set.yaml:5: clients[1].requires_consent:");
        run.Error.ShouldContain("set.yaml:6: users:");
    }

    [Fact]
    public async Task Names_the_line_of_what_the_issuer_refuses()
    {
        string file = Write("""
            clients:
              - client_id: good
                jwks_uri: https://good.example/jwks
                resources: [https://nowhere.example]
              - client_id: bad
                token_endpoint_auth_method: none
            """);

        CliRun run = await Apply(file, "--yes");

        run.Code.ShouldBe(1, run.All);
        run.Error.ShouldContain("set.yaml:4: clients[0].resources:");
        run.Error.ShouldContain("set.yaml:5: clients[1].grant_types:");
    }

    [Theory]
    [InlineData("clients: [")]
    [InlineData("- a")]
    [InlineData("clients: []\nclients: []")]
    [InlineData("")]
    public async Task Refuses_what_is_no_set(string content)
    {
        CliRun run = await Apply(Write(content), "--yes");
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain("set.yaml");
    }

    [Fact]
    public async Task Refuses_files_that_are_too_long_or_repeat_themselves_without_end()
    {
        (await Apply(Write("# " + new string('x', 1024 * 1024)), "--yes")).Code.ShouldBe(2);
        // Each line names the one before ten times: ten billion parts in a few hundred octets.
        string[] lines = [.. Enumerable.Range(1, 9).Select(i => $"l{i}: &l{i} [{string.Join(',', Enumerable.Repeat($"*l{i - 1}", 10))}]")];
        CliRun bomb = await Apply(Write($"l0: &l0 [a]\n{string.Join('\n', lines)}\n"), "--yes");
        bomb.Code.ShouldBe(2, bomb.All);
        bomb.Error.ShouldContain("repeats itself");
    }

    private Task<CliRun> Apply(string file, params string[] options) => CliRun.AsOf(up.Folder, ["apply", "-f", file, .. options]);

    private string Write(string content)
    {
        _folder.Write("set.yaml", content);
        return _folder.At("set.yaml");
    }

    public void Dispose() => _folder.Dispose();
}
