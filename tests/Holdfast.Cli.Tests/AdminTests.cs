using System.Text.Json;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

/// <summary>The verbs over the admin API, against a real <c>up</c>. Each test has clients and resources of its own.</summary>
[Collection(RunningUp.Name)]
public sealed class AdminTests(UpFixture up)
{
    // docs/registry.md
    [Fact]
    public async Task Adds_changes_disables_and_offboards_a_client()
    {
        string jwks = Jwks("life.jwks.json");
        (await Run("resources", "add", "https://life.example", "--scope", "life:read life:write")).Code.ShouldBe(0);

        CliRun added = await Run("clients", "add", "life", "--jwks", jwks, "--scope", "life:read", "--resource", "https://life.example", "--owner", "identity=Payments,payments@example.com");
        CliRun again = await Run("clients", "add", "life", "--jwks", jwks);
        CliRun set = await Run("clients", "set", "life", "--owner", "platform=Gateways,#gateways", "--name", "Life");
        CliRun disabled = await Run("clients", "disable", "life");
        CliRun enabled = await Run("clients", "enable", "life");
        CliRun shown = await Run("clients", "show", "life");
        CliRun inUse = await Run("resources", "remove", "https://life.example", "--yes");
        CliRun offboarded = await Run("clients", "offboard", "life", "--yes");
        CliRun removed = await Run("clients", "remove", "life", "--yes");
        CliRun gone = await Run("clients", "show", "life");

        added.Code.ShouldBe(0, added.All);
        added.Out.ShouldStartWith("+ client life (client.add)");
        again.Code.ShouldBe(1, again.All);
        again.Error.ShouldContain("'life' is there already");
        set.Code.ShouldBe(0, set.All);
        set.Out.ShouldContain("client_name: - -> \"Life\"");
        set.Out.ShouldNotContain("scopes");
        disabled.Out.ShouldContain("state: \"active\" -> \"disabled\"");
        enabled.Out.ShouldContain("state: \"disabled\" -> \"active\"");
        shown.Out.ShouldContain("\"payments@example.com\"");
        shown.Out.ShouldContain("\"#gateways\"");
        shown.Out.ShouldContain("Last used: never");
        inUse.Code.ShouldBe(1, inUse.All);
        inUse.Error.ShouldContain("'life'");
        offboarded.Code.ShouldBe(0, offboarded.All);
        offboarded.Error.ShouldContain("'life' was last used: never");
        removed.Code.ShouldBe(0, removed.All);
        gone.Code.ShouldBe(1, gone.All);
        gone.Error.ShouldContain("no client 'life'");
    }

    [Fact]
    public async Task A_client_that_is_added_gets_its_token_and_one_that_is_offboarded_none()
    {
        await Run("resources", "add", "https://token.example", "--scope", "t:read");
        (await Run("clients", "add", "tokens", "--jwks", up.Document.ClientKeyJwk.Replace("client-key.jwk.json", "client-jwks.json"), "--scope", "t:read", "--resource", "https://token.example")).Code.ShouldBe(0);
        string[] ask = ["token", "--json", "--issuer", up.Document.Issuer, "--client-id", "tokens", "--key", up.Document.ClientKeyPem, "--resource", "https://token.example"];

        CliRun before = null!;
        // The issuer reads the registry again when what it knows is a second old.
        await Eventually.IsSoAsync(async () => (before = await CliRun.AsOf(up.Folder, ask)).Code == 0, () => before.All);
        (await Run("clients", "offboard", "tokens", "--yes")).Code.ShouldBe(0);
        CliRun after = await CliRun.AsOf(up.Folder, ask);

        after.Code.ShouldBe(1, after.All);
        after.Error.ShouldContain("invalid_client");
    }

    [Theory]
    [InlineData("clients", "list")]
    [InlineData("clients", "list", "--dormant", "30d")]
    [InlineData("resources", "list")]
    [InlineData("audit")]
    [InlineData("audit", "--kind", "client", "--limit", "5")]
    public async Task Lists_for_people_and_for_scripts(params string[] line)
    {
        CliRun people = await Run(line);
        CliRun script = await Run([.. line, "--json"]);

        people.Code.ShouldBe(0, people.All);
        people.Out.ShouldNotContain("\e");
        script.Code.ShouldBe(0, script.All);
        script.Json.ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task The_record_names_who_changed_what()
    {
        await Run("resources", "add", "https://audited.example");

        CliRun audit = await Run("audit", "--kind", "resource", "--id", "https://audited.example", "--json");

        JsonElement record = audit.Json.GetProperty("records")[0];
        record.GetProperty("action").GetString().ShouldBe("resource.add");
        record.GetProperty("actor").GetProperty("name").GetString().ShouldBe(AdminClient.ClientId);
        record.GetProperty("actor").GetProperty("thumbprint").GetString()!.Length.ShouldBe(43);
        record.GetProperty("after").GetProperty("identifier").GetString().ShouldBe("https://audited.example");
    }

    [Fact]
    public async Task Lists_all_problems_of_a_registration()
    {
        CliRun run = await Run("clients", "add", "x y", "--auth", "none", "--scope", "a\"b");

        run.Code.ShouldBe(1, run.All);
        foreach (string member in new[] { "client_id", "grant_types", "scopes" })
            run.Error.ShouldContain($"  {member}:");
    }

    [Theory]
    [InlineData("--owner", "boss=A,b")]
    [InlineData("--owner", "identity=A")]
    [InlineData("--tls-name", "CN=x")]
    [InlineData("--jwks", "nowhere.json")]
    public async Task Refuses_an_option_that_it_does_not_understand(string option, string value)
    {
        CliRun run = await Run("clients", "add", "x", option, value);
        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldContain($"{option} '{value}'");
    }

    [Fact]
    public async Task Asks_before_it_ends_something_and_takes_no_answer_for_no()
    {
        await Run("resources", "add", "https://asked.example");

        CliRun nobody = await Run("resources", "remove", "https://asked.example");
        (int Code, string Error) no = await AnswerAsync("\n", "resources", "remove", "https://asked.example");
        CliRun still = await Run("resources", "show", "https://asked.example");
        (int Code, string Error) yes = await AnswerAsync("y\n", "resources", "remove", "https://asked.example");

        nobody.Code.ShouldBe(2, nobody.All);
        nobody.Error.ShouldContain("--yes");
        no.Code.ShouldBe(1);
        no.Error.ShouldContain("[y/N]");
        still.Code.ShouldBe(0);
        yes.Code.ShouldBe(0, yes.Error);
    }

    [Fact]
    public async Task Whoever_is_no_administrator_is_told_so()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "clients", "list", "--issuer", up.Document.Issuer, "--client-id", up.Document.ClientId, "--key", up.Document.ClientKeyPem);

        run.Code.ShouldBe(1, run.All);
        run.Error.ShouldContain("invalid_target");
    }

    [Fact]
    public async Task Takes_the_administrator_one_by_one()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "clients", "list", "--json", "--issuer", up.Document.Issuer, "--client-id", AdminClient.ClientId, "--key", up.Document.AdminKeyPem!);

        run.Code.ShouldBe(0, run.All);
    }

    [Fact]
    public async Task Says_when_the_keys_of_the_issuer_are_asked_for()
    {
        CliRun run = await Run("issuer", "keys", "list");

        // Whether this host manages them or not, it is an answer.
        run.Code.ShouldBeOneOf(0, 1);
        (run.Out + run.Error).ShouldNotBeEmpty();
    }

    private Task<CliRun> Run(params string[] line) => CliRun.AsOf(up.Folder, line);

    private async Task<(int Code, string Error)> AnswerAsync(string input, params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        CliConsole console = CliRun.Console(up.Folder, output, error, input) with { IsInteractive = true };
        return (await CommandShell.RunAsync(line, console, CancellationToken.None), error.ToString());
    }

    private string Jwks(string name)
    {
        string path = Path.Combine(up.Folder, name);
        File.WriteAllText(path, $$"""{"keys":[{{TestKey.Es256().RequiredMembers().ToJsonString()}}]}""");
        return path;
    }
}
