using System.Text.Json;

namespace Holdfast.Repository.Tests;

/// <summary>The bench as docs/performance.md tells to run it. What it measures is no test's business; that it measures and writes it down is.</summary>
public class BenchTests
{
    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => ProcessRun.ToEndAsync("dotnet",
        [RepositoryFiles.At($"artifacts/bin/Holdfast.Bench/{new DirectoryInfo(AppContext.BaseDirectory).Name}/Holdfast.Bench.dll"), .. arguments]);

    [Fact]
    public async Task Prints_each_row_and_writes_it_as_json()
    {
        string file = Path.Combine(Path.GetTempPath(), $"holdfast-bench-{Environment.ProcessId}.json");
        try
        {
            (int code, string output, string error) = await RunAsync("--only", "refused", "--json", file);

            code.ShouldBe(0, error);
            using JsonDocument rows = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            rows.RootElement.GetArrayLength().ShouldBe(6);
            foreach (JsonElement row in rows.RootElement.EnumerateArray())
            {
                row.EnumerateObject().Select(member => member.Name).ShouldBe(["row", "budget", "figure", "ok"]);
                row.GetProperty("figure").GetDouble().ShouldBeGreaterThan(0);
                output.ShouldContain(row.GetProperty("row").GetString()!);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--unknown", "1")]
    [InlineData("--json")]
    [InlineData("--seconds", "0")]
    [InlineData("chaos", "--minutes", "0")]
    [InlineData("chaos", "--kind", "Some")]
    [InlineData("chaos", "--json")]
    public async Task Refuses_options_that_mean_nothing(params string[] arguments) => (await RunAsync(arguments)).Code.ShouldBe(2);
}
