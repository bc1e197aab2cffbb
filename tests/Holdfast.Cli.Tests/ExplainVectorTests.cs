using System.Text.Json;
using Holdfast.Testing.Vectors;

namespace Holdfast.Cli.Tests;

/// <summary>The explanation of every vector ends where the vector says, through the token verifier of the door.</summary>
public sealed class ExplainVectorTests
{
    public static TheoryData<string> Names => [.. VectorFiles.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ends_where_the_vector_says(string name)
    {
        TestVector vector = VectorFiles.All[name];

        CliRun run = await CliRun.AsOf(VectorFiles.Root, "explain", $"{name}.json", "--json");

        JsonElement report = run.Json;
        bool accepted = report.GetProperty("accepted").GetBoolean();
        (accepted ? "accepted" : report.GetProperty("failure").GetProperty("name").GetString()).ShouldBe(vector.Expect, run.All);
        run.Code.ShouldBe(accepted ? 0 : 1);
        JsonElement[] checks = [.. report.GetProperty("checks").EnumerateArray()];
        checks.Count(check => check.GetProperty("result").GetString() == "failed").ShouldBe(accepted ? 0 : 1);
        if (!accepted && vector.Answer is { } answer)
            report.GetProperty("failure").GetProperty("wire_error").GetString().ShouldBe(answer);
        // Credentials are never repeated in full.
        foreach (IReadOnlyList<string> field in vector.Request.Headers.Where(field => field[1].Length > 300))
            run.Out.ShouldNotContain(field[1]);
    }
}
