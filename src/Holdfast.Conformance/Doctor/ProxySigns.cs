namespace Holdfast.Conformance;

/// <summary>Tells a proxy by what it says of itself. None of them has to say anything.</summary>
internal static class ProxySigns
{
    private static readonly (string Sign, ProxyKind Kind)[] Known =
    [
        ("nginx", ProxyKind.Nginx),
        ("openresty", ProxyKind.Nginx),
        ("caddy", ProxyKind.Caddy),
        ("haproxy", ProxyKind.HAProxy),
        ("apache", ProxyKind.Apache),
        ("envoy", ProxyKind.Envoy),
        ("istio", ProxyKind.Envoy),
        ("traefik", ProxyKind.Traefik),
    ];

    public static ProxyKind Read(RawResponse response)
    {
        if (response.Values("x-envoy-upstream-service-time").Any())
            return ProxyKind.Envoy;
        var words = string.Join(' ', response.Values("Server").Concat(response.Values("Via")));
        return Known.FirstOrDefault(known => words.Contains(known.Sign, StringComparison.OrdinalIgnoreCase)).Kind;
    }
}
