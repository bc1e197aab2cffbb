using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Validates the options when the host starts and reports every problem at once, each by the name of its setting.</summary>
internal sealed class HoldfastContextOptionsValidator : IValidateOptions<HoldfastContextOptions>
{
    public ValidateOptionsResult Validate(string? name, HoldfastContextOptions options)
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(options.Audience))
            problems.Add("Audience: missing; set it to the upstream that the guard's routes name.");
        if (options.Guards.Count == 0)
            problems.Add("Guards: none; name the guards whose contexts are taken.");
        foreach (ContextGuard guard in options.Guards)
            CheckGuard(guard, options.DangerouslyAllowHttp, problems);
        if (options.Guards.GroupBy(guard => guard.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            problems.Add($"Guards: '{twice.Key}' is there twice.");
        foreach (PublicOrigin origin in options.PublicOrigins)
            CheckOrigin(origin, problems);
        if (options.TrustedPeers is { } peers)
            ProxyTrust.TryCreate(peers, "TrustedPeers", problems);
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > ReplayWindow.SkewAhead)
            problems.Add($"ClockSkew: must lie between zero and {ReplayWindow.SkewAhead.TotalSeconds} seconds, which is as far as a context can be remembered ahead.");
        if (options.MemoryCapacity < 1)
            problems.Add("MemoryCapacity: must be at least 1.");
        if (options.KeyRefreshInterval < TimeSpan.FromSeconds(10) || options.KeyRefreshInterval > TimeSpan.FromMinutes(30))
            problems.Add("KeyRefreshInterval: must lie between ten seconds and thirty minutes.");
        if (options.UnknownKeyRefreshInterval < TimeSpan.FromSeconds(1) || options.UnknownKeyRefreshInterval > TimeSpan.FromMinutes(30))
            problems.Add("UnknownKeyRefreshInterval: must lie between one second and thirty minutes.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckGuard(ContextGuard guard, bool allowsHttp, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(guard.Name))
            problems.Add("Guards: a guard needs its name, the iss of its contexts.");
        else if (!Uri.TryCreate(guard.EffectiveKeysUrl, UriKind.Absolute, out Uri? keys) || keys.Scheme is not ("http" or "https"))
            problems.Add($"Guards: '{guard.Name}' is not a URL; set its KeysUrl.");
        // RFC 8725 §3.10: keys that anybody on the path can exchange prove nothing.
        else if (!HttpsRule.Allows(keys, allowsHttp))
            problems.Add($"Guards: '{guard.EffectiveKeysUrl}' is not https; http is accepted on loopback, elsewhere only with DangerouslyAllowHttp.");
    }

    private static void CheckOrigin(PublicOrigin origin, List<string> problems)
    {
        if (!PublicOrigin.TrySplit(origin.Url, out _, out _))
            problems.Add($"PublicOrigins: '{origin.Url}' is not an absolute http(s) URL without user, query and fragment.");
        if (origin.StripPrefix is { } prefix && !(prefix.Length > 1 && prefix[0] == '/' && prefix[^1] != '/'))
            problems.Add($"PublicOrigins: the prefix to strip '{prefix}' must start with a slash and not end with one.");
    }
}
