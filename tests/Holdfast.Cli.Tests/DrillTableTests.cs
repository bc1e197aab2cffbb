using Holdfast.Cli.Commands;
using Holdfast.Conformance;

namespace Holdfast.Cli.Tests;

public sealed class DrillTableTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(140)]
    [InlineData(240)]
    public void Fits_a_terminal_and_keeps_names_and_answers_whole(int width)
    {
        string table = Print(width, Row("intercepted_proof_50_parallel", "proof_algorithm_not_allowed", DrillAnswer.Refused));

        table.Split('\n').ShouldAllBe(line => line.TrimEnd().Length <= width);
        if (width < 240)
            table.ShouldContain("intercepted_proof_50_parallel");
        table.ShouldContain("proof_algorithm_not_allowed");
        table.ShouldContain("refused (401");
        table.ShouldContain("let in (200");
        table.ShouldContain("none got in");
    }

    [Fact]
    public void Tells_an_attack_that_got_in_from_one_that_ended_in_an_error()
    {
        string table = Print(240, Row("one", "a", DrillAnswer.LetIn), Row("two", null, DrillAnswer.Broke), Row("three", "b", DrillAnswer.Refused));

        table.ShouldContain("1 of 3 attacks got in: one.");
        table.ShouldContain("1 ended in an error and prove nothing: two.");
    }

    private static string Print(int width, params DrillRow[] rows)
    {
        using var output = new StringWriter();
        DrillTable.Print(new DrillResult(rows, new DrillEvidence("", "", "")), CliRun.Console(".", output, TextWriter.Null) with { Width = width });
        return output.ToString();
    }

    private static DrillRow Row(string attack, string? failure, string outcome) => new()
    {
        Attack = attack,
        Description = "what the thief does, in a sentence of the usual length, which is about eighty characters",
        BearerApi = Answer(DrillAnswer.LetIn, 200, null),
        Holdfast = Answer(outcome, 401, "invalid_dpop_proof"),
        Failure = failure,
        Severity = "suspicious",
        Signalled = true,
        Passed = outcome == DrillAnswer.Refused,
    };

    private static DrillAnswer Answer(string outcome, int status, string? error) =>
        new() { Status = status, Error = error, Outcome = outcome, Attempts = 50, Accepted = outcome == DrillAnswer.LetIn ? 50 : 0 };
}
