using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Holdfast.Cli.Explain;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast explain</c>: why was this request refused?</summary>
internal static class ExplainCommand
{
    public static Command Create(CliConsole console)
    {
        var file = new Argument<string?>("FILE") { Description = "The capture: an HTTP message or JSON; '-' or nothing for standard input.", Arity = ArgumentArity.ZeroOrOne }.WithoutOptions();
        Option<string?> jwks = Text("--jwks", "FILE", "JWK Set with the keys of the issuer to trust.");
        Option<string?> issuer = Text("--issuer", "URL", "Issuer to trust; its keys are fetched unless --jwks gives them.");
        Option<string?> up = Text("--up", "DIR|FILE", "Trust and be the 'holdfast up' of this data directory or up.json.");
        Option<string?> audience = Text("--audience", "A", "Audience that the token must name.");
        Option<string?> origin = Text("--origin", "URL", "Public origin of the server, such as https://api.example.com.");
        Option<string?> nonceKey = Text("--nonce-key", "HEX", "The server's nonce key, to judge nonces too.");
        Option<string?> certificate = Text("--certificate", "FILE", "The client certificate of the connection, in PEM or DER.");
        Option<string?> forwarded = Text("--forwarded", "FORMAT", "Read the client certificate from the fields of the proxy that sent this: "
            + string.Join(", ", ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf)) + ".");
        Option<string?> forwardedField = Text("--forwarded-field", "NAME", "The field with the certificate, where it is not the format's own.");
        var xfccHops = new Option<int?>("--xfcc-hops") { Description = "For envoy-xfcc: how many Envoys stand in a row; 1 where not said.", HelpName = "N" };
        Option<string?> role = Text("--role", "resource|issuer", "Judge as a resource or as an issuer's token endpoint.");
        role.AcceptOnlyFromAmong("resource", "issuer");
        var at = new Option<DateTimeOffset?>("--at") { Description = "Judge at this time: ISO 8601, or seconds since 1970.", HelpName = "TIME", CustomParser = TimeOf };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("explain", "Walks a captured request through the checks: passed, failed here, expected, seen, likely cause, fix.")
            { file, jwks, issuer, up, audience, origin, nonceKey, certificate, forwarded, forwardedField, xfccHops, role, at, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(file), new ExplainRequest
        {
            JwksFile = parsed.GetValue(jwks),
            Issuer = parsed.GetValue(issuer),
            Up = parsed.GetValue(up),
            Audience = parsed.GetValue(audience),
            Origin = parsed.GetValue(origin),
            NonceKey = parsed.GetValue(nonceKey),
            CertificateFile = parsed.GetValue(certificate),
            Forwarded = parsed.GetValue(forwarded),
            ForwardedField = parsed.GetValue(forwardedField),
            XfccHops = parsed.GetValue(xfccHops),
            Role = parsed.GetValue(role) switch { "issuer" => VerifierRole.AuthorizationServer, "resource" => VerifierRole.ResourceServer, _ => null },
            At = parsed.GetValue(at),
        }, console, parsed.GetValue(json), cancellationToken));
        return command.WithExamples(
            ("holdfast explain request.txt", "a captured request to the 'holdfast up' of this directory"),
            ("holdfast explain request.txt --issuer https://id.example.com --audience https://api.example.com --origin https://api.example.com", "any other API"),
            ("holdfast explain request.txt --forwarded nginx", "a request as it arrived behind nginx, with the client certificate in its fields"),
            ("holdfast explain --json < vectors/htu/htu-path-case-differs.json", "a test vector, for a script"));
    }

    private static async Task<int> RunAsync(string? file, ExplainRequest asked, CliConsole console, bool isJson, CancellationToken cancellationToken)
    {
        // Somebody may be typing, and change his mind.
        ExplainCase input = await Task.Run(() => CaptureReader.Read(file, console), cancellationToken).WaitAsync(cancellationToken);
        VerifierRole role = asked.Role ?? input.Policy.Role ?? VerifierRole.ResourceServer;
        ExplainTrust trust = await ExplainTrust.ResolveAsync(input, asked, role, console, cancellationToken);
        (DateTimeOffset time, string source) = (asked.At, input.Time) switch
        {
            ({ } given, _) => (given, "--at"),
            (_, { } named) => (named, input.TimeSource ?? "the input"),
            _ => (console.Time.GetUtcNow(), "now; give --at for a request captured earlier"),
        };
        ExplainReport report = await new Explainer(input, trust, ExplainCertificates.Resolve(input, asked, console), role, time, asked.NonceKey).ExplainAsync(source, cancellationToken);
        if (isJson)
            await console.Out.WriteLineAsync(CliJson.Write(report, CliJson.Indented.ExplainReport));
        else
            ExplainText.Print(report, console);
        if (report.Accepted)
            return ExitCodes.Ok;
        // Nobody refused the token: it could not be judged.
        bool isUnjudged = trust.LacksKeys && string.Equals(report.Failure?.Name, FailureCatalog.Get(VerificationFailure.IssuerUnavailable).Name, StringComparison.Ordinal);
        if (isUnjudged && !isJson)
            await console.Error.WriteLineAsync("holdfast: not judged to the end, because no keys were given.");
        return isUnjudged ? ExitCodes.Unable : ExitCodes.Failed;
    }

    private static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    private static DateTimeOffset? TimeOf(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < 253_402_300_800)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
            return time;
        result.AddError($"--at '{text}' is neither a time such as 2026-01-31T12:00:00Z nor seconds since 1970.");
        return null;
    }
}
