namespace Holdfast.Conformance.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public async Task Every_attack_is_in_the_drills_page_in_its_order()
    {
        await using var world = await WeakWorld.StartAsync();
        var rows = await Drill.RunAsync(world.Target, world.Options);

        var page = await File.ReadAllLinesAsync(Path.Combine(Root(), "docs", "drill.md"));

        page.Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ShouldBe(rows.Select(row => $"| `{row.Attack}` | {row.Description} |"));
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Holdfast.slnx")))
            directory = directory.Parent ?? throw new InvalidOperationException("the repository is not above the tests");
        return directory.FullName;
    }
}
