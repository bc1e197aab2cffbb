using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Validates the options when the host starts and reports every problem at once, each by the name of its setting.</summary>
internal sealed class HoldfastOptionsValidator(IOptions<ForwardedHeadersOptions> forwarded, HoldfastSchemes schemes) : IValidateOptions<HoldfastOptions>
{
    public ValidateOptionsResult Validate(string? name, HoldfastOptions options)
    {
        List<string> problems = [];
        bool isForeign = name is not null && schemes.Foreign.Contains(name);
        if (!isForeign)
            CheckIssuer(options, problems);
        if (!isForeign && string.IsNullOrWhiteSpace(options.Audience))
            problems.Add("Audience: missing; set it to the audience that tokens for this API name, for example https://api.example.com.");
        CheckTargets(options, problems);
        CheckAlgorithms(nameof(options.Algorithms), options.Algorithms ?? [.. DPoPAlgorithms.Default], DPoPAlgorithms.Implemented, problems);
        CheckAlgorithms(nameof(options.TokenAlgorithms), options.TokenAlgorithms ?? [.. JwtAccessTokenPolicy.DefaultAlgorithms],
            JwtAccessTokenPolicy.ImplementedAlgorithms, problems);
        CheckModes(options, problems);
        CheckNumbers(options, problems);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckIssuer(HoldfastOptions options, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(options.Issuer))
        {
            problems.Add("Issuer: missing; set it to the authorization server's issuer, for example https://login.example.com.");
            return;
        }
        // AT-50, RFC 8414 §2: the issuer is an https URL without query and fragment.
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out Uri? uri) || uri.UserInfo.Length > 0 || options.Issuer.AsSpan().ContainsAny('?', '#'))
            problems.Add($"Issuer: '{options.Issuer}' is not an absolute URL without user, query and fragment.");
        else if (!HttpsRule.Allows(uri, options.DangerouslyAllowHttp))
            problems.Add($"Issuer: '{options.Issuer}' is not https; http is accepted on loopback, elsewhere only with DangerouslyAllowHttp.");
    }

    private void CheckTargets(HoldfastOptions options, List<string> problems)
    {
        foreach (PublicOrigin origin in options.PublicOrigins)
        {
            if (!PublicOrigin.TrySplit(origin.Url, out _, out _) || !Uri.TryCreate(origin.Url, UriKind.Absolute, out Uri? uri))
                problems.Add($"PublicOrigins: '{origin.Url}' is not an absolute http(s) URL without user, query and fragment.");
            else if (!HttpsRule.Allows(uri, options.DangerouslyAllowHttp))
                problems.Add($"PublicOrigins: '{origin.Url}' is not https; http is accepted on loopback, elsewhere only with DangerouslyAllowHttp.");
            if (origin.StripPrefix is { } prefix && !(prefix.Length > 1 && prefix[0] == '/' && prefix[^1] != '/'))
                problems.Add($"PublicOrigins: the prefix to strip '{prefix}' must start with a slash and not end with one.");
        }
        bool isUrl = PublicOrigin.TrySplit(options.Audience, out string root, out _);
        if (options.PublicOrigins.Count == 0 && isUrl && !HttpsRule.Allows(new Uri(root), options.DangerouslyAllowHttp))
            problems.Add($"Audience: '{options.Audience}' is not https, and its origin is the public origin; set PublicOrigins, or https, or DangerouslyAllowHttp.");
        if (options.PublicOrigins.Count == 0 && !options.UseForwardedHeaders && !isUrl)
            problems.Add("PublicOrigins: missing; Audience is not one http(s) URL, so the public URL of this API cannot be told. "
                + "Set PublicOrigins to the base URLs that clients call.");
        if (options.UseForwardedHeaders)
            CheckForwarded(forwarded.Value, problems);
    }

    // DPOP-V-21: forwarded fields count only from proxies that are known, and only for hosts that were named.
    private static void CheckForwarded(ForwardedHeadersOptions options, List<string> problems)
    {
        if (options.ForwardedHeaders == ForwardedHeaders.None)
            problems.Add("UseForwardedHeaders: ForwardedHeadersOptions.ForwardedHeaders is None, so no forwarded header is read.");
        if (options.KnownProxies.Count == 0 && options.KnownIPNetworks.Count == 0)
            problems.Add("UseForwardedHeaders: ForwardedHeadersOptions trusts every sender; name your proxies in KnownProxies or KnownIPNetworks.");
        if (options.AllowedHosts.Count == 0)
            problems.Add("UseForwardedHeaders: ForwardedHeadersOptions.AllowedHosts is empty; name the public hosts of this API.");
        foreach (string host in options.AllowedHosts)
        {
            if (host.Contains('*', StringComparison.Ordinal))
                problems.Add($"UseForwardedHeaders: ForwardedHeadersOptions.AllowedHosts has the wildcard '{host}'; name each public host.");
        }
    }

    private static void CheckAlgorithms(string setting, IList<string> chosen, IReadOnlyList<string> implemented, List<string> problems)
    {
        if (chosen.Count == 0)
            problems.Add($"{setting}: empty; nothing could be accepted.");
        foreach (string algorithm in chosen)
        {
            if (!implemented.Contains(algorithm, StringComparer.Ordinal))
                problems.Add($"{setting}: '{algorithm}' is not implemented; choose from {string.Join(", ", implemented)}.");
        }
    }

    private static void CheckModes(HoldfastOptions options, List<string> problems)
    {
        if (!Enum.IsDefined(options.Mode))
            problems.Add($"Mode: {(int)options.Mode} is neither Require nor Observe.");
        if (options.NonceMode is { } mode && !Enum.IsDefined(mode))
            problems.Add($"NonceMode: {(int)mode} is none of Always, OnDemand, Off.");
        foreach (SenderConstraintExemption exemption in options.Exemptions)
        {
            if (string.IsNullOrWhiteSpace(exemption.Name) || string.IsNullOrWhiteSpace(exemption.ClientId) || exemption.Until == default)
                problems.Add($"Exemptions: '{exemption.Name}' needs a name, a client and an end date.");
        }
    }

    private static void CheckNumbers(HoldfastOptions options, List<string> problems)
    {
        if (options.Replicas < 1)
            problems.Add("Replicas: must be at least 1.");
        if (options.SingleInstance && options.Replicas > 1)
            problems.Add($"Replicas: {options.Replicas} processes are no single instance; take SingleInstance back, or Replicas.");
        if (options.ReplayCapacity < 1)
            problems.Add("ReplayCapacity: must be at least 1.");
        if (options.ReplayQuotaPerKey is < 1)
            problems.Add("ReplayQuotaPerKey: must be at least 1.");
        // The cache works in two halves.
        if (options.TokenCacheCapacity < 2)
            problems.Add("TokenCacheCapacity: must be at least 2.");
        if (options.TokenClockSkew < TimeSpan.Zero || options.TokenClockSkew > TimeSpan.FromMinutes(5))
            problems.Add("TokenClockSkew: must lie between zero and five minutes.");
        if (options.JwksRefreshInterval < TimeSpan.FromMinutes(1) || options.JwksRefreshInterval > TimeSpan.FromDays(1))
            problems.Add("JwksRefreshInterval: must lie between one minute and one day.");
        if (options.UnknownKeyRefreshInterval < TimeSpan.FromSeconds(1) || options.UnknownKeyRefreshInterval > TimeSpan.FromDays(1))
            problems.Add("UnknownKeyRefreshInterval: must lie between one second and one day.");
    }
}
