using System.Globalization;
using Holdfast.Cli.Output;
using Holdfast.Conformance;
using Spectre.Console;

namespace Holdfast.Cli.Commands;

/// <summary>The drill's table for people.</summary>
internal static class DrillTable
{
    // Wide enough that nothing wraps where no terminal shows it.
    private const int Unbounded = 240;

    // In less, whole sentences wrap until nobody can read the table; their progress lines have said them already.
    private const int WideEnough = 200;

    public static void Print(DrillResult result, CliConsole console)
    {
        IAnsiConsole ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.IsColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = console.IsColored ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(console.Out),
        });
        ansi.Profile.Width = console.Width ?? Unbounded;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("attack", "plain bearer API", "Holdfast", "failure", "signalled");
        // Names are for copying; the answers may wrap.
        table.Columns[0].NoWrap();
        table.Columns[3].NoWrap();
        foreach (DrillRow row in result)
        {
            table.AddRow(
                new Text(ansi.Profile.Width >= WideEnough ? row.Description : row.Attack),
                new Text(Describe(row.BearerApi), StyleOf(row.BearerApi)),
                new Text(Describe(row.Holdfast), row.Passed ? new Style(Color.Green) : new Style(Color.Red, decoration: Decoration.Bold)),
                new Text(row.Failure ?? "-"),
                new Text(row.Signalled switch { true => "yes", false => "no", null => "-" }));
        }
        ansi.Write(table);
        foreach (DrillRow row in result.Where(row => row.Note is not null))
            console.Out.WriteLine($"{row.Attack}: {row.Note}");
        console.Out.WriteLine(Summary(result));
    }

    private static string Summary(DrillResult result)
    {
        int bearer = result.Count(row => string.Equals(row.BearerApi?.Outcome, DrillAnswer.LetIn, StringComparison.Ordinal));
        string plain = string.Create(CultureInfo.InvariantCulture, $"A plain bearer API let in {bearer} of them.");
        string[] inside = [.. result.Where(row => !row.Passed).Select(row => row.Attack)];
        return inside.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{result.Count} attacks, none got in. {plain}")
            : string.Create(CultureInfo.InvariantCulture, $"{inside.Length} of {result.Count} attacks got in: {string.Join(", ", inside)}. {plain}");
    }

    private static string Describe(DrillAnswer? answer)
    {
        if (answer is null)
            return "-";
        string error = answer.Error is null ? "" : $" {answer.Error}";
        string many = answer.Attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $", {answer.Accepted} of {answer.Attempts}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{answer.Outcome} ({answer.Status}{error}{many})");
    }

    private static Style StyleOf(DrillAnswer? answer) =>
        string.Equals(answer?.Outcome, DrillAnswer.LetIn, StringComparison.Ordinal) ? new Style(Color.Red) : Style.Plain;
}
