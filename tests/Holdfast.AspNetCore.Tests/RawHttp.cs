using System.Net.Sockets;
using System.Text;

namespace Holdfast.AspNetCore.Tests;

/// <summary>Sends octets that no HTTP client would.</summary>
public static class RawHttp
{
    /// <summary>The whole answer to a request that asks for the connection to be closed.</summary>
    public static async Task<string> SendAsync(int port, string requestLine, params string[] headers)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port);
        await using NetworkStream stream = socket.GetStream();
        string text = requestLine + "\r\nHost: attacker.example\r\nConnection: close\r\n" + string.Concat(headers.Select(line => line + "\r\n")) + "\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    public static int Status(string answer) => int.Parse(answer.AsSpan(9, 3));
}
