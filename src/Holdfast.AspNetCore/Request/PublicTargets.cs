using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Tells under which public URLs a request may have been sent (DPOP-V-21, RFC 9449 §4.3 step 9): the declared origins, and where
/// it is switched on, scheme and host as set by ASP.NET Core's forwarded-headers middleware, for named hosts only. Immutable.
/// </summary>
public sealed class PublicTargets
{
    private readonly Origin[] _origins;
    private readonly string[] _forwardedHosts;

    /// <summary>Targets below these origins, which must be absolute http(s) URLs, and below <paramref name="forwardedHosts"/>
    /// where the forwarded-headers middleware is in force.</summary>
    public PublicTargets(IEnumerable<PublicOrigin> origins, IEnumerable<string>? forwardedHosts = null)
    {
        ArgumentNullException.ThrowIfNull(origins);
        _origins = [.. origins.Select(Origin.Of)];
        _forwardedHosts = [.. forwardedHosts ?? []];
    }

    /// <summary>The base URLs declared, canonical and without a trailing slash, in order.</summary>
    public IEnumerable<string> BaseUrls => _origins.Select(origin => origin.Base + origin.Prefix);

    /// <summary>True where the forwarded-headers middleware has a say.</summary>
    internal bool UsesForwardedHeaders => _forwardedHosts.Length > 0;

    /// <summary>The public URLs of this request; empty where none can be told.</summary>
    public IReadOnlyList<HttpTarget> Resolve(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ReadOnlySpan<char> path = RawPath.Of(context);
        if (path.IsEmpty)
            return [];
        if (_origins.Length == 1 && _forwardedHosts.Length == 0)
            return _origins[0].TryResolve(path, out HttpTarget only) ? [only] : [];
        return ResolveAll(context, path);
    }

    private List<HttpTarget> ResolveAll(HttpContext context, ReadOnlySpan<char> path)
    {
        List<HttpTarget> targets = new(_origins.Length + 1);
        foreach (Origin origin in _origins)
        {
            if (origin.TryResolve(path, out HttpTarget target))
                targets.Add(target);
        }
        // A host that nobody named may come from the client itself: no target, so no proof can match.
        // A port is the client's own word too, unless it is the scheme's.
        // As it was sent, or as the middleware wrote it: Request.Host throws at names that are no names.
        if (_forwardedHosts.Length == 0)
            return targets;
        var host = new HostString(context.Request.Headers.Host.ToString());
        if (host.HasValue && (host.Port is null || host.Port == (context.Request.IsHttps ? 443 : 80)) && Array.Exists(_forwardedHosts, allowed => string.Equals(allowed, host.Host, StringComparison.OrdinalIgnoreCase))
            && HttpTarget.TryCreate($"{context.Request.Scheme}://{host.Value}", path, out HttpTarget forwarded))
        {
            targets.Add(forwarded);
        }
        return targets;
    }

    private sealed record Origin(string Base, string Prefix, string? Strip)
    {
        public static Origin Of(PublicOrigin origin) =>
            PublicOrigin.TrySplit(origin.Url, out string root, out string prefix)
                ? new(root, prefix, origin.StripPrefix)
                : throw new ArgumentException($"'{origin.Url}' is not an absolute http(s) URL without user, query and fragment.", nameof(origin));

        public bool TryResolve(ReadOnlySpan<char> path, out HttpTarget target)
        {
            if (!HttpTarget.TryCreate(Base, path, out target))
                return false;
            if (Prefix.Length == 0 && Strip is null)
                return true;
            // Prefixes are exchanged on the canonical path, so that dot segments cannot climb out of one.
            ReadOnlySpan<char> canonical = target.Canonical.AsSpan(Base.Length);
            if (Strip is not null)
            {
                if (!canonical.StartsWith(Strip, StringComparison.Ordinal) || (canonical.Length > Strip.Length && canonical[Strip.Length] != '/'))
                    return false;
                canonical = canonical[Strip.Length..];
            }
            return HttpTarget.TryCreate(Base, string.Concat(Prefix, canonical.IsEmpty ? "/" : canonical), out target);
        }
    }
}
