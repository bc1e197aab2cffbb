namespace Holdfast.Chaos;

/// <summary>One that the balancer may serve: a node by its own port, the guard by that of its nginx.</summary>
internal sealed class Member(NodeProcess process, Acceptor acceptor, int servedPort, bool isGuard) : IAsyncDisposable
{
    private readonly HttpClient _health = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMilliseconds(1000) };
    private readonly Uri _ready = new($"http://127.0.0.1:{process.Port}{NodeHealth.Path}");

    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;
    private volatile bool _isReady;

    public NodeProcess Process => process;
    public Acceptor Acceptor => acceptor;
    public int ServedPort => servedPort;
    public bool IsGuard => isGuard;
    /// <summary>Being taken out of service.</summary>
    public bool IsDraining { get; set; }

    /// <summary>What the last question after its health came to.</summary>
    public bool IsReady => _isReady;

    /// <summary>Asks after its health from now on, whatever the others take for their answers.</summary>
    public void Watch() => _watching = WatchAsync();

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            _isReady = await IsReadyAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>Asks once.</summary>
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
        await _end.CancelAsync();
        await _watching;
        await process.DisposeAsync();
        acceptor.Dispose();
        _health.Dispose();
    }
}
