using System.Net;
using System.Net.Sockets;

namespace Holdfast.Issuer;

/// <summary>
/// How a client's <c>jwks_uri</c> is reached (RFC 8725 §3.10): https without redirects, cookies or a proxy, which would resolve the name itself; and
/// connected to the very addresses that were looked at, so that a name cannot resolve to others a moment later.
/// </summary>
internal static class ClientKeysConnection
{
    public static SocketsHttpHandler CreateHandler(bool allowInternal)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            MaxResponseHeadersLength = 16,
            // A connection outlives no change of its host's address by more than this.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        if (!allowInternal)
            handler.ConnectCallback = ConnectAsync;
        return handler;
    }

    // MTLS-16, RFC 8725 §3.10: a name with one internal address is refused as a whole: what it resolves to next is its owner's choice.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        if (Array.Find(addresses, InternalAddresses.Contains) is { } address)
            throw new HttpRequestException($"{target.Host} resolves to {address}, which is not on the public internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
