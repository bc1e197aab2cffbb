using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Client;
using Holdfast.Cli.Output;
using Holdfast.Client;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast token</c>: gets one, and shows what it says without showing it.</summary>
internal static class TokenCommand
{
    public static Command Create(CliConsole console)
    {
        var target = new ClientTargetOptions();
        var raw = new Option<bool>("--raw") { Description = "Print the token itself. Whoever has the key or certificate too can use it." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("token", "Gets a bound token and prints its decoded claims; never the token unless --raw.") { raw, json };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(target.Resolve(parsed, console), console, parsed.GetValue(raw), parsed.GetValue(json), cancellationToken));
        return command.WithExamples(
            ("holdfast token", "from the 'holdfast up' that runs in this directory"),
            ("holdfast token --scope orders:read --json", "ask for less, for a script"),
            ("holdfast token --issuer https://id.example.com --client-id orders --key orders.pem --resource https://api.example.com", "from another issuer"),
            ("holdfast token --issuer https://id.example.com --client-id orders --cert orders.crt --cert-key orders.key", "by certificate, and bound to it"));
    }

    private static async Task<int> RunAsync(ClientTarget target, CliConsole console, bool isRaw, bool isJson, CancellationToken cancellationToken)
    {
        await using ClientSession session = ClientSession.Open(target, console);
        HoldfastToken token;
        try
        {
            token = await session.GetTokenAsync(cancellationToken);
        }
        catch (TokenRefusedException refusal)
        {
            await console.Error.WriteLineAsync($"holdfast: {refusal.Message}");
            return ExitCodes.Failed;
        }
        TokenReport report = Report(token, isRaw, console);
        if (isJson)
            await console.Out.WriteLineAsync(CliJson.Write(report, CliJson.Indented.TokenReport));
        else if (isRaw)
            await console.Out.WriteLineAsync(token.AccessToken);
        else
            await PrintAsync(report, target, console.Out);
        if (report.Cnf.Missing(TokenConfirmation.Asked(token)) is not { } missing)
            return ExitCodes.Ok;
        // MTLS-30: no client can see this, only whoever may look into the token; an issuer's promise is about what it can do, not about this client.
        await console.Error.WriteLineAsync($"holdfast: the token is not bound to {missing}, although that was asked for. "
            + "Have the issuer bind this client's tokens: register it with tls_client_certificate_bound_access_tokens, dpop_bound_access_tokens, or both.");
        return ExitCodes.Failed;
    }

    private static TokenReport Report(HoldfastToken token, bool isRaw, CliConsole console)
    {
        (JsonObject Header, JsonObject Claims)? decoded = JwtText.Decode(token.AccessToken);
        return new TokenReport
        {
            TokenType = token.TokenType,
            ExpiresAt = token.ExpiresAt,
            ExpiresIn = (long)(token.ExpiresAt - console.Time.GetUtcNow()).TotalSeconds,
            Scope = token.Scope,
            Cnf = decoded is { } jwt ? TokenConfirmation.Of(jwt.Claims) : TokenConfirmation.Asked(token),
            Header = decoded?.Header,
            Claims = decoded?.Claims,
            AccessToken = isRaw ? token.AccessToken : null,
        };
    }

    private static async Task PrintAsync(TokenReport report, ClientTarget target, TextWriter output)
    {
        await output.WriteLineAsync($"A {report.TokenType} token for {target.Resource ?? target.ClientId}, {report.ExpiresIn} s to go, "
            + (report.Cnf is { Jkt: null, X5tS256: null } ? "bound to nothing: whoever has it can use it" : $"worth nothing without {report.Cnf}"));
        await PrintAsync("header", report.Header, output);
        await PrintAsync("claims", report.Claims, output);
        if (report.Claims is null)
            await output.WriteLineAsync("It is opaque: only its issuer can read it.");
    }

    private static async Task PrintAsync(string title, JsonObject? members, TextWriter output)
    {
        if (members is null)
            return;
        await output.WriteLineAsync();
        await output.WriteLineAsync(title);
        foreach ((string name, JsonNode? value) in members)
        {
            string text = value is JsonValue scalar && scalar.TryGetValue(out string? plain) ? plain : value?.ToJsonString() ?? "null";
            string meaning = JwtText.Describe(name, value) is { } time ? $"  ({time})" : "";
            await output.WriteLineAsync($"  {name,-10} {text}{meaning}");
        }
    }
}
