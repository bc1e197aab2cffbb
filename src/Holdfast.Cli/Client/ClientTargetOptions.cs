using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Client;

/// <summary>The options that name issuer, client and resource: from a running <c>up</c>, or one by one.</summary>
internal sealed class ClientTargetOptions
{
    private const string ProofKeyName = "proof-key.pem";

    private readonly Option<string?> _up = new("--up") { Description = "Data directory or up.json of a running 'holdfast up' (default: .holdfast).", HelpName = "DIR|FILE" };
    private readonly Option<string?> _issuer = new("--issuer") { Description = "Issuer to get the token from, instead of 'holdfast up'.", HelpName = "URL" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client identifier at that issuer.", HelpName = "ID" };
    private readonly Option<string?> _key = new("--key") { Description = "Private key of the client: PKCS#8 PEM, readable by its owner only.", HelpName = "FILE" };
    private readonly Option<string?> _resource = new("--resource") { Description = "Resource to ask a token for (RFC 8707).", HelpName = "URL" };
    private readonly Option<string?> _scope = new("--scope") { Description = "Scope to ask for, separated by spaces.", HelpName = "S" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _up, _issuer, _clientId, _key, _resource, _scope })
            command.Options.Add(option);
    }

    /// <summary>What they say; all problems together.</summary>
    public ClientTarget Resolve(ParseResult parsed, CliConsole console)
    {
        string? issuer = parsed.GetValue(_issuer), clientId = parsed.GetValue(_clientId), key = parsed.GetValue(_key);
        string? scope = parsed.GetValue(_scope), resource = parsed.GetValue(_resource);
        if (issuer is null && clientId is null && key is null)
            return FromUp(parsed, console, resource, scope);

        List<string> problems = [];
        if (parsed.GetValue(_up) is not null)
            problems.Add("--up names everything already; leave out --issuer, --client-id and --key, or leave out --up.");
        if (issuer is null)
            problems.Add("--issuer is missing: --client-id and --key belong to an issuer.");
        else if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            problems.Add($"--issuer '{issuer}' is not an http or https URL.");
        if (clientId is null)
            problems.Add("--client-id is missing.");
        if (key is null)
            problems.Add("--key is missing.");
        else if (!File.Exists(console.FullPath(key)))
            problems.Add($"--key '{key}': there is no such file.");
        if (problems.Count > 0)
            throw new CliException(problems);
        return new ClientTarget { Issuer = issuer!, ClientId = clientId!, KeyFile = console.FullPath(key!), Resource = resource, Scope = scope };
    }

    private ClientTarget FromUp(ParseResult parsed, CliConsole console, string? resource, string? scope)
    {
        string? given = parsed.GetValue(_up);
        UpDocument up = UpFile.Read(console, given);
        return new ClientTarget
        {
            Issuer = up.Issuer,
            ClientId = up.ClientId,
            KeyFile = up.ClientKeyPem,
            Resource = resource ?? up.Resource,
            Scope = scope ?? up.Scope,
            ProofKeyFile = Path.Combine(Path.GetDirectoryName(up.ClientKeyPem)!, ProofKeyName),
            IsUp = true,
        };
    }
}
