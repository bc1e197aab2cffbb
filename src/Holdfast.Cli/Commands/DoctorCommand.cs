using System.CommandLine;
using Holdfast.Cli.Client;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Conformance;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast doctor</c>: examines a deployed path from outside, and says what to mend in which proxy.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliConsole console)
    {
        var options = new DoctorTargetOptions();
        var json = new Option<bool>("--json") { Description = "Print one JSON object, and nothing else." };
        var command = new Command("doctor", "Examines a deployed path from outside, with the client's own credentials: what arrives, what is compared, what is believed.");
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(options.Resolve(parsed, console), console, parsed.GetValue(json), cancellationToken));
        return command.WithExamples(
            ("holdfast doctor", "the API of the 'holdfast up' that runs in this directory"),
            ("holdfast doctor https://api.example.com/orders --issuer https://id.example.com --client-id orders --key orders.pem", "a deployed API, by DPoP"),
            ("holdfast doctor https://api.example.com/orders --issuer https://id.example.com --client-id orders --cert orders.crt --cert-key orders.key --proxy nginx --json", "by certificate, for a script"));
    }

    private static async Task<int> RunAsync(DoctorTarget target, CliConsole console, bool isJson, CancellationToken cancellationToken)
    {
        DoctorReport report;
        try
        {
            report = await Doctor.ExamineAsync(target, new DoctorOptions { TimeProvider = console.Time }, isJson ? null : new Progress(console), cancellationToken);
        }
        catch (DrillFailedException failure)
        {
            throw new CliException($"Nothing could be examined: {failure.Message.TrimEnd('.')}.", failure);
        }
        await console.Out.WriteLineAsync(isJson ? DoctorJson.Write(report) : Summary(report));
        return report.IsHealthy ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static string Summary(DoctorReport report)
    {
        int problems = report.Findings.Count(finding => finding.Result == DoctorResult.Problem);
        int warnings = report.Findings.Count(finding => finding.Result == DoctorResult.Warning);
        int skipped = report.Findings.Count(finding => finding.Result == DoctorResult.Skipped);
        string proxy = report.Proxy == ProxyKind.Unknown ? "no proxy told its name (--proxy names one)" : $"fixes are for {report.Proxy}";
        string diagnostics = report.HasDiagnostics ? "the API's own diagnostics are included" : "the API gave no diagnostics";
        return $"{report.Url}: {problems} problems, {warnings} warnings, {skipped} skipped; {proxy}; {diagnostics}.";
    }

    // Each finding as it is made: some take a while.
    private sealed class Progress(CliConsole console) : IProgress<DoctorFinding>
    {
        public void Report(DoctorFinding value)
        {
            string mark = value.Result switch
            {
                DoctorResult.Ok => "ok     ",
                DoctorResult.Warning => "WARNING",
                DoctorResult.Problem => "PROBLEM",
                DoctorResult.Skipped => "skipped",
            };
            console.Out.WriteLine($"{Paint(mark, value.Result)}  {value.Check}: {value.Question}?");
            console.Out.WriteLine($"         {value.Seen}");
            if (value.Operator is not null)
                console.Out.WriteLine($"         the API says: {value.Operator}");
            if (value.Fix is not null)
                console.Out.WriteLine($"         fix: {value.Fix}");
        }

        private string Paint(string text, DoctorResult result) => !console.IsColored ? text : result switch
        {
            DoctorResult.Ok => $"\e[32m{text}\e[0m",
            DoctorResult.Warning => $"\e[33m{text}\e[0m",
            DoctorResult.Problem => $"\e[1;31m{text}\e[0m",
            DoctorResult.Skipped => $"\e[2m{text}\e[0m",
        };
    }
}
