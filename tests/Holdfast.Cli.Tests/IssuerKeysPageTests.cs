using System.Text.Json;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

/// <summary>docs/operations/issuer-keys.md: its commands, against a real issuer.</summary>
public sealed class IssuerKeysPageTests
{
    // LIFE-04, LIFE-09
    [Fact]
    public async Task Follows_the_runbook()
    {
        using var folder = new TemporaryFolder();
        await using UpHost up = await UpHost.StartAsync(new UpOptions { DataDirectory = folder.At(UpOptions.DefaultDirectory), IssuerPort = 0, ApiPort = 0 }, CancellationToken.None);
        Task<CliRun> Run(params string[] line) => CliRun.AsOf(folder.Path, ["issuer", "keys", .. line]);

        CliRun before = await Run("list", "--json");
        CliRun rotated = await Run("rotate");
        CliRun again = await Run("rotate");
        CliRun waiting = await Run("list", "--json");
        string active = Keys(before).ShouldHaveSingleItem().GetProperty("kid").GetString()!;
        CliRun retired = await Run("retire", "--immediately", "--yes", "--", active);
        CliRun after = await Run("list", "--json");

        rotated.Code.ShouldBe(0, rotated.All);
        again.Code.ShouldBe(1, again.All);
        States(waiting).ShouldBe(["active", "staged"], ignoreOrder: true);
        retired.Code.ShouldBe(0, retired.All);
        States(after).ShouldBe(["active", "revoked"], ignoreOrder: true);
        Keys(after).Single(key => key.GetProperty("state").GetString() == "revoked").GetProperty("kid").GetString().ShouldBe(active);
    }

    private static JsonElement[] Keys(CliRun run)
    {
        run.Code.ShouldBe(0, run.All);
        return [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("keys").EnumerateArray()];
    }

    private static string[] States(CliRun run) => [.. Keys(run).Select(key => key.GetProperty("state").GetString()!)];
}
