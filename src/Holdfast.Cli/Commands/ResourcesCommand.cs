using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Admin;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast resources</c>: the APIs that tokens are issued for.</summary>
internal static class ResourcesCommand
{
    private const int MostListed = 100_000;

    public static Command Create(CliConsole console) => new Command("resources", "Registers the APIs that tokens are issued for.")
    {
        List(new AdminVerb(console)), Show(new AdminVerb(console)), Put(new AdminVerb(console), isNew: true), Put(new AdminVerb(console), isNew: false), Remove(new AdminVerb(console)),
    }.WithExamples(
        ("holdfast resources add https://api.example.com --scope \"orders:read orders:write\"", "a new API"),
        ("holdfast resources list", "all of them"));

    private static Argument<string> Id() => new Argument<string>("URL") { Description = "The identifier, which is the audience of its tokens." }.WithoutOptions();

    private static Command List(AdminVerb verb) =>
        verb.Create("list", "Lists resources.", isChange: false, async (run, cancellationToken) =>
        {
            List<JsonNode> resources = await run.Session.ListAsync("/resources", "resources", "after", [("limit", "500")], MostListed, cancellationToken);
            await run.PrintAsync(new JsonObject { ["resources"] = new JsonArray([.. resources.Select(resource => resource.DeepClone())]) }, () =>
            {
                if (resources.Count == 0)
                    run.Console.Out.WriteLine("No resource.");
                else
                    TextTable.Print(run.Console, ["resource", "name", "scopes", "also"], resources.Select(resource => resource["resource"]!).Select(resource => new[]
                    {
                        AdminText.Of(resource["identifier"]), AdminText.Of(resource["name"]), AdminText.Of(resource["scopes"]), AdminText.Of(resource["alternate_identifiers"]),
                    }));
            });
            return ExitCodes.Ok;
        }).WithExamples(("holdfast resources list --json", "for a script"));

    private static Command Show(AdminVerb verb)
    {
        Argument<string> id = Id();
        return verb.Create("show", "Shows a resource.", isChange: false, async (run, cancellationToken) =>
        {
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Get, "/resource", [("identifier", run.Parsed.GetValue(id))], cancellationToken);
            await run.PrintAsync(answer.Body, () => run.Console.Out.WriteLine(AdminText.Indented(answer.Body["resource"]!)));
            return ExitCodes.Ok;
        }, id).WithExamples(("holdfast resources show https://api.example.com", "one of them"));
    }

    private static Command Put(AdminVerb verb, bool isNew)
    {
        Argument<string> id = Id();
        var name = new Option<string?>("--name") { Description = "What people are told it is called.", HelpName = "TEXT" };
        var scope = new Option<string?>("--scope") { Description = "The scopes that mean something to it, separated by spaces.", HelpName = "S" };
        var alternate = new Option<string[]>("--alternate") { Description = "Another URL of it; may be given several times.", HelpName = "URL", DefaultValueFactory = _ => [] };
        return verb.Create(isNew ? "add" : "set", isNew ? "Registers a resource." : "Changes a resource; what is not given stays.", isChange: true, async (run, cancellationToken) =>
        {
            string identifier = run.Parsed.GetRequiredValue(id);
            AdminAnswer? known = isNew ? null : await run.Session.SendAsync(HttpMethod.Get, "/resource", [("identifier", identifier)], cancellationToken);
            JsonObject resource = known is null ? new JsonObject { ["identifier"] = identifier } : known.Body["resource"]!.DeepClone().AsObject();
            if (run.Parsed.GetValue(name) is { } text)
                resource["name"] = text;
            if (run.Parsed.GetValue(scope) is { } scopes)
                resource["scopes"] = new JsonArray([.. scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => (JsonNode)one)]);
            if (run.Parsed.GetRequiredValue(alternate) is { Length: > 0 } alternates)
                resource["alternate_identifiers"] = new JsonArray([.. alternates.Where(one => one.Length > 0).Select(one => (JsonNode)one)]);
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Put, "/resource", [], cancellationToken, resource, ifMatch: known?.ETag, ifNoneMatch: isNew ? "*" : null);
            await PrintEditAsync(run, answer, identifier);
            return ExitCodes.Ok;
        }, id, name, scope, alternate).WithExamples(isNew
            ? ("holdfast resources add https://api.example.com --scope \"orders:read orders:write\"", "an API and its scopes")
            : ("holdfast resources set https://api.example.com --alternate https://api.example.com:8443", "another address of the same API"));
    }

    private static Command Remove(AdminVerb verb)
    {
        Argument<string> id = Id();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking." };
        return verb.Create("remove", "Removes a resource that no client uses.", isChange: true, async (run, cancellationToken) =>
        {
            string identifier = run.Parsed.GetRequiredValue(id);
            if (!run.Confirm($"Remove '{identifier}'?", run.Parsed.GetValue(yes)))
                return ExitCodes.Failed;
            await PrintEditAsync(run, await run.Session.SendAsync(HttpMethod.Delete, "/resource", [("identifier", identifier)], cancellationToken), identifier);
            return ExitCodes.Ok;
        }, id, yes).WithExamples(("holdfast resources remove https://api.example.com --yes", "without asking"));
    }

    private static Task PrintEditAsync(AdminRun run, AdminAnswer answer, string identifier) => run.PrintAsync(answer.Body, () =>
    {
        AdminText.PrintChanges(run.Console, answer.Body);
        if (answer.Body["changes"]!.AsArray().Count == 0)
            run.Console.Out.WriteLine($"Resource '{identifier}' is so already; nothing changed.");
    });
}
