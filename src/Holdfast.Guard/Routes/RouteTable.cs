namespace Holdfast.Guard.Internal;

/// <summary>Finds the route of a request: the one with the longest path decides, whatever its methods. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, GuardRoute[]> _routes;

    public RouteTable(IEnumerable<GuardRoute> routes) => _routes = routes.GroupBy(route => route.Origin, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.OrderByDescending(route => route.Path.Length).ToArray(), StringComparer.Ordinal);

    /// <summary>The route, or null and why there is none. Origin and path are canonical; <paramref name="rawPath"/> is the path as the client sent it.</summary>
    public GuardRoute? Find(string origin, string path, ReadOnlySpan<char> rawPath, string method, out Refusal? refusal)
    {
        refusal = null;
        if (!_routes.TryGetValue(origin, out GuardRoute[]? routes))
            return Refuse("an origin that has routes", origin, out refusal);
        if (Longest(routes, path, StringComparison.Ordinal) is not { } named)
            return Refuse($"a path that has a route at {origin}", path, out refusal);
        // FWD-64: the policy is that of the public path, and nobody behind the guard may read another path in it.
        if (named != "/" || routes.Length > 1)
        {
            // The raw path too: where dot segments meet repeated or encoded slashes, others remove another segment than RFC 3986 §5.2.4 does, and
            // what was removed is not in the canonical path any more. Clients resolve dot segments before they send, so none is missed.
            string raw = rawPath.ToString();
            if (PathReading.HasDotSegment(raw) || !Means(routes, path, named) || !Means(routes, raw, named))
                return Refuse($"a path that can only mean {named}", raw, out refusal);
        }
        GuardRoute? route = Array.Find(routes, route => route.Path == named && route.Allows(method));
        // Never the next shorter path: its policy was not written for this one.
        return route ?? Refuse($"a method that has a route at {named}", method, out refusal);
    }

    private static bool Means(GuardRoute[] routes, string path, string named) => PathReading.Loosest(path) is { } loosest
        && string.Equals(Longest(routes, loosest, StringComparison.OrdinalIgnoreCase), named, StringComparison.OrdinalIgnoreCase);

    private static string? Longest(GuardRoute[] routes, string path, StringComparison comparison)
    {
        foreach (GuardRoute route in routes)
        {
            if (route.Path == "/" || (path.StartsWith(route.Path, comparison) && (path.Length == route.Path.Length || path[route.Path.Length] == '/')))
                return route.Path;
        }
        return null;
    }

    private static GuardRoute? Refuse(string expected, string seen, out Refusal? refusal)
    {
        refusal = new(VerificationFailure.RouteUnknown, expected, Printable.From(seen));
        return null;
    }
}
