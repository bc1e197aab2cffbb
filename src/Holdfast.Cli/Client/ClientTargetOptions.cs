using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Client;

namespace Holdfast.Cli.Client;

/// <summary>The options that name issuer, client and resource: from a running <c>up</c>, or one by one.</summary>
internal sealed class ClientTargetOptions
{
    private const string ProofKeyName = "proof-key.pem";

    private readonly Option<string?> _up = new("--up") { Description = "Data directory or up.json of a running 'holdfast up' (default: .holdfast).", HelpName = "DIR|FILE" };
    private readonly Option<bool> _mtls = new("--mtls") { Description = "As the client of 'holdfast up' that has a certificate, at its API over https." };
    private readonly Option<string?> _issuer = new("--issuer") { Description = "Issuer to get the token from, instead of 'holdfast up'.", HelpName = "URL" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client identifier at that issuer.", HelpName = "ID" };
    private readonly Option<string?> _key = new("--key") { Description = "Private key of the client: PKCS#8 PEM, readable by its owner only.", HelpName = "FILE" };
    private readonly Option<string?> _resource = new("--resource") { Description = "Resource to ask a token for (RFC 8707).", HelpName = "URL" };
    private readonly Option<string?> _scope = new("--scope") { Description = "Scope to ask for, separated by spaces.", HelpName = "S" };
    private readonly CertificateOptions _certificate = new();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _up, _mtls, _issuer, _clientId, _key, _resource, _scope })
            command.Options.Add(option);
        _certificate.AddTo(command);
    }

    /// <summary>What they say; all problems together.</summary>
    public ClientTarget Resolve(ParseResult parsed, CliConsole console)
    {
        List<string> problems = [];
        bool isUp = parsed.GetValue(_issuer) is null && parsed.GetValue(_clientId) is null && parsed.GetValue(_key) is null;
        UpDocument? up = isUp ? UpFile.Read(console, parsed.GetValue(_up)) : null;
        ClientTarget target = up is null ? OneByOne(parsed, console, problems)
            : parsed.GetValue(_mtls) ? FromUpWithCertificate(up, parsed, problems)
            : FromUp(up, parsed);
        target = _certificate.Apply(target, parsed, console, problems);
        if (problems.Count > 0)
            throw new CliException(problems);
        return up is not null && target.Binding is not TokenBinding.Certificate
            ? target with { ProofKeyFile = Path.Combine(Path.GetDirectoryName(up.ClientKeyPem)!, ProofKeyName) }
            : target;
    }

    private ClientTarget OneByOne(ParseResult parsed, CliConsole console, List<string> problems)
    {
        string? issuer = parsed.GetValue(_issuer), clientId = parsed.GetValue(_clientId), key = parsed.GetValue(_key), resource = parsed.GetValue(_resource);
        if (parsed.GetValue(_up) is not null || parsed.GetValue(_mtls))
            problems.Add("--up and --mtls name everything already; leave out --issuer, --client-id and --key, or leave them out.");
        if (issuer is null)
            problems.Add("--issuer is missing: --client-id and --key belong to an issuer.");
        else if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            problems.Add($"--issuer '{issuer}' is not an http or https URL.");
        if (clientId is null)
            problems.Add("--client-id is missing.");
        if (key is null && !_certificate.IsGiven(parsed))
            problems.Add("--key is missing, or --cert and --cert-key.");
        else if (key is not null && !File.Exists(console.FullPath(key)))
            problems.Add($"--key '{key}': there is no such file.");
        return new ClientTarget
        {
            Issuer = issuer ?? "",
            ClientId = clientId ?? "",
            KeyFile = key is null ? null : console.FullPath(key),
            Resource = resource,
            BaseUrl = resource,
            Scope = parsed.GetValue(_scope),
        };
    }

    private ClientTarget FromUp(UpDocument up, ParseResult parsed)
    {
        string resource = parsed.GetValue(_resource) ?? up.Resource;
        return new ClientTarget
        {
            Issuer = up.Issuer,
            ClientId = up.ClientId,
            KeyFile = up.ClientKeyPem,
            Resource = resource,
            BaseUrl = resource,
            Scope = parsed.GetValue(_scope) ?? up.Scope,
            CaFile = up.CaPem,
            IsUp = true,
        };
    }

    private ClientTarget FromUpWithCertificate(UpDocument up, ParseResult parsed, List<string> problems)
    {
        ClientTarget target = FromUp(up, parsed);
        if (up is not { MtlsClientId: { } clientId, MtlsCertificatePem: { } certificate, MtlsKeyPem: { } key, MtlsResource: { } address })
        {
            problems.Add("This 'holdfast up' has no client with a certificate; start it again with this version.");
            return target;
        }
        if (_certificate.IsGiven(parsed))
            problems.Add("--mtls names a certificate already; leave it out, or --cert and --cert-key.");
        return target with
        {
            ClientId = clientId,
            KeyFile = null,
            CertificateFile = certificate,
            CertificateKeyFile = key,
            // The token is for the same resource; only the address is another one, where certificates are asked for.
            BaseUrl = parsed.GetValue(_resource) ?? address,
        };
    }
}
