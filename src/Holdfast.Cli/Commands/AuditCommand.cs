using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Cli.Admin;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast audit</c>: who changed what.</summary>
internal static class AuditCommand
{
    public static Command Create(CliConsole console)
    {
        var kind = new Option<string?>("--kind") { Description = "Only changes of client, resource or issuer_key.", HelpName = "KIND" };
        kind.AcceptOnlyFromAmong("client", "resource", "issuer_key");
        var id = new Option<string?>("--id") { Description = "Only changes of this entry.", HelpName = "ID" }.NotEmpty();
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first.", HelpName = "N", DefaultValueFactory = _ => 50 };
        return new AdminVerb(console).Create("audit", "Shows what was changed in the registry: when, by whom, from what to what.", isChange: false, async (run, cancellationToken) =>
        {
            int most = Math.Max(1, run.Parsed.GetValue(limit));
            List<JsonNode> records = await run.Session.ListAsync("/audit", "records", "before",
                [("kind", run.Parsed.GetValue(kind)), ("id", run.Parsed.GetValue(id)), ("limit", Math.Min(most, 1000).ToString(CultureInfo.InvariantCulture))], most, cancellationToken);
            await run.PrintAsync(new JsonObject { ["records"] = new JsonArray([.. records.Select(record => record.DeepClone())]) }, () =>
            {
                if (records.Count == 0)
                    run.Console.Out.WriteLine("No change.");
                else
                    TextTable.Print(run.Console, ["when", "who", "from", "what", "entry"], records.Select(record => new[]
                    {
                        AdminText.Time(record["at"]), AdminText.Of(record["actor"]!["name"]), AdminText.Of(record["actor"]!["address"]), AdminText.Of(record["action"]), AdminText.Of(record["id"]),
                    }));
            });
            return ExitCodes.Ok;
        }, kind, id, limit).WithExamples(
            ("holdfast audit", "the newest changes"),
            ("holdfast audit --kind client --id orders --json", "everything that happened to one client, with before and after"));
    }
}
