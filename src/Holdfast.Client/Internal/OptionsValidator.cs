using Holdfast.Client.Keys;
using Microsoft.Extensions.Options;

namespace Holdfast.Client.Internal;

/// <summary>Says everything that is wrong at once.</summary>
internal sealed class OptionsValidator : IValidateOptions<HoldfastClientOptions>
{
    private const int MaxBuffer = 64 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, HoldfastClientOptions options)
    {
        var problems = new List<string>();
        problems.AddRange(options.ConfigurationProblems);
        if (string.IsNullOrEmpty(options.Issuer))
            problems.Add("Issuer is not set.");
        // AT-50, RFC 8414 §2: the issuer is https without query or fragment; http only on this machine.
        else if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out Uri? issuer) || !Origins.IsHttp(issuer)
            || options.Issuer.AsSpan().IndexOfAny("?#@ ") >= 0)
            problems.Add("Issuer is not an https URL without user, query and fragment.");
        else if (!Origins.IsProtected(issuer) && !options.DangerouslyAllowHttp)
            problems.Add("Issuer is http on another machine; use https.");
        if (string.IsNullOrEmpty(options.ClientId))
            problems.Add("ClientId is not set.");
        // RFC 8707 §2: an absolute URI without fragment.
        if (options.Resource is not null && (!Uri.TryCreate(options.Resource, UriKind.Absolute, out _) || options.Resource.Contains('#')))
            problems.Add("Resource is not an absolute URI without fragment.");
        if (options.Scope is not null && (options.Scope.Length == 0 || options.Scope.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            problems.Add("Scope is not a list of names separated by spaces.");
        ValidateKeys(options, problems);
        ValidateCertificate(options, problems);
        if (options.MaxBufferedContentBytes is < 0 or > MaxBuffer)
            problems.Add($"MaxBufferedContentBytes is not between 0 and {MaxBuffer}.");
        return problems.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems.Select(problem => $"Holdfast client '{name}': {problem}"));
    }

    private static void ValidateKeys(HoldfastClientOptions options, List<string> problems)
    {
        int credentials = (options.ClientKeyFile is null ? 0 : 1) + (options.ClientKey is null ? 0 : 1) + (options.ClientSecret is null ? 0 : 1);
        // MTLS-31, RFC 8705 §2, §3: without a key or a secret the certificate authenticates the client; beside one of them it only binds.
        if (credentials > 1)
            problems.Add("Set only one of ClientKeyFile, ClientKey and ClientSecret.");
        else if (credentials == 0 && !ClientConfig.HasCertificateIn(options) && options.ClientCertificateKeyFile is null)
            problems.Add("Set ClientKeyFile, ClientKey, ClientSecret or a client certificate.");
        if (options.ClientKeyFile is not null && !File.Exists(options.ClientKeyFile))
            problems.Add($"ClientKeyFile '{options.ClientKeyFile}' does not exist.");
        if (options.ClientKeyId is { Length: 0 })
            problems.Add("ClientKeyId is empty.");
        if (options.ClientSecret is { Length: 0 })
            problems.Add("ClientSecret is empty.");
        if (options.ProofKeyFile is { Length: 0 })
            problems.Add("ProofKeyFile is empty.");
        bool hasProofKey = options.ProofKeyFile is not null || options.ProofKey is not null;
        bool needsProofKey = ClientConfig.BindingOf(options) is not TokenBinding.Certificate;
        if (options.ProofKeyFile is not null && options.ProofKey is not null)
            problems.Add("Set only one of ProofKeyFile and ProofKey.");
        else if (hasProofKey && !needsProofKey)
            problems.Add("Tokens are bound to the certificate, without a proof key; set Binding to DPoP or Both, or leave ProofKeyFile and ProofKey out.");
        else if (needsProofKey && !hasProofKey && KeyFile.DefaultDirectory is null)
            problems.Add("This account has no folder for application data; set ProofKeyFile.");
    }

    private static void ValidateCertificate(HoldfastClientOptions options, List<string> problems)
    {
        int certificates = (options.ClientCertificate is null ? 0 : 1) + (options.ClientCertificateFile is null ? 0 : 1)
            + (options.ClientCertificateSource is null ? 0 : 1);
        if (certificates > 1)
            problems.Add("Set only one of ClientCertificate, ClientCertificateFile and ClientCertificateSource.");
        if (options.ClientCertificate is { HasPrivateKey: false })
            problems.Add("ClientCertificate has no private key.");
        if (options.ClientCertificateFile is not null && !File.Exists(options.ClientCertificateFile))
            problems.Add($"ClientCertificateFile '{options.ClientCertificateFile}' does not exist.");
        if (options.ClientCertificateKeyFile is not null && !File.Exists(options.ClientCertificateKeyFile))
            problems.Add($"ClientCertificateKeyFile '{options.ClientCertificateKeyFile}' does not exist.");
        if (options.ClientCertificateFile is null != options.ClientCertificateKeyFile is null)
            problems.Add("ClientCertificateFile and ClientCertificateKeyFile belong together; set both.");
        if (options.Binding is { } binding && !Enum.IsDefined(binding))
            problems.Add("Binding is none of DPoP, Certificate and Both.");
        else if (options.Binding is TokenBinding.Certificate or TokenBinding.Both && certificates == 0)
            problems.Add($"Binding is {options.Binding}, and there is no client certificate.");
    }
}
