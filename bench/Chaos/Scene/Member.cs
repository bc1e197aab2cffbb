namespace Holdfast.Chaos;

/// <summary>One that the balancer may serve: a node by its own port, the guard by that of its nginx.</summary>
internal sealed class Member(NodeProcess process, Acceptor acceptor, int servedPort, bool isGuard) : IAsyncDisposable
{
    private readonly HttpClient _health = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMilliseconds(1000) };
    private readonly Uri _ready = new($"http://127.0.0.1:{process.Port}{NodeHealth.Path}");

    public NodeProcess Process => process;
    public Acceptor Acceptor => acceptor;
    public int ServedPort => servedPort;
    public bool IsGuard => isGuard;
    /// <summary>Being taken out of service.</summary>
    public bool IsDraining { get; set; }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage response = await _health.GetAsync(_ready);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        acceptor.Dispose();
        _health.Dispose();
    }
}
