using System.CommandLine;
using Holdfast.Cli.Client;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Client;

namespace Holdfast.Cli.Admin;

/// <summary>The options that name the admin API and who asks it: from a running <c>up</c>, or one by one.</summary>
internal sealed class AdminTargetOptions
{
    private const string ProofKeyName = "admin-proof-key.pem";

    private readonly Option<string?> _up = new("--up") { Description = "Data directory or up.json of a running 'holdfast up' (default: .holdfast).", HelpName = "DIR|FILE" };
    private readonly Option<string?> _issuer = new("--issuer") { Description = "Issuer whose registry it is, instead of 'holdfast up'.", HelpName = "URL" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client identifier of the administrator.", HelpName = "ID" };
    private readonly Option<string?> _key = new("--key") { Description = "Private key of the administrator: PKCS#8 PEM, readable by its owner only.", HelpName = "FILE" };
    private readonly Option<string?> _admin = new("--admin") { Description = "Admin API, which is the resource of its tokens too (default: the issuer, and /admin after it).", HelpName = "URL" };
    private readonly CertificateOptions _certificate = new();

    /// <summary>Prints one JSON object.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { Json, _up, _issuer.NotEmpty(), _clientId.NotEmpty(), _key.NotEmpty(), _admin.NotEmpty() })
            command.Options.Add(option);
        _certificate.AddTo(command);
    }

    /// <summary>What they say; all problems together.</summary>
    public ClientTarget Resolve(ParseResult parsed, CliConsole console)
    {
        List<string> problems = [];
        bool isUp = parsed.GetValue(_issuer) is null && parsed.GetValue(_clientId) is null && parsed.GetValue(_key) is null;
        UpDocument? up = isUp ? UpFile.Read(console, parsed.GetValue(_up)) : null;
        ClientTarget target = up is null ? OneByOne(parsed, console, problems) : FromUp(up, parsed, problems);
        target = _certificate.Apply(target, parsed, console, problems);
        if (problems.Count > 0)
            throw new CliException(problems);
        return up is not null && target.Binding is not TokenBinding.Certificate
            ? target with { ProofKeyFile = Path.Combine(Path.GetDirectoryName(up.ClientKeyPem)!, ProofKeyName) }
            : target;
    }

    private ClientTarget FromUp(UpDocument up, ParseResult parsed, List<string> problems)
    {
        if (up is not { Admin: { } admin, AdminClientId: { } clientId, AdminKeyPem: { } key })
        {
            problems.Add("This 'holdfast up' has no admin API; start it again with this version.");
            return new ClientTarget { Issuer = up.Issuer, ClientId = "" };
        }
        string address = parsed.GetValue(_admin) ?? admin;
        return new ClientTarget { Issuer = up.Issuer, ClientId = clientId, KeyFile = key, Resource = address, BaseUrl = address, CaFile = up.CaPem, IsUp = true };
    }

    private ClientTarget OneByOne(ParseResult parsed, CliConsole console, List<string> problems)
    {
        string? issuer = parsed.GetValue(_issuer), clientId = parsed.GetValue(_clientId), key = parsed.GetValue(_key);
        if (parsed.GetValue(_up) is not null)
            problems.Add("--up names everything already; leave it out, or --issuer, --client-id and --key.");
        if (issuer is null)
            problems.Add("--issuer is missing: --client-id and --key belong to an issuer.");
        else if (!IsHttp(issuer))
            problems.Add($"--issuer '{issuer}' is not an http or https URL.");
        if (clientId is null)
            problems.Add("--client-id is missing.");
        if (key is null && !_certificate.IsGiven(parsed))
            problems.Add("--key is missing, or --cert and --cert-key.");
        else if (key is not null && !File.Exists(console.FullPath(key)))
            problems.Add($"--key '{key}': there is no such file.");
        string address = parsed.GetValue(_admin) ?? $"{issuer?.TrimEnd('/')}/admin";
        if (parsed.GetValue(_admin) is not null && !IsHttp(address))
            problems.Add($"--admin '{address}' is not an http or https URL.");
        return new ClientTarget { Issuer = issuer ?? "", ClientId = clientId ?? "", KeyFile = key is null ? null : console.FullPath(key), Resource = address, BaseUrl = address };
    }

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;
}
