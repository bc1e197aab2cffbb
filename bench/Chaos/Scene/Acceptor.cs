namespace Holdfast.Chaos;

/// <summary>
/// A place that takes proofs, reached past the balancer: a node, or the guard's nginx. Whoever attacks may keep only so many requests in the air there,
/// because a paused node answers none.
/// </summary>
internal sealed class Acceptor : IDisposable
{
    private const int InFlightLimit = 192, WaitingLimit = 2048;

    private readonly HttpClient _http;
    private readonly string _host;
    private readonly SemaphoreSlim _inFlight = new(InFlightLimit);
    private int _waiting;

    public Acceptor(string name, int port, string origin)
    {
        Name = name;
        _host = new Uri(origin).Authority;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = InFlightLimit, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            // Longer than a proof's life: what waits in a paused node is judged when it goes on.
            Timeout = TimeSpan.FromMinutes(4),
        };
    }

    public string Name { get; }

    /// <summary>Sends a proof there; null where there is no room or no answer.</summary>
    public async Task<(bool Sent, int? Status)> SendAsync(SentProof proof, string who, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingLimit)
        {
            Interlocked.Decrement(ref _waiting);
            return (false, null);
        }
        bool entered = false;
        try
        {
            await _inFlight.WaitAsync(cancellationToken);
            entered = true;
            using HttpRequestMessage request = proof.ToRequest(new Uri(_http.BaseAddress!, "/orders"), who);
            request.Headers.Host = _host;
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (true, (int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (entered, null);
        }
        finally
        {
            if (entered)
                _inFlight.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _http.Dispose();
}
