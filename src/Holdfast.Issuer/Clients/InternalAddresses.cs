using System.Net;
using System.Net.Sockets;

namespace Holdfast.Issuer;

/// <summary>
/// The addresses that a URL from outside must not lead to (RFC 8725 §3.10; the special-purpose registries of RFC 6890): loopback, private and
/// link-local networks, the metadata services of clouds, multicast, and everything that is not the public internet.
/// </summary>
internal static class InternalAddresses
{
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // The wire server of one cloud: a public address in form only.
            "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    // Of IPv6 only this is the public internet…
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // …except for tunnels, documentation and benchmarks in it.
    private static readonly IPNetwork[] SpecialIPv6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    // RFC 6052 §2.1: the last four octets are an IPv4 address, which a translator would ask.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True where the address is not one of the public internet.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return Array.Exists(SpecialIPv4, network => network.Contains(address));
        if (address.IsIPv4MappedToIPv6)
            return Contains(address.MapToIPv4());
        if (Translated.Contains(address))
            return Contains(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return !GlobalUnicast.Contains(address) || Array.Exists(SpecialIPv6, network => network.Contains(address));
    }
}
