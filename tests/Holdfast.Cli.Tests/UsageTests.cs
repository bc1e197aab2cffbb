namespace Holdfast.Cli.Tests;

public sealed class UsageTests
{
    private static readonly string Here = Path.GetTempPath();

    [Theory]
    [InlineData("up")]
    [InlineData("token")]
    [InlineData("call")]
    [InlineData("explain")]
    [InlineData("drill")]
    [InlineData("guard")]
    [InlineData("clients list")]
    [InlineData("clients show")]
    [InlineData("clients add")]
    [InlineData("clients set")]
    [InlineData("clients disable")]
    [InlineData("clients enable")]
    [InlineData("clients secret")]
    [InlineData("clients offboard")]
    [InlineData("clients remove")]
    [InlineData("resources list")]
    [InlineData("resources show")]
    [InlineData("resources add")]
    [InlineData("resources set")]
    [InlineData("resources remove")]
    [InlineData("apply")]
    [InlineData("audit")]
    [InlineData("issuer keys list")]
    [InlineData("issuer keys rotate")]
    [InlineData("issuer keys retire")]
    public async Task Helps_with_every_command_by_examples(string command)
    {
        CliRun run = await CliRun.AsOf(Here, [.. command.Split(' '), "--help"]);

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("--json");
        run.Out.ShouldContain("Examples:");
        run.Out.ShouldContain($"  holdfast {command}");
        run.Out.ShouldContain("Exit codes:");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Helps_with_the_whole()
    {
        CliRun run = await CliRun.AsOf(Here, "--help");

        run.Code.ShouldBe(0);
        foreach (string command in new[] { "up", "token", "call", "explain", "drill", "guard", "clients", "resources", "apply", "audit", "issuer" })
            run.Out.ShouldContain($"\n  {command} ");
    }

    [Theory]
    [InlineData]
    [InlineData("upp")]
    [InlineData("up", "--bogus")]
    [InlineData("call", "GET")]
    [InlineData("token", "--raw=perhaps")]
    [InlineData("up", "--nonce", "sometimes")]
    [InlineData("explain", "--role", "king")]
    [InlineData("explain", "one", "two")]
    [InlineData("clients")]
    [InlineData("clients", "end")]
    [InlineData("clients", "offboard")]
    [InlineData("apply")]
    [InlineData("issuer", "keys")]
    public async Task Refuses_a_line_that_it_does_not_understand(params string[] line)
    {
        CliRun run = await CliRun.AsOf(Here, line);

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldStartWith("holdfast: ");
        run.Error.ShouldContain("--help");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_all_problems_of_a_line()
    {
        CliRun run = await CliRun.AsOf(Here, "up", "--bogus", "--issuer-port", "70000", "--api-port", "none", "--nonce", "sometimes");

        run.Code.ShouldBe(2);
        foreach (string seen in new[] { "--bogus", "70000", "none", "sometimes" })
            run.Error.ShouldContain(seen);
    }

    [Theory]
    [InlineData("explain", "--bogus", "--at", "yesterday", "--role", "king")]
    [InlineData("call", "--bogus", "GET", "yesterday", "king")]
    public async Task An_option_that_does_not_exist_is_no_argument(params string[] line)
    {
        CliRun run = await CliRun.AsOf(Here, line);

        run.Code.ShouldBe(2);
        foreach (string seen in new[] { "--bogus", "yesterday", "king" })
            run.Error.ShouldContain($"'{seen}'");
    }

    [Fact]
    public async Task Names_each_argument_that_is_missing()
    {
        CliRun run = await CliRun.AsOf(Here, "call");

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("METHOD is missing");
        run.Error.ShouldContain("URL is missing");
    }

    [Fact]
    public async Task Says_what_a_port_is_in_words_of_the_user()
    {
        CliRun run = await CliRun.AsOf(Here, "up", "--issuer-port", "none", "--api-port", "70000");

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--issuer-port 'none' is not a port");
        run.Error.ShouldContain("--api-port '70000' is not a port");
        run.Error.ShouldNotContain("System.");
    }

    // A variable of a shell that is not set must not make the working directory the data directory.
    [Theory]
    [InlineData("up", "--issuer-port", "70000", "--data", "")]
    [InlineData("up", "--issuer-port", "70000", "--data=", "--nonce", "off")]
    public async Task Refuses_an_empty_data_directory(params string[] line)
    {
        CliRun run = await CliRun.AsOf(Here, line);

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--data is empty");
        run.Error.ShouldContain("70000");
    }

    [Fact]
    public async Task Lists_all_problems_of_a_configuration()
    {
        CliRun run = await CliRun.AsOf(Here, "token", "--up", "x", "--issuer", "nowhere", "--key", "missing.pem");

        run.Code.ShouldBe(2);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4, run.All);
        foreach (string option in new[] { "--up", "--issuer", "--client-id", "--key" })
            run.Error.ShouldContain(option);
    }

    [Fact]
    public async Task Suggests_commands_to_the_shell()
    {
        CliRun run = await CliRun.AsOf(Here, "[suggest:1]", "t");

        run.Code.ShouldBe(0);
        run.Out.ShouldContain("token");
    }

    [Fact]
    public async Task Says_its_version() => (await CliRun.AsOf(Here, "--version")).Code.ShouldBe(0);
}
