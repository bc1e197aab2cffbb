using System.Net;
using System.Net.Security;
using Holdfast.Client.Certificates;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Connections;

/// <summary>
/// Stands before the primary handler of an <see cref="HttpClient"/> and keeps connections of its own for each certificate, with the settings of
/// the primary. A pooled connection keeps the certificate of its handshake, whatever is current by then (dotnet/runtime#52779), so a request
/// goes to the connections of the certificate that it demands, and one that demands none goes to the primary as it was.
/// </summary>
internal sealed class CertificateConnections(HttpMessageHandler primary) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _primary = new(primary, disposeHandler: true);
    private readonly Dictionary<CertificateGeneration, Lane> _lanes = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Whether requests that are given to this handler end here.</summary>
    public static bool AreBelow(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler delegating)
            handler = delegating.InnerHandler;
        return handler is CertificateConnections;
    }

    /// <summary>Something else stands where this handler was put.</summary>
    public static HoldfastClientException Replaced(string where) => new(HoldfastClientFailure.PrimaryHandlerNotSupported,
        $"The primary handler of {where} was replaced after AddHoldfast saw it, so no certificate can be presented; set it with ConfigurePrimaryHttpMessageHandler.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (CertificateDemand.Of(request) is not { } demand)
            return await _primary.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // MTLS-22, RFC 8705 §3: over TLS, where the certificate is; on this machine too.
        if (request.RequestUri is not { Scheme: "https" } uri)
        {
            throw new HoldfastClientException(HoldfastClientFailure.InsecureTarget,
                $"{Origins.Of(request.RequestUri!)} is not https; a client certificate can be presented over https only.");
        }
        LimitVersion(request);
        Lane lane = Enter(demand.Certificate);
        try
        {
            HttpResponseMessage response = await lane.Connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
            demand.IsMet = true;
            return response;
        }
        catch (HttpRequestException exception) when (exception.InnerException is HoldfastClientException refusal)
        {
            throw new HoldfastClientException(refusal.Failure, $"{Origins.Of(uri)}: {refusal.Message}", exception);
        }
        finally
        {
            Leave(lane);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            List<Lane> idle;
            lock (_lock)
            {
                _disposed = true;
                idle = Idle();
            }
            idle.ForEach(lane => lane.Connections.Dispose());
            _primary.Dispose();
        }
        base.Dispose(disposing);
    }

    private Lane Enter(CertificateGeneration certificate)
    {
        List<Lane> idle = [];
        try
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (!_lanes.TryGetValue(certificate, out Lane? lane))
                {
                    lane = new(certificate, Connect(certificate));
                    foreach (Lane other in _lanes.Values)
                    {
                        other.IsRetired |= certificate.Supersedes(other.Certificate);
                        lane.IsRetired |= other.Certificate.Supersedes(certificate);
                    }
                    _lanes.Add(certificate, lane);
                    lane.Requests++;
                    idle = Idle();
                }
                else
                {
                    lane.Requests++;
                }
                return lane;
            }
        }
        finally
        {
            idle.ForEach(lane => lane.Connections.Dispose());
        }
    }

    private void Leave(Lane lane)
    {
        lock (_lock)
        {
            if (--lane.Requests > 0 || !(lane.IsRetired || _disposed))
                return;
            _lanes.Remove(lane.Certificate);
        }
        // The answer may still be read: a connection in use is closed when it is given back.
        lane.Connections.Dispose();
    }

    // Within the lock: takes out those whose time is over.
    private List<Lane> Idle()
    {
        List<Lane> idle = [.. _lanes.Values.Where(lane => lane.Requests == 0 && (lane.IsRetired || _disposed))];
        idle.ForEach(lane => _lanes.Remove(lane.Certificate));
        return idle;
    }

    private HttpMessageInvoker Connect(CertificateGeneration certificate)
    {
        SocketsHttpHandler handler = PrimarySettings.Copy(primary);
        handler.AllowAutoRedirect = false;
        handler.SslOptions.ClientCertificateContext = certificate.Context;
        // Each connection proves possession in a handshake of its own, and only such a handshake tells whether it was asked to.
        handler.SslOptions.AllowTlsResume = false;
        Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>? next = handler.PlaintextStreamFilter;
        handler.PlaintextStreamFilter = (context, cancellationToken) =>
        {
            RefuseUnproven(context);
            return next is null ? new(context.PlaintextStream) : next(context, cancellationToken);
        };
        return new(handler, disposeHandler: true);
    }

    // MTLS-22, MTLS-18, RFC 8705 §3: on a connection whose handshake did not ask for the certificate nothing binds and nothing proves.
    private static void RefuseUnproven(SocketsHttpPlaintextStreamFilterContext context)
    {
        if (context.PlaintextStream is SslStream { IsMutuallyAuthenticated: true })
            return;
        // The hop to a forward proxy, which only asks it for a tunnel; the handshake within the tunnel comes here as well.
        if (context.InitialRequestMessage.Method == HttpMethod.Connect && CertificateDemand.Of(context.InitialRequestMessage) is null)
            return;
        throw new HoldfastClientException(HoldfastClientFailure.CertificateNotRequested,
            "the server did not ask for the client certificate in the handshake. Have whatever ends TLS there ask for it (for this host, before the "
            + "request), or send the request where it is asked for.");
    }

    // HTTP/3 brings its own handshake, which no handler can look at.
    private static void LimitVersion(HttpRequestMessage request)
    {
        bool orHigher = request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher;
        if (request.Version >= HttpVersion.Version30 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower)
        {
            throw new HoldfastClientException(HoldfastClientFailure.HttpVersionNotSupported,
                "The request insists on HTTP/3; with a client certificate it can be HTTP/2 or HTTP/1.1.");
        }
        if (orHigher)
            request.VersionPolicy = request.Version == HttpVersion.Version20 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower;
        if (orHigher || request.Version >= HttpVersion.Version30)
            request.Version = HttpVersion.Version20;
    }

    private sealed class Lane(CertificateGeneration certificate, HttpMessageInvoker connections)
    {
        public CertificateGeneration Certificate => certificate;

        public HttpMessageInvoker Connections => connections;

        public int Requests { get; set; }

        public bool IsRetired { get; set; }
    }
}
