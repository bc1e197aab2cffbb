using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Both ends of the socket that a request came by, from the socket itself: <c>Connection.RemoteIpAddress</c> may come from a forwarded field by now,
/// and <see cref="IConnectionEndPointFeature"/> does not reach requests. Null where the server has no socket to ask, which trusts nobody.
/// </summary>
internal static class SocketEnds
{
    public static EndPoint? Remote(HttpContext context) => Ask(context, static socket => socket.RemoteEndPoint);

    public static EndPoint? Local(HttpContext context) => Ask(context, static socket => socket.LocalEndPoint);

    private static EndPoint? Ask(HttpContext context, Func<Socket, EndPoint?> end)
    {
        try
        {
            return context.Features.Get<IConnectionSocketFeature>() is { } connection ? end(connection.Socket) : null;
        }
        catch (Exception failure) when (failure is ObjectDisposedException or SocketException)
        {
            // The connection was lost meanwhile: nobody is left to answer.
            return null;
        }
    }
}
