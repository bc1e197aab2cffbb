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

    // In less, five columns do not fit: the failure stands below the attack, and the wire codes are left to --json.
    private const int FiveColumns = 130;

    public static void Print(DrillResult result, CliConsole console)
    {
        IAnsiConsole ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.IsColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = console.IsColored ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(console.Out),
        });
        int width = ansi.Profile.Width = console.Width ?? Unbounded;
        bool isNarrow = width < FiveColumns;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(isNarrow ? ["attack, failure", "bearer API", "Holdfast", "signalled"] : ["attack", "plain bearer API", "Holdfast", "failure", "signalled"]);
        // Names are for copying; the answers may wrap.
        table.Columns[0].NoWrap();
        if (!isNarrow)
            table.Columns[3].NoWrap();
        foreach (DrillRow row in result)
        {
            var bearer = new Text(Describe(row.BearerApi, isNarrow), StyleOf(row.BearerApi));
            var holdfast = new Text(Describe(row.Holdfast, isNarrow), row.Passed ? new Style(Color.Green) : new Style(Color.Red, decoration: Decoration.Bold));
            var signalled = new Text(row.Signalled switch { true => "yes", false => "no", null => "-" });
            string failure = row.Failure ?? "-";
            if (isNarrow)
                table.AddRow(new Text($"{row.Attack}\n  {failure}"), bearer, holdfast, signalled);
            else
                table.AddRow(new Text(width >= WideEnough ? row.Description : row.Attack), bearer, holdfast, new Text(failure), signalled);
        }
        ansi.Write(table);
        foreach (DrillRow row in result.Where(row => row.Note is not null))
            console.Out.WriteLine($"{row.Attack}: {row.Note}");
        console.Out.WriteLine(Summary(result));
    }

    private static string Summary(DrillResult result)
    {
        int bearer = result.Count(row => IsIn(row.BearerApi));
        string plain = string.Create(CultureInfo.InvariantCulture, $"A plain bearer API let in {bearer} of them.");
        string[] inside = [.. result.Where(row => !row.Passed && IsIn(row.Holdfast)).Select(row => row.Attack)];
        // No answer, a server error, or a proof that nobody could use: it got in nowhere, and shows nothing.
        string[] unclear = [.. result.Where(row => !row.Passed && !IsIn(row.Holdfast)).Select(row => row.Attack)];
        string got = inside.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{result.Count} attacks, none got in. ")
            : string.Create(CultureInfo.InvariantCulture, $"{inside.Length} of {result.Count} attacks got in: {string.Join(", ", inside)}. ");
        string open = unclear.Length == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{unclear.Length} ended in an error and prove nothing: {string.Join(", ", unclear)}. ");
        return got + open + plain;
    }

    /// <summary>True where the attack got through.</summary>
    public static bool IsIn(DrillAnswer? answer) => string.Equals(answer?.Outcome, DrillAnswer.LetIn, StringComparison.Ordinal);

    private static string Describe(DrillAnswer? answer, bool isShort)
    {
        if (answer is null)
            return "-";
        string error = answer.Error is null || isShort ? "" : $" {answer.Error}";
        string many = answer.Attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $", {answer.Accepted} of {answer.Attempts}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{answer.Outcome} ({answer.Status}{error}{many})");
    }

    private static Style StyleOf(DrillAnswer? answer) => IsIn(answer) ? new Style(Color.Red) : Style.Plain;
}
