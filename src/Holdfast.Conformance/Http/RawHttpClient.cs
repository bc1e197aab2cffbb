using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Conformance;

/// <summary>
/// HTTP/1.1 over a socket, one connection a request. It exists because a well-behaved client refuses to send what a thief sends.
/// A server that is silent, or cuts the connection, gives <see cref="RawResponse.None"/>; cancellation throws.
/// </summary>
/// <param name="timeout">For one request, from the connection to the last octet.</param>
public sealed class RawHttpClient(TimeSpan timeout)
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
        var flights = await Task.WhenAll(requests.Select(request => Flight.PrepareAsync(request, limit.Token)));
        var responses = await Task.WhenAll(flights.Select(flight => flight.FinishAsync(limit.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        return responses;
    }

    private sealed class Flight(TcpClient socket, Stream? stream, byte[] last)
    {
        public static async Task<Flight> PrepareAsync(RawRequest request, CancellationToken cancellationToken)
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
                    await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = origin.DnsSafeHost }, cancellationToken);
                    stream = tls;
                }

                await stream.WriteAsync(octets.AsMemory(0, octets.Length - 1), cancellationToken);
                await stream.FlushAsync(cancellationToken);
                return new Flight(socket, stream, octets[^1..]);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                return new Flight(socket, null, []);
            }
        }

        public async Task<RawResponse> FinishAsync(CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            using (socket)
            {
                if (stream is null)
                    return RawResponse.None;
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
                    // A server may answer and reset at once: what was read still counts.
                }
            }

            return RawResponse.Parse(text.ToString());
        }
    }
}
