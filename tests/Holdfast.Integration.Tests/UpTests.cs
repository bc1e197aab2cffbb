using System.Text.Json;

namespace Holdfast.Integration.Tests;

public sealed class UpTests
{
    [Fact]
    public async Task Starts_answers_and_stops_on_an_interrupt()
    {
        using var folder = new TemporaryFolder();
        await using Up up = await Up.StartAsync(folder.Path);
        using var caller = new Caller(up);
        await caller.CallUntilAcceptedAsync(await caller.TokenAsync());

        (await up.SignalAsync("INT")).ShouldBe(0, up.Output);

        // A second start finds everything again.
        await using Up again = await up.StartAgainAsync();
        await caller.CallUntilAcceptedAsync(await caller.TokenAsync());
        (await again.SignalAsync("TERM")).ShouldBe(0, again.Output);
    }

    [Fact]
    public async Task The_drill_gets_in_nowhere()
    {
        using var folder = new TemporaryFolder();
        await using Up up = await Up.StartAsync(folder.Path);

        (int code, string output, string error) = await ProcessRun.ToEndAsync("dotnet", [Up.Program, "drill", "--up", up.JsonPath, "--json"], folder.Path);

        code.ShouldBe(0, $"{output}\n{error}");
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        rows.Length.ShouldBeGreaterThanOrEqualTo(14);
        rows.Where(row => !row.GetProperty("passed").GetBoolean()).Select(row => row.GetRawText()).ShouldBeEmpty();
        rows.Where(row => !row.GetProperty("signalled").GetBoolean()).Select(row => row.GetRawText()).ShouldBeEmpty();
        GeneratedFile.SectionShouldBeCurrent("README.md", "drill", Table(rows));
    }

    private static string Table(IEnumerable<JsonElement> rows) => string.Join('\n',
    [
        "| attack | a plain bearer API | Holdfast | failure |", "|---|---|---|---|",
        .. rows.Select(row => $"| {row.GetProperty("description").GetString()} | {Answer(row.GetProperty("bearer_api"))} "
            + $"| {Answer(row.GetProperty("holdfast"))} | [{row.GetProperty("failure").GetString()}](docs/failures.md#{row.GetProperty("failure").GetString()}) |"),
    ]);

    private static string Answer(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Null)
            return "not tried";
        int attempts = answer.GetProperty("attempts").GetInt32();
        string many = attempts > 1 ? $", {answer.GetProperty("accepted").GetInt32()} of {attempts}" : "";
        return $"{answer.GetProperty("outcome").GetString()} ({answer.GetProperty("status").GetInt32()}{many})";
    }
}
