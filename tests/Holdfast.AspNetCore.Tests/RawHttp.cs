using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.AspNetCore.Tests;

/// <summary>Sends octets that no HTTP client would.</summary>
public static class RawHttp
{
    /// <summary>The whole answer to a request that asks for the connection to be closed.</summary>
    public static Task<string> SendAsync(int port, string requestLine, params string[] headers) =>
        SendAsync(new IPEndPoint(IPAddress.Loopback, port), null, requestLine, ["Connection: close", .. headers]);

    /// <summary>The same to any address, also a unix socket, from any of ours. The caller says when the connection ends.</summary>
    public static async Task<string> SendAsync(EndPoint to, IPAddress? from, string requestLine, params string[] headers)
    {
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, to is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to);
        await using var stream = new NetworkStream(socket);
        string host = Array.Exists(headers, line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)) ? "" : "Host: attacker.example\r\n";
        string text = requestLine + "\r\n" + host + string.Concat(headers.Select(line => line + "\r\n")) + "\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    public static int Status(string answer) => int.Parse(answer.AsSpan(9, 3));
}
