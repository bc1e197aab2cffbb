using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Client.Internal;

/// <summary>Reads <c>Holdfast:Clients:NAME</c> without reflection. A setting that does not exist is a problem, not a silence.</summary>
internal sealed class ConfigurationReader(IServiceProvider services) : IConfigureNamedOptions<HoldfastClientOptions>
{
    public void Configure(HoldfastClientOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HoldfastClientOptions options)
    {
        if (string.IsNullOrEmpty(name) || services.GetService<IConfiguration>() is not { } configuration)
            return;
        foreach (IConfigurationSection setting in configuration.GetSection($"{HoldfastClientOptions.Section}:{name}").GetChildren())
        {
            if (!Apply(options, setting.Key, setting.Value))
                options.ConfigurationProblems.Add($"The setting '{setting.Path}' does not exist or has a value that cannot be read.");
        }
    }

    private static bool Apply(HoldfastClientOptions options, string key, string? value)
    {
        switch (key.ToUpperInvariant())
        {
            case "ISSUER": options.Issuer = value; return true;
            case "CLIENTID": options.ClientId = value; return true;
            case "RESOURCE": options.Resource = value; return true;
            case "SCOPE": options.Scope = value; return true;
            case "CLIENTKEYFILE": options.ClientKeyFile = value; return true;
            case "CLIENTKEYID": options.ClientKeyId = value; return true;
            case "CLIENTCERTIFICATEFILE": options.ClientCertificateFile = value; return true;
            case "CLIENTCERTIFICATEKEYFILE": options.ClientCertificateKeyFile = value; return true;
            case "BINDING" when BindingOf(value) is { } binding: options.Binding = binding; return true;
            case "CLIENTSECRET": options.ClientSecret = value; return true;
            case "PROOFKEYFILE": options.ProofKeyFile = value; return true;
            case "MAXBUFFEREDCONTENTBYTES" when int.TryParse(value, out int bytes): options.MaxBufferedContentBytes = bytes; return true;
            case "DANGEROUSLYALLOWHTTP" when bool.TryParse(value, out bool allow): options.DangerouslyAllowHttp = allow; return true;
            default: return false;
        }
    }

    // By name alone: Enum.TryParse would take numbers and lists.
    private static TokenBinding? BindingOf(string? value) => value?.ToUpperInvariant() switch
    {
        "DPOP" => TokenBinding.DPoP,
        "CERTIFICATE" => TokenBinding.Certificate,
        "BOTH" => TokenBinding.Both,
        _ => null,
    };
}
