using Spectre.Console;

namespace Holdfast.Cli.Output;

/// <summary>A table for people. Nothing in it is read as markup.</summary>
internal static class TextTable
{
    // Wide enough that nothing wraps where no terminal shows it.
    private const int Unbounded = 240;

    /// <summary>Prints it. The first column never wraps: it is for copying.</summary>
    public static void Print(CliConsole console, string[] columns, IEnumerable<string[]> rows)
    {
        IAnsiConsole ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.IsColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(console.Out),
        });
        ansi.Profile.Width = console.Width ?? Unbounded;
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        table.Columns[0].NoWrap();
        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(Plain(cell))));
        ansi.Write(table);
    }

    /// <summary>Without what a terminal would obey: names and owners are what others wrote.</summary>
    public static string Plain(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
