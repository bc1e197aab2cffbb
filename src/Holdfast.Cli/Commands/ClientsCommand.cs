using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Admin;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast clients</c>: the clients of the registry.</summary>
internal static class ClientsCommand
{
    private const int MostListed = 100_000;

    public static Command Create(CliConsole console) => new Command("clients", "Registers clients, finds the forgotten ones, ends them.")
    {
        List(new AdminVerb(console)), Show(new AdminVerb(console)), Put(new AdminVerb(console), isNew: true), Put(new AdminVerb(console), isNew: false),
        State(new AdminVerb(console), "disable", "Refuses a client from now on; its grants stay, and wait.", ("holdfast clients disable orders", "nothing new for this client, until it is enabled")),
        State(new AdminVerb(console), "enable", "Lets a disabled client in again.", ("holdfast clients enable orders", "as it was before")),
        Secret(new AdminVerb(console)), Offboard(new AdminVerb(console)), Remove(new AdminVerb(console)),
    }.WithExamples(
        ("holdfast clients list --dormant 30d", "who has not been seen for thirty days"),
        ("holdfast clients add orders --jwks orders.jwks.json --scope orders:read --resource https://api.example.com --owner \"identity=Payments,payments@example.com\"", "a new machine"),
        ("holdfast clients offboard orders", "end it everywhere"));

    private static Argument<string> Id() => new Argument<string>("ID") { Description = "The client's identifier." }.WithoutOptions();

    private static Option<bool> Yes() => new("--yes", "-y") { Description = "Do it without asking." };

    private static Command List(AdminVerb verb)
    {
        var state = new Option<string?>("--state") { Description = "Only those that are active, disabled or offboarded.", HelpName = "STATE" };
        state.AcceptOnlyFromAmong("active", "disabled", "offboarded");
        var team = new Option<string?>("--team") { Description = "Only those that this team answers for.", HelpName = "TEAM" }.NotEmpty();
        var dormant = new Option<string?>("--dormant") { Description = "Only those that were not used for so long, or registered so long ago and never used: 30d, 12h.", HelpName = "TIME" }.NotEmpty();
        return verb.Create("list", "Lists clients, with what each was last used for and what it owes.", isChange: false, async (run, cancellationToken) =>
        {
            List<JsonNode> clients = await run.Session.ListAsync("/clients", "clients", "after",
                [("state", run.Parsed.GetValue(state)), ("team", run.Parsed.GetValue(team)), ("dormant", run.Parsed.GetValue(dormant)), ("limit", "500")], MostListed, cancellationToken);
            await run.PrintAsync(new JsonObject { ["clients"] = new JsonArray([.. clients.Select(client => client.DeepClone())]) }, () => PrintList(run, clients));
            return ExitCodes.Ok;
        }, state, team, dormant).WithExamples(
            ("holdfast clients list", "all of them"),
            ("holdfast clients list --dormant 30d", "the forgotten ones"),
            ("holdfast clients list --team Payments --json", "what a team answers for, for a script"));
    }

    private static void PrintList(AdminRun run, List<JsonNode> clients)
    {
        if (clients.Count == 0)
        {
            run.Console.Out.WriteLine("No client.");
            return;
        }
        TextTable.Print(run.Console, ["client", "state", "owners", "last used", "debt"], clients.Select(client => new[]
        {
            AdminText.Of(client["client"]!["client_id"]), AdminText.Of(client["client"]!["state"]), Owners(client["client"]!), AdminText.LastUse(client), AdminText.Of(client["debt"]),
        }));
    }

    private static string Owners(JsonNode client) =>
        client["owners"] is JsonObject owners ? string.Join(", ", owners.Select(owner => AdminText.Of(owner.Value?["team"])).Distinct(StringComparer.Ordinal)) : "";

    private static Command Show(AdminVerb verb)
    {
        Argument<string> id = Id();
        return verb.Create("show", "Shows a client: its registration, what it was last used for, and what it owes.", isChange: false, async (run, cancellationToken) =>
        {
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Get, "/client", [("client_id", run.Parsed.GetValue(id))], cancellationToken);
            await run.PrintAsync(answer.Body, () =>
            {
                run.Console.Out.WriteLine(AdminText.Indented(answer.Body["client"]!));
                run.Console.Out.WriteLine(TextTable.Plain($"Last used: {AdminText.LastUse(answer.Body)}"));
                run.Console.Out.WriteLine($"Registered {AdminText.Time(answer.Body["created_at"])}, changed {AdminText.Time(answer.Body["updated_at"])}, revision {AdminText.Of(answer.Body["revision"])}");
                if (AdminText.Of(answer.Body["debt"]) is { Length: > 0 } debt)
                    run.Console.Out.WriteLine($"Owes: {debt}");
            });
            return ExitCodes.Ok;
        }, id).WithExamples(("holdfast clients show orders", "everything about one client"));
    }

    private static Command Put(AdminVerb verb, bool isNew)
    {
        Argument<string> id = Id();
        var members = new ClientMembers();
        Command command = verb.Create(isNew ? "add" : "set", isNew ? "Registers a client." : "Changes the registration of a client; what is not given stays.", isChange: true, async (run, cancellationToken) =>
        {
            string clientId = run.Parsed.GetRequiredValue(id);
            AdminAnswer? known = isNew ? null : await run.Session.SendAsync(HttpMethod.Get, "/client", [("client_id", clientId)], cancellationToken);
            JsonObject client = known is null ? new JsonObject { ["client_id"] = clientId } : known.Body["client"]!.DeepClone().AsObject();
            members.Apply(run.Parsed, client, run.Console);
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Put, "/client", [], cancellationToken, client, ifMatch: known?.ETag, ifNoneMatch: isNew ? "*" : null);
            await PrintEditAsync(run, answer, clientId);
            return ExitCodes.Ok;
        }, [id, .. members.Symbols]);
        return isNew
            ? command.WithExamples(
                ("holdfast clients add orders --jwks orders.jwks.json --scope orders:read --resource https://api.example.com --owner \"identity=Payments,payments@example.com\"", "a machine with a key"),
                ("holdfast clients add billing --auth tls_client_auth --tls-name san_dns=billing.example.com --scope orders:read --resource https://api.example.com", "a machine with a certificate"),
                ("holdfast clients add shop --path-kind browser --auth none --grant authorization_code --grant refresh_token --redirect-uri https://shop.example.com/done --scope openid", "an application in a browser"))
            : command.WithExamples(
                ("holdfast clients set orders --owner \"platform=Gateways,#gateways\"", "another owner"),
                ("holdfast clients set orders --jwks-uri https://orders.example.com/jwks", "keys that the client publishes, in place of fixed ones"));
    }

    private static async Task PrintEditAsync(AdminRun run, AdminAnswer answer, string clientId) => await run.PrintAsync(answer.Body, () =>
    {
        AdminText.PrintChanges(run.Console, answer.Body);
        if (answer.Body["changes"]!.AsArray().Count == 0)
            run.Console.Out.WriteLine($"Client '{clientId}' is so already; nothing changed.");
        if (answer.Body["client_secret"] is { } secret)
        {
            run.Console.Out.WriteLine($"client_secret: {secret}");
            run.Console.Error.WriteLine("holdfast: this secret is shown once; it is stored as a hash only.");
        }
    });

    private static Command State(AdminVerb verb, string name, string description, (string, string) example)
    {
        Argument<string> id = Id();
        return verb.Create(name, description, isChange: true, async (run, cancellationToken) =>
        {
            string clientId = run.Parsed.GetRequiredValue(id);
            await PrintEditAsync(run, await run.Session.SendAsync(HttpMethod.Post, $"/client/{name}", [("client_id", clientId)], cancellationToken), clientId);
            return ExitCodes.Ok;
        }, id).WithExamples(example);
    }

    private static Command Secret(AdminVerb verb)
    {
        Argument<string> id = Id();
        return verb.Create("secret", "Gives a client that authenticates by a shared secret a new one, and shows it this once. The old one ends at once.", isChange: true, async (run, cancellationToken) =>
        {
            string clientId = run.Parsed.GetRequiredValue(id);
            await PrintEditAsync(run, await run.Session.SendAsync(HttpMethod.Post, "/client/secret", [("client_id", clientId)], cancellationToken), clientId);
            return ExitCodes.Ok;
        }, id).WithExamples(("holdfast clients secret legacy --json | jq -r .client_secret", "a new secret, straight into a vault"));
    }

    private static Command Offboard(AdminVerb verb)
    {
        (Argument<string> id, Option<bool> yes) = (Id(), Yes());
        return verb.Create("offboard", "Ends a client for good: keys, secret, grants and tokens. Shows what it was last used for.", isChange: true, async (run, cancellationToken) =>
        {
            string clientId = run.Parsed.GetRequiredValue(id);
            AdminAnswer known = await run.Session.SendAsync(HttpMethod.Get, "/client", [("client_id", clientId)], cancellationToken);
            run.Console.Error.WriteLine(TextTable.Plain($"holdfast: '{clientId}' was last used: {AdminText.LastUse(known.Body)}"));
            if (!run.Confirm($"Offboard '{clientId}' for good?", run.Parsed.GetValue(yes)))
                return ExitCodes.Failed;
            await PrintEditAsync(run, await run.Session.SendAsync(HttpMethod.Post, "/client/offboard", [("client_id", clientId)], cancellationToken), clientId);
            return ExitCodes.Ok;
        }, id, yes).WithExamples(
            ("holdfast clients offboard orders", "asks first"),
            ("holdfast clients offboard orders --yes", "in a script"));
    }

    private static Command Remove(AdminVerb verb)
    {
        (Argument<string> id, Option<bool> yes) = (Id(), Yes());
        return verb.Create("remove", "Removes what is left of an offboarded client. Its identifier is never used again.", isChange: true, async (run, cancellationToken) =>
        {
            string clientId = run.Parsed.GetRequiredValue(id);
            if (!run.Confirm($"Remove '{clientId}' and what is known about it?", run.Parsed.GetValue(yes)))
                return ExitCodes.Failed;
            await PrintEditAsync(run, await run.Session.SendAsync(HttpMethod.Delete, "/client", [("client_id", clientId)], cancellationToken), clientId);
            return ExitCodes.Ok;
        }, id, yes).WithExamples(("holdfast clients remove orders --yes", "after it was offboarded"));
    }
}
