using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Conformance;

namespace Holdfast.Cli.Client;

/// <summary>The options of <c>doctor</c>: what to examine and as whom, from a running <c>up</c> or one by one.</summary>
internal sealed class DoctorTargetOptions
{
    // What an API of Holdfast's own wants to see before it tells how a request reached it.
    private const string DiagnoseScope = "holdfast:diagnose";

    private readonly Argument<string?> _url = new Argument<string?>("URL") { Description = "What to call with GET, as clients call it (default: the orders of 'holdfast up').", Arity = ArgumentArity.ZeroOrOne }.WithoutOptions();
    private readonly Option<string?> _up = new("--up") { Description = "Data directory or up.json of a running 'holdfast up' (default: .holdfast).", HelpName = "DIR|FILE" };
    private readonly Option<string?> _issuer = new("--issuer") { Description = "Issuer to get tokens from, instead of 'holdfast up'.", HelpName = "URL" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client identifier at that issuer.", HelpName = "ID" };
    private readonly Option<string?> _key = new("--key") { Description = "Private key of the client: PEM. For everything about proofs.", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "Client certificate by which it authenticates: PEM. For everything about certificates.", HelpName = "FILE" };
    private readonly Option<string?> _certificateKey = new("--cert-key") { Description = "Private key of that certificate: PEM.", HelpName = "FILE" };
    private readonly Option<string?> _ca = new("--ca") { Description = "Certificate authority to trust for https, besides the system's: PEM.", HelpName = "FILE" };
    private readonly Option<string?> _resource = new("--resource") { Description = "Resource to ask tokens for (RFC 8707).", HelpName = "URL" };
    private readonly Option<string?> _scope = new("--scope") { Description = $"Scope to ask for; with {DiagnoseScope} an API of Holdfast's own tells what it saw.", HelpName = "S" };
    private readonly Option<string?> _proxy = new("--proxy") { Description = "The proxy that fixes are written for, where it does not tell its name.", HelpName = "NAME" };
    private readonly Option<string?> _browserOrigin = new("--browser-origin") { Description = "Origin of a browser application, to look at CORS: https://app.example.com.", HelpName = "URL" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _proxy.AcceptOnlyFromAmong([.. Enum.GetValues<ProxyKind>().Where(kind => kind != ProxyKind.Unknown).Select(NameOf)]);
        command.Arguments.Add(_url);
        foreach (Option option in new Option[]
        {
            _up, _issuer, _clientId, _key.NotEmpty(), _certificate.NotEmpty(), _certificateKey.NotEmpty(), _ca.NotEmpty(), _resource, _scope, _proxy, _browserOrigin,
        })
            command.Options.Add(option);
    }

    /// <summary>What they say; all problems together.</summary>
    public DoctorTarget Resolve(ParseResult parsed, CliConsole console)
    {
        List<string> problems = [];
        bool isUp = parsed.GetValue(_issuer) is null && parsed.GetValue(_clientId) is null && parsed.GetValue(_key) is null && parsed.GetValue(_certificate) is null;
        DoctorTarget target = isUp ? FromUp(UpFile.Read(console, parsed.GetValue(_up)), parsed) : OneByOne(parsed, console, problems);
        target = target with
        {
            Proxy = Enum.GetValues<ProxyKind>().FirstOrDefault(kind => string.Equals(NameOf(kind), parsed.GetValue(_proxy), StringComparison.Ordinal)),
            BrowserOrigin = parsed.GetValue(_browserOrigin),
        };
        if (!IsHttp(target.Url))
            problems.Add($"URL '{target.Url}' is not an http or https URL.");
        if (target.BrowserOrigin is { } origin && !IsHttp(origin))
            problems.Add($"--browser-origin '{origin}' is not an http or https origin.");
        return problems.Count == 0 ? target : throw new CliException(problems);
    }

    private DoctorTarget FromUp(UpDocument up, ParseResult parsed) => new()
    {
        Url = parsed.GetValue(_url) ?? (up.MtlsResource ?? up.Resource) + "/orders",
        Issuer = up.Issuer,
        ClientId = up.ClientId,
        ClientKeyPem = up.ClientKeyPem,
        MtlsClientId = up.MtlsClientId,
        CertificatePem = up.MtlsCertificatePem,
        CertificateKeyPem = up.MtlsKeyPem,
        CaPem = up.CaPem,
        Resource = parsed.GetValue(_resource) ?? up.Audience,
        Scope = parsed.GetValue(_scope) ?? $"{up.Scope} {DiagnoseScope}",
    };

    private DoctorTarget OneByOne(ParseResult parsed, CliConsole console, List<string> problems)
    {
        string? issuer = parsed.GetValue(_issuer), clientId = parsed.GetValue(_clientId);
        string? certificate = parsed.GetValue(_certificate), certificateKey = parsed.GetValue(_certificateKey), key = parsed.GetValue(_key);
        if (parsed.GetValue(_up) is not null)
            problems.Add("--up names everything already; leave it out, or --issuer, --client-id, --key and --cert.");
        if (parsed.GetValue(_url) is null)
            problems.Add("URL is missing.");
        if (issuer is null)
            problems.Add("--issuer is missing.");
        else if (!IsHttp(issuer))
            problems.Add($"--issuer '{issuer}' is not an http or https URL.");
        if (clientId is null)
            problems.Add("--client-id is missing.");
        if (key is null && certificate is null)
            problems.Add("--key is missing, or --cert and --cert-key.");
        if (certificate is null != certificateKey is null)
            problems.Add("--cert and --cert-key belong together; give both.");
        return new DoctorTarget
        {
            Url = parsed.GetValue(_url) ?? "https://missing.invalid/",
            Issuer = issuer ?? "",
            ClientId = clientId ?? "",
            ClientKeyPem = Existing("--key", key, console, problems),
            CertificatePem = Existing("--cert", certificate, console, problems),
            CertificateKeyPem = Existing("--cert-key", certificateKey, console, problems),
            CaPem = Existing("--ca", parsed.GetValue(_ca), console, problems),
            Resource = parsed.GetValue(_resource),
            Scope = parsed.GetValue(_scope),
        };
    }

    private static string? Existing(string option, string? path, CliConsole console, List<string> problems)
    {
        if (path is null)
            return null;
        if (!File.Exists(console.FullPath(path)))
            problems.Add($"{option} '{path}': there is no such file.");
        return console.FullPath(path);
    }

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    private static string NameOf(ProxyKind kind) => kind.ToString().ToLowerInvariant();
}
