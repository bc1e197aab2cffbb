using System.Net;
using System.Net.Sockets;

namespace Holdfast.Issuer;

/// <summary>
/// How often clients may ask and fail. Failures of authentication count for the address and the client it claims to be together: whoever fails in the name of
/// another from elsewhere does not lock it out. Nonce challenges count nowhere: they are answered before a request is counted (field note 16).
/// </summary>
internal sealed class IssuerRateLimits(IssuerConfig config, TimeProvider timeProvider)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly RateTable _failures = new(timeProvider, config.RateLimits.FailedAuthenticationsPerMinute, Window);
    private readonly RateTable _requests = new(timeProvider, config.RateLimits.TokenRequestsPerMinute, Window);

    /// <summary>How long whoever failed too often has to wait; null where it may try.</summary>
    public TimeSpan? WaitToAuthenticate(IPAddress? address, string? clientId) => _failures.Wait(KeyOf(address, clientId));

    /// <summary>Counts a failed authentication.</summary>
    public void CountFailure(IPAddress? address, string? clientId) => _failures.Count(KeyOf(address, clientId));

    /// <summary>Counts a token request; how long to wait where it is one too many. Anybody can be a public client, so for those it is counted by address as well.</summary>
    public TimeSpan? CountRequest(IssuerClient client, IPAddress? address) => _requests.Count(client.IsPublic ? KeyOf(address, client.ClientId) : client.ClientId);

    // A /64 is one host's to choose from (RFC 4291 §2.5.4); an IPv4 address is one, however it is written.
    private static string KeyOf(IPAddress? address, string? clientId)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return $"{address} {clientId}";
        byte[] octets = address.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return $"{new IPAddress(octets)} {clientId}";
    }
}
