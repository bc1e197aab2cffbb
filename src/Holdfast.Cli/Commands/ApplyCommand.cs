using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Admin;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast apply</c>: makes the registry what a file says.</summary>
internal static class ApplyCommand
{
    public static Command Create(CliConsole console)
    {
        var file = new Option<string>("--file", "-f") { Description = "Clients and resources, YAML or JSON of at most 1 MB; - reads standard input.", HelpName = "FILE", Required = true }.NotEmpty();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would change." };
        var prune = new Option<bool>("--prune") { Description = "Offboard clients and remove resources that the file does not name." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking." };
        return new AdminVerb(console).Create("apply", "Makes the registry what a file says: shows the difference first, changes all of it or nothing, and only what the file names unless --prune.",
            isChange: true, (run, cancellationToken) => RunAsync(run, run.Parsed.GetRequiredValue(file), run.Parsed.GetValue(dryRun), run.Parsed.GetValue(prune), run.Parsed.GetValue(yes), cancellationToken),
            file, dryRun, prune, yes).WithExamplesAndExitCodes(
            "0 the registry is as the file says; 1 refused or failed; 2 usage, configuration or environment; 3 with --dry-run: something would change.",
            ("holdfast apply -f registry.yaml", "shows the difference, and asks"),
            ("holdfast apply -f registry.yaml --dry-run", "in a pull request: exit code 3 where something would change"),
            ("holdfast apply -f registry.yaml --prune --yes", "in a pipeline, where the file is everything there is"));
    }

    private static async Task<int> RunAsync(AdminRun run, string path, bool isDry, bool prune, bool isYes, CancellationToken cancellationToken)
    {
        DesiredFile file = await Task.Run(() => DesiredFile.Read(path, run.Console), cancellationToken).WaitAsync(cancellationToken);
        AdminAnswer plan = await SendAsync(run, file, prune, isDry: true, cancellationToken);
        bool isSame = plan.Body["changes"]!.AsArray().Count == 0;
        if (isDry || isSame)
        {
            await run.PrintAsync(plan.Body, () => Print(run, plan, isSame ? "Nothing to change: the registry is as the file says." : "{0} would change."));
            return isSame ? ExitCodes.Ok : ExitCodes.WouldChange;
        }
        if (!run.IsJson)
            AdminText.PrintChanges(run.Console, plan.Body);
        if (!run.Confirm("Change the registry like this?", isYes))
            return ExitCodes.Failed;
        AdminAnswer done = await SendAsync(run, file, prune, isDry: false, cancellationToken);
        await run.PrintAsync(done.Body, () =>
        {
            // Somebody else may have been there between the two.
            bool isAsShown = JsonNode.DeepEquals(plan.Body["changes"], done.Body["changes"]);
            if (!isAsShown)
                AdminText.PrintChanges(run.Console, done.Body);
            run.Console.Out.WriteLine($"{Count(done)} changed{(isAsShown ? "" : ": not quite what was shown, because somebody else has changed the registry meanwhile")}.");
        });
        return ExitCodes.Ok;
    }

    private static async Task<AdminAnswer> SendAsync(AdminRun run, DesiredFile file, bool prune, bool isDry, CancellationToken cancellationToken)
    {
        try
        {
            return await run.Session.SendAsync(HttpMethod.Post, "/apply", [("dry_run", isDry ? "true" : null), ("prune", prune ? "true" : null)], cancellationToken, file.Content);
        }
        catch (AdminRefusedException refusal) when (refusal.Problems.Count > 0)
        {
            throw new AdminRefusedException(refusal.Status, [refusal.Lines[0], .. refusal.Problems.Select(problem => $"  {file.WithLine(problem)}")], []);
        }
    }

    private static void Print(AdminRun run, AdminAnswer plan, string summary)
    {
        AdminText.PrintChanges(run.Console, plan.Body);
        run.Console.Out.WriteLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, summary, Count(plan)));
    }

    private static string Count(AdminAnswer answer) => answer.Body["changes"]!.AsArray().Count is 1 ? "1 entry" : $"{answer.Body["changes"]!.AsArray().Count} entries";
}
