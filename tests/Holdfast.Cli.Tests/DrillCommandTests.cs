using System.Text.Json;

namespace Holdfast.Cli.Tests;

[Collection(RunningUp.Name)]
public sealed class DrillCommandTests(UpFixture up)
{
    [Fact]
    public async Task Prints_an_array_of_rows_and_nothing_else()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "drill", "--json");

        run.Code.ShouldBe(0, run.All);
        JsonElement[] rows = [.. run.Json.EnumerateArray()];
        rows.Length.ShouldBeGreaterThan(14);
        rows.ShouldAllBe(row => row.GetProperty("passed").GetBoolean());
        rows.ShouldAllBe(row => row.GetProperty("signalled").GetBoolean());
        // FWD-20: the forgery itself is noticed, in every spelling, and not only that the certificate is missing.
        JsonElement[] forged = [.. rows.Where(row => row.GetProperty("attack").GetString()!.Contains("forged", StringComparison.Ordinal))];
        forged.Length.ShouldBe(4);
        forged.ShouldAllBe(row => row.GetProperty("failure").GetString() == "certificate_header_untrusted");
        // Two forged copies, and the neighbour's.
        rows.Single(row => row.GetProperty("attack").GetString() == "certificate_token_other_certificate")
            .GetProperty("holdfast").GetProperty("attempts").GetInt32().ShouldBe(3);
        run.Error.ShouldNotContain("left out");
    }

    [Fact]
    public async Task Starts_an_API_of_its_own_where_none_runs_and_leaves_nothing_behind()
    {
        using var elsewhere = new TemporaryFolder();
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "holdfast-drill-*");

        CliRun run = await CliRun.AsOf(elsewhere.Path, "drill");

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("none got in");
        run.Out.ShouldContain("key_mismatch");
        run.Out.ShouldNotContain("\e");
        Directory.EnumerateFileSystemEntries(elsewhere.Path).ShouldBeEmpty();
        Directory.GetDirectories(Path.GetTempPath(), "holdfast-drill-*").Except(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_when_it_could_not_be_held()
    {
        using var elsewhere = new TemporaryFolder();
        (await CliRun.AsOf(elsewhere.Path, "drill", "--up", "nothing.json")).Code.ShouldBe(2);
        (await CliRun.AsOf(elsewhere.Path, "drill", "--up", "x", "--data", "y")).Code.ShouldBe(2);
    }
}
