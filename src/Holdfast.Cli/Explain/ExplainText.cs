using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>An explanation for people.</summary>
internal static class ExplainText
{
    public static void Print(ExplainReport report, CliConsole console)
    {
        TextWriter output = console.Out;
        output.WriteLine($"{report.Method} {report.Url}");
        output.WriteLine($"judged at {report.JudgedAt:yyyy-MM-dd HH:mm:ss}Z ({report.TimeSource}), by {JudgeOf(report)}");
        if (report.Certificate is { } certificate)
            output.WriteLine($"client certificate {certificate} (x5t#S256)");
        output.WriteLine();
        foreach (ExplainedCheck check in report.Checks)
            output.WriteLine($"  {Paint(Mark(check.Result), check.Result, console)}  {check.Title} ({check.Section})");
        output.WriteLine();
        if (report.Accepted)
            output.WriteLine($"Accepted{(report.ClientId is { } client ? $": client {client}" : "")}.");
        if (report.Failure is { } failure)
            Print(failure, report.Accepted, output);
        foreach (string note in report.Notes)
            output.WriteLine($"note: {note}");
    }

    private static string JudgeOf(ExplainReport report) => (report.Role, report.Issuer, report.Audience) switch
    {
        ("issuer", { } issuer, _) => $"issuer {issuer}",
        ("issuer", null, _) => "an issuer",
        (_, { } issuer, { } audience) => $"resource {audience}, issuer {issuer}",
        (_, null, { } audience) => $"resource {audience}",
        (_, { } issuer, null) => $"a resource, issuer {issuer}",
        _ => "a resource",
    };

    private static void Print(ExplainedFailure failure, bool accepted, TextWriter output)
    {
        output.WriteLine($"{(accepted ? "Would be refused in require mode" : "Refused")}: {failure.Name} ({failure.Severity}; for the {failure.Owner} team)");
        Line("expected", failure.Expected);
        Line("seen", failure.Seen);
        Line("cause", failure.Cause);
        Line("fix", failure.Fix);
        Line("answer", $"{failure.Status} {failure.WireError ?? "(no code)"}: {failure.Description}");
        if (!string.Equals(failure.Answered, failure.Name, StringComparison.Ordinal))
            Line("", $"(the caller is told {failure.Answered}: a nonce mends it)");
        Line("page", failure.Documentation);
        output.WriteLine();

        void Line(string name, string? text)
        {
            if (text is not null)
                output.WriteLine($"  {name,-9} {(text.Length == 0 ? "(empty)" : text)}");
        }
    }

    private static string Mark(string result) => result switch
    {
        "passed" => "passed     ",
        "failed" => "FAILED HERE",
        "not_needed" => "not needed ",
        "unknown" => "not known  ",
        _ => "not reached",
    };

    private static string Paint(string text, string result, CliConsole console) => !console.IsColored ? text : result switch
    {
        "passed" => $"\e[32m{text}\e[0m",
        "failed" => $"\e[1;31m{text}\e[0m",
        _ => $"\e[2m{text}\e[0m",
    };
}
