using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Client;

namespace Holdfast.Cli.Client;

/// <summary>The options about certificates: the client's own, those to trust, and what the token is bound to.</summary>
internal sealed class CertificateOptions
{
    private readonly Option<string?> _certificate = new("--cert") { Description = "Client certificate to present, the chain to send behind it: PEM.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--cert-key") { Description = "Private key of that certificate: PEM, readable by its owner only.", HelpName = "FILE" };
    private readonly Option<string?> _ca = new("--ca") { Description = "Certificate authorities to trust for https, besides the system's: PEM.", HelpName = "FILE" };
    private readonly Option<string?> _binding = new("--binding") { Description = "What the token is bound to: dpop, certificate or both (default: the certificate where there is one).", HelpName = "BINDING" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _binding.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } value }] && Read(value) is null)
                result.AddError($"--binding '{value}' is none of dpop, certificate and both.");
        });
        foreach (Option option in new Option[] { _certificate.NotEmpty(), _key.NotEmpty(), _ca.NotEmpty(), _binding })
            command.Options.Add(option);
    }

    /// <summary>Whether the client's own certificate is among them.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_certificate) is not null || parsed.GetValue(_key) is not null;

    /// <summary>The target with what they say.</summary>
    public ClientTarget Apply(ClientTarget target, ParseResult parsed, CliConsole console, List<string> problems)
    {
        string? certificate = parsed.GetValue(_certificate), key = parsed.GetValue(_key), ca = parsed.GetValue(_ca);
        foreach ((string option, string? path) in new[] { ("--cert", certificate), ("--cert-key", key), ("--ca", ca) })
        {
            if (path is not null && !File.Exists(console.FullPath(path)))
                problems.Add($"{option} '{path}': there is no such file.");
        }
        if (certificate is null != key is null)
            problems.Add("--cert and --cert-key belong together; give both.");
        bool hasCertificate = certificate is not null || target.CertificateFile is not null;
        TokenBinding? binding = parsed.GetValue(_binding) is { } text ? Read(text) : null;
        if (binding is TokenBinding.Certificate or TokenBinding.Both && !hasCertificate)
            problems.Add($"--binding {parsed.GetValue(_binding)} needs a certificate: give --cert and --cert-key.");
        return target with
        {
            CertificateFile = certificate is null ? target.CertificateFile : console.FullPath(certificate),
            CertificateKeyFile = key is null ? target.CertificateKeyFile : console.FullPath(key),
            CaFile = ca is null ? target.CaFile : console.FullPath(ca),
            Binding = binding ?? (hasCertificate ? TokenBinding.Certificate : TokenBinding.DPoP),
        };
    }

    private static TokenBinding? Read(string text) => text switch
    {
        "dpop" => TokenBinding.DPoP,
        "certificate" => TokenBinding.Certificate,
        "both" => TokenBinding.Both,
        _ => null,
    };
}
