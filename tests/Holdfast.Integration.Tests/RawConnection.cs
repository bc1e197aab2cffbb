using System.Net.Sockets;
using System.Text;

namespace Holdfast.Integration.Tests;

/// <summary>Sends octets exactly as given and reads the status of what comes back; no client library would let these through.</summary>
internal static class RawConnection
{
    /// <summary>Generous: it only bounds a server that never answers.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The status code and the whole answer; 0 where the server closed the connection without one.</summary>
    public static async Task<(int Status, string Answer)> SendAsync(Uri server, byte[] request, bool halfClose = false)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        NetworkStream stream = client.GetStream();
        var answer = new MemoryStream();
        Task reading = stream.CopyToAsync(answer, limit.Token);
        try
        {
            await stream.WriteAsync(request, limit.Token);
            if (halfClose)
                client.Client.Shutdown(SocketShutdown.Send);
            await reading;
        }
        catch (IOException)
        {
            // Refused while we were still sending; what was answered before counts.
        }
        string text = Encoding.Latin1.GetString(answer.ToArray());
        return (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3)) : 0, text);
    }
}
