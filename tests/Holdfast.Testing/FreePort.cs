using System.Net;
using System.Net.Sockets;

namespace Holdfast.Testing;

/// <summary>Ports that nobody listens on, for servers whose address must be known before they start.</summary>
public static class FreePort
{
    /// <summary>So many different ports, on loopback.</summary>
    public static int[] Take(int count)
    {
        // All held at once, so that they differ; then given back.
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
                listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
                listener.Stop();
        }
    }
}
