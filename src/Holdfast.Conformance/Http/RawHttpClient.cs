using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Conformance;

/// <summary>
/// HTTP/1.1 over a socket, one connection a request. It exists because a well-behaved client refuses to send what a thief sends.
/// A server that is silent, or cuts the connection, gives <see cref="RawResponse.None"/>; cancellation throws. Over https a server is trusted
/// by the system's authorities and by those of the caller; each request names the client certificate that its connection presents.
/// </summary>
/// <param name="timeout">For one request, from the connection to the last octet.</param>
/// <param name="authorities">Authorities of servers beside the system's; null for none. They stay the caller's to dispose of.</param>
public sealed class RawHttpClient(TimeSpan timeout, X509Certificate2Collection? authorities = null)
{
    private const int LargestResponse = 1 << 20;

    /// <summary>Sends one request.</summary>
    public async Task<RawResponse> SendAsync(RawRequest request, CancellationToken cancellationToken) =>
        (await SendTogetherAsync([request], cancellationToken))[0];

    /// <summary>
    /// Sends many at once: every connection is open and every request sent but for its last octet, before the last octets go out together.
    /// </summary>
    public async Task<IReadOnlyList<RawResponse>> SendTogetherAsync(IReadOnlyList<RawRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var flights = await Task.WhenAll(requests.Select(request => Flight.PrepareAsync(request, authorities, limit.Token)));
        var responses = await Task.WhenAll(flights.Select(flight => flight.FinishAsync(limit.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        return responses;
    }

    private sealed class Flight(TcpClient socket, Stream? stream, byte[] last, RawResponse failure)
    {
        public static async Task<Flight> PrepareAsync(RawRequest request, X509Certificate2Collection? authorities, CancellationToken cancellationToken)
        {
            var octets = Encoding.UTF8.GetBytes(request.ToString());
            var socket = new TcpClient { NoDelay = true };
            try
            {
                var origin = new Uri(request.Origin);
                await socket.ConnectAsync(origin.DnsSafeHost, origin.Port, cancellationToken);
                Stream stream = socket.GetStream();
                if (origin.Scheme == Uri.UriSchemeHttps)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsClientAsync(TlsSettings.For(origin, request.Certificate, authorities), cancellationToken);
                    stream = tls;
                }

                await stream.WriteAsync(octets.AsMemory(0, octets.Length - 1), cancellationToken);
                await stream.FlushAsync(cancellationToken);
                return new Flight(socket, stream, octets[^1..], RawResponse.None);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException)
            {
                return new Flight(socket, null, [], TlsSettings.IsAlert(e) ? RawResponse.Alert : RawResponse.None);
            }
        }

        public async Task<RawResponse> FinishAsync(CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            var nothing = failure;
            using (socket)
            {
                if (stream is null)
                    return failure;
                try
                {
                    await stream.WriteAsync(last, cancellationToken);
                    await stream.FlushAsync(cancellationToken);
                    var buffer = new byte[16 * 1024];
                    while (text.Length < LargestResponse && await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
                    {
                        text.Append(Encoding.Latin1.GetString(buffer, 0, count));
                        if (RawResponse.IsComplete(text.ToString()))
                            break;
                    }
                }
                catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
                {
                    // A server may answer and reset at once: what was read still counts. By TLS 1.3 it judges a certificate when we have long sent.
                    nothing = TlsSettings.IsAlert(e) ? RawResponse.Alert : RawResponse.None;
                }
            }

            return RawResponse.Parse(text.ToString()) is { Status: > 0 } response ? response : nothing;
        }
    }
}
