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
        if (options.MaxBufferedContentBytes is < 0 or > MaxBuffer)
            problems.Add($"MaxBufferedContentBytes is not between 0 and {MaxBuffer}.");
        return problems.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems.Select(problem => $"Holdfast client '{name}': {problem}"));
    }

    private static void ValidateKeys(HoldfastClientOptions options, List<string> problems)
    {
        int credentials = (options.ClientKeyFile is null ? 0 : 1) + (options.ClientKey is null ? 0 : 1) + (options.ClientSecret is null ? 0 : 1);
        if (credentials != 1)
            problems.Add("Set exactly one of ClientKeyFile, ClientKey and ClientSecret.");
        if (options.ClientKeyFile is not null && !File.Exists(options.ClientKeyFile))
            problems.Add($"ClientKeyFile '{options.ClientKeyFile}' does not exist.");
        if (options.ClientKeyId is { Length: 0 })
            problems.Add("ClientKeyId is empty.");
        if (options.ClientSecret is { Length: 0 })
            problems.Add("ClientSecret is empty.");
        if (options.ProofKeyFile is { Length: 0 })
            problems.Add("ProofKeyFile is empty.");
        if (options.ProofKeyFile is not null && options.ProofKey is not null)
            problems.Add("Set only one of ProofKeyFile and ProofKey.");
        else if (options.ProofKeyFile is null && options.ProofKey is null && KeyFile.DefaultDirectory is null)
            problems.Add("This account has no folder for application data; set ProofKeyFile.");
    }
}
