using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Client.Tests.Fakes;

/// <summary>A forward proxy that knows CONNECT (RFC 9110 §9.3.6) and nothing else.</summary>
public sealed class ForwardProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public ForwardProxy()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public ConcurrentQueue<string> Tunnels { get; } = new();

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            while (true)
                tunnels.Add(TunnelAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(tunnels);
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using (client)
        using (var target = new TcpClient())
        {
            try
            {
                NetworkStream from = client.GetStream();
                string head = "";
                byte[] octet = new byte[1];
                while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await from.ReadAsync(octet, _stopping.Token) == 1)
                    head += (char)octet[0];
                string authority = head.Split(' ')[1];
                Tunnels.Enqueue(authority);
                await target.ConnectAsync(IPAddress.Loopback, int.Parse(authority.Split(':')[1]), _stopping.Token);
                await from.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n"), _stopping.Token);
                await Task.WhenAny(from.CopyToAsync(target.GetStream(), _stopping.Token), target.GetStream().CopyToAsync(from, _stopping.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The end of a tunnel.
            }
        }
    }
}
