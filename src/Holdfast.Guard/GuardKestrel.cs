using System.Net;
using System.Net.Sockets;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Guard.Internal;

/// <summary>The server, as the listeners of the configuration want it.</summary>
internal static class GuardKestrel
{
    // Token and proof at their limits, a certificate and its chain, and what else a client may send.
    private const int MaxHeaders = 96 * 1024;
    private const int MaxRequestLine = 16 * 1024;
    // The proxies send no body along; a few octets that one sends all the same are dropped.
    private const int MaxBody = 4 * 1024;

    public static void Configure(IWebHostBuilder host, GuardConfig config)
    {
        host.UseKestrelCore().UseKestrelHttpsConfiguration();
        host.ConfigureServices(services => services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endPoint => Bind(endPoint, config)));
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            foreach (GuardListener listener in config.Listeners)
                kestrel.Listen(listener.EndPoint, listen => Configure(listen, listener));
        });
    }

    private static void Configure(ListenOptions listen, GuardListener listener)
    {
        listen.Protocols = listener.Tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        listen.Use(next => connection =>
        {
            ListenerFeature feature = new(listener);
            connection.Features.Set(feature);
            connection.Features.Set<IForwardedCertificateFeature>(feature);
            return next(connection);
        });
        if (listener.Tls is { } tls)
        {
            listen.UseHttps(https =>
            {
                https.ServerCertificate = tls.Certificate;
                https.ServerCertificateChain = tls.Chain;
                // The handshake proves the proxy's key; whether it is the proxy's, trust says, by its thumbprint.
                if (tls.DemandsClientCertificate)
                    https.AcceptClientCertificates();
            });
        }
    }

    private static Socket Bind(EndPoint endPoint, GuardConfig config)
    {
        if (endPoint is not UnixDomainSocketEndPoint || config.Listeners.FirstOrDefault(listener => listener.EndPoint.Equals(endPoint)) is not { } listener)
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        string path = endPoint.ToString()!;
        RemoveStale(path);
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        // Between bind and listen nobody can connect: there is no moment with other permissions.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, listener.SocketMode);
        return socket;
    }

    // A socket that a killed process left behind refuses connections; one that answers is somebody's.
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        throw new AddressInUseException($"Another program answers on '{path}'.");
    }
}
