using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Admin;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast issuer keys</c>: the keys that sign tokens.</summary>
internal static class IssuerCommand
{
    public static Command Create(CliConsole console) => new Command("issuer", "What belongs to the issuer itself.")
    {
        new Command("keys", "The keys that sign tokens: published before they sign, and until what they signed has expired.")
        {
            List(new AdminVerb(console)), Rotate(new AdminVerb(console)), Retire(new AdminVerb(console)),
        }.WithExamples(
            ("holdfast issuer keys list", "which key signs"),
            ("holdfast issuer keys rotate", "make the next one")),
    }.WithExamples(("holdfast issuer keys list", "which key signs"));

    private static Command List(AdminVerb verb) =>
        verb.Create("list", "Lists the signing keys, the newest first.", isChange: false, async (run, cancellationToken) =>
        {
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Get, "/issuer-keys", [], cancellationToken);
            await run.PrintAsync(answer.Body, () => TextTable.Print(run.Console, ["kid", "alg", "state", "signs from", "stopped", "gone from"], answer.Body["keys"]!.AsArray().Select(Row)));
            return ExitCodes.Ok;
        }).WithExamples(("holdfast issuer keys list --json", "for a script"));

    private static Command Rotate(AdminVerb verb) =>
        verb.Create("rotate", "Makes a new signing key and publishes it; it signs once every verifier can have read it.", isChange: true, async (run, cancellationToken) =>
        {
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Post, "/issuer-keys/rotate", [], cancellationToken);
            await run.PrintAsync(answer.Body, () => run.Console.Out.WriteLine($"Key {AdminText.Of(answer.Body["key"]?["kid"])} is published, and signs from {AdminText.Time(answer.Body["key"]?["active_from"])}."));
            return ExitCodes.Ok;
        }).WithExamples(("holdfast issuer keys rotate", "ahead of schedule"));

    private static Command Retire(AdminVerb verb)
    {
        var kid = new Argument<string>("KID") { Description = "The key." }.WithoutOptions();
        var immediately = new Option<bool>("--immediately") { Description = "It is known to somebody else: take it out at once, and with it everything it signed." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking." };
        return verb.Create("retire", "Ends a signing key: it signs no more, and is published until what it signed has expired.", isChange: true, async (run, cancellationToken) =>
        {
            string key = run.Parsed.GetRequiredValue(kid);
            bool isEmergency = run.Parsed.GetValue(immediately);
            if (isEmergency && !run.Confirm($"Take out '{key}' at once? Every token that it signed is refused from then on.", run.Parsed.GetValue(yes)))
                return ExitCodes.Failed;
            AdminAnswer answer = await run.Session.SendAsync(HttpMethod.Post, "/issuer-keys/retire", [("kid", key), ("immediately", isEmergency ? "true" : null)], cancellationToken);
            await run.PrintAsync(answer.Body, () => run.Console.Out.WriteLine($"Key {key} is {AdminText.Of(answer.Body["key"]?["state"])}."));
            return ExitCodes.Ok;
        }, kid, immediately, yes).WithExamples(
            ("holdfast issuer keys retire 9sQ2…", "let it run out"),
            ("holdfast issuer keys retire 9sQ2… --immediately --yes", "it was stolen"));
    }

    private static string[] Row(JsonNode? key) =>
    [
        AdminText.Of(key!["kid"]), AdminText.Of(key["alg"]), AdminText.Of(key["state"]), AdminText.Time(key["active_from"]), AdminText.Time(key["retiring_since"]), AdminText.Time(key["retired_from"]),
    ];
}
