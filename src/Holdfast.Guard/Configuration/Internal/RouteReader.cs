using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>Reads the entries of <c>routes</c>.</summary>
internal sealed class RouteReader(IReadOnlyList<GuardResource> resources)
{
    private static readonly GuardResource Unknown = new() { Config = new() { Name = "", Issuer = "", Audience = "" }, ProofAlgorithms = [] };

    private readonly List<(GuardRoute Route, YamlMap Map)> _read = [];

    public GuardRoute Read(YamlMap map)
    {
        bool allowsHttp = map.Flag("dangerously_allow_http");
        string origin = ReadOrigin(map);
        string resource = map.RequiredText("resource", "name one of the resources");
        if (resource.Length > 0 && resources.All(known => known.Name != resource))
            map.Problem("resource", $"'{resource}' is not among resources.");
        var route = new GuardRoute
        {
            Origin = origin,
            Path = ReadPath(map),
            Methods = ReadMethods(map),
            Resource = resources.FirstOrDefault(known => known.Name == resource) ?? Unknown,
            Scopes = ReadScopes(map),
            Mode = ResourceReader.ReadMode(map),
            Upstream = map.RequiredText("upstream", "it is the aud of the context, by which an upstream tells that it is meant"),
            Targets = ReadTargets(map, origin, allowsHttp),
            DangerouslyAllowHttp = allowsHttp,
        };
        map.Close();
        _read.Add((route, map));
        return route;
    }

    /// <summary>Two routes for the same request would leave it to their order which policy applies.</summary>
    public void RefuseOverlaps()
    {
        for (int i = 0; i < _read.Count; i++)
        {
            (GuardRoute route, YamlMap map) = _read[i];
            foreach ((GuardRoute earlier, YamlMap other) in _read.Take(i).Where(pair => pair.Route.Origin == route.Origin && pair.Route.Path == route.Path && route.Origin.Length > 0))
            {
                if (route.Methods.Count == 0 || earlier.Methods.Count == 0 || route.Methods.Intersect(earlier.Methods, StringComparer.Ordinal).Any())
                    map.Problem($"{other.Path} (line {other.Line}) already decides about {route.Origin}{route.Path} with these methods.");
            }
        }
    }

    private static string ReadOrigin(YamlMap map)
    {
        string text = map.RequiredText("origin", "scheme and host as the client addresses the proxy, such as https://api.example.com");
        if (PublicOrigin.TrySplit(text, out string origin, out string path) && path.Length == 0 && Uri.TryCreate(text, UriKind.Absolute, out _))
            return origin;
        if (text.Length > 0)
            map.Problem("origin", $"'{text}' is not scheme, host and port alone, such as https://api.example.com.");
        return "";
    }

    private static string ReadPath(YamlMap map)
    {
        string text = map.Text("path") ?? "/";
        if (HttpTarget.TryCreate("https://route", text, out HttpTarget target) && target.Canonical == $"https://route{text}" && (text == "/" || text[^1] != '/') && !text.Contains('?', StringComparison.Ordinal)
            && PathReading.Loosest(text) == text)
            return text;
        map.Problem("path", $"'{text}' is not a plain path that begins with a slash and does not end with one, without escapes, query, ';' and '//'.");
        return "/";
    }

    private static IReadOnlyList<string> ReadMethods(YamlMap map)
    {
        IReadOnlyList<string> methods = [.. map.Texts("methods").Distinct(StringComparer.Ordinal)];
        if (map.IsEmptyList("methods"))
            map.Problem("methods", "empty; leave it out for all methods.");
        // RFC 9110 §9.1: methods are case-sensitive, and a method in lower case is nearly always a slip.
        foreach (string method in methods.Where(method => method.AsSpan().ContainsAnyExcept(MethodCharacters)))
            map.Problem("methods", $"'{method}' is not a method; they are written in upper case.");
        return methods;
    }

    private static readonly System.Buffers.SearchValues<char> MethodCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_");

    private static IReadOnlyList<string> ReadScopes(YamlMap map)
    {
        IReadOnlyList<string> scopes = [.. map.Texts("scopes").Distinct(StringComparer.Ordinal)];
        // RFC 6749 §3.3: scope-token.
        foreach (string scope in scopes.Where(scope => scope.AsSpan().ContainsAnyExceptInRange('!', '~') || scope.AsSpan().ContainsAny('"', '\\')))
            map.Problem("scopes", $"'{scope}' is not one scope: printable characters without space, quote and backslash.");
        return scopes;
    }

    // DPOP-V-21, FWD-64: the public URLs are declared; without more, they are what the proxy is told to be addressed by.
    private static PublicTargets ReadTargets(YamlMap map, string origin, bool allowsHttp)
    {
        var origins = new List<PublicOrigin>();
        foreach (YamlMap item in map.Maps("public_origins"))
        {
            string url = item.RequiredText("url", "the base URL that clients call");
            string? strip = item.Text("strip_prefix");
            if (url.Length > 0 && (!PublicOrigin.TrySplit(url, out _, out _) || !Uri.TryCreate(url, UriKind.Absolute, out _)))
                item.Problem("url", $"'{url}' is not an absolute http(s) URL without user, query and fragment.");
            else if (url.Length > 0)
                RefuseHttp(item, "url", url, allowsHttp);
            if (strip is not null && !(strip.Length > 1 && strip[0] == '/' && strip[^1] != '/'))
                item.Problem("strip_prefix", $"'{strip}' must start with a slash and not end with one.");
            item.Close();
            if (PublicOrigin.TrySplit(url, out _, out _))
                origins.Add(new PublicOrigin { Url = url, StripPrefix = strip });
        }
        if (map.IsEmptyList("public_origins"))
            map.Problem("public_origins", "empty; leave it out where clients call the origin itself.");
        if (!map.Has("public_origins") && origin.Length > 0)
        {
            RefuseHttp(map, "origin", origin, allowsHttp);
            origins.Add(origin);
        }
        return new PublicTargets(origins);
    }

    private static void RefuseHttp(YamlMap map, string member, string url, bool allowsHttp)
    {
        if (!HttpsRule.Allows(new Uri(url), allowsHttp))
            map.Problem(member, $"'{url}' is not https; http is accepted on loopback, elsewhere only with dangerously_allow_http. Where TLS ends before the proxy, set public_origins.");
    }
}
