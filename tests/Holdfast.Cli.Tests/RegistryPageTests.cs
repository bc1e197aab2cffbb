using System.Text.RegularExpressions;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

/// <summary>docs/registry.md, command by command and in its order, with the file that it shows.</summary>
public sealed partial class RegistryPageTests
{
    private static readonly string Page = RepositoryFiles.Read("docs/registry.md");

    [Fact]
    public async Task Every_command_of_the_page_does_what_it_says()
    {
        using var folder = new TemporaryFolder();
        folder.Write("orders.jwks.json", $$"""{"keys":[{{TestKey.Es256().RequiredMembers().ToJsonString()}}]}""");
        folder.Write("registry.yaml", Block("yaml").Single());
        await using UpHost up = await UpHost.StartAsync(new UpOptions { DataDirectory = folder.At(UpOptions.DefaultDirectory), IssuerPort = 0, ApiPort = 0 }, CancellationToken.None);
        string[] commands = [.. Block("sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

        commands.Length.ShouldBeGreaterThan(10);
        foreach (string command in commands)
        {
            CliRun run = await CliRun.AsOf(folder.Path, [.. Word().Matches(command).Skip(1).Select(word => word.Groups["quoted"].Success ? word.Groups["quoted"].Value : word.Value)]);
            run.Code.ShouldBe(command.EndsWith("--dry-run", StringComparison.Ordinal) ? 3 : 0, $"{command}\n{run.All}");
        }
    }

    private static IEnumerable<string> Block(string language) => Fence().Matches(Page).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["body"].Value);

    [GeneratedRegex("^```(?<language>\\w+)\\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("\"(?<quoted>[^\"]*)\"|\\S+")]
    private static partial Regex Word();
}
