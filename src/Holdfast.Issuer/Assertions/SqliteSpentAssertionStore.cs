using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Spent assertions in SQLite, in the data directory. One writer takes all that is waiting into one transaction, because forcing a
/// transaction to the disk costs many times what a row costs.
/// </summary>
internal sealed class SqliteSpentAssertionStore : ISpentAssertionStore, IAsyncDisposable
{
    public const string FileName = "issuer.db";

    private const int MaxBatch = 128;
    /// <summary>Past this the store is not keeping up, and callers are told so at once.</summary>
    private const int MaxWaiting = 4096;

    private readonly Channel<Request> _waiting = Channel.CreateBounded<Request>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly SpentAssertionTable _table;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Task _writer;

    public SqliteSpentAssertionStore(string directory, TimeProvider timeProvider, ILogger<SqliteSpentAssertionStore> logger)
    {
        _timeProvider = timeProvider;
        _logger = logger;
        _table = SpentAssertionTable.Open(directory, FileName);
        _writer = Task.Run(WriteAsync);
    }

    public async ValueTask<SpendResult> TrySpendAsync(SpentAssertion assertion, CancellationToken cancellationToken)
    {
        var request = new Request(assertion);
        return _waiting.Writer.TryWrite(request) ? await request.Answer.Task.WaitAsync(cancellationToken) : SpendResult.Unavailable;
    }

    private async Task WriteAsync()
    {
        var batch = new List<Request>(MaxBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // Behind the work that waits for a thread already: under load its assertions join this transaction; where nothing waits, nothing is lost.
            await Task.Yield();
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out Request? request))
                batch.Add(request);
            WriteBatch(batch);
            batch.Clear();
        }
    }

    private void WriteBatch(List<Request> batch)
    {
        SpendResult[] results;
        try
        {
            results = _table.Spend([.. batch.Select(request => request.Assertion)], _timeProvider.GetUtcNow());
        }
#pragma warning disable CA1031 // Whatever goes wrong is a fault of the store; let out, it would end the writer, and every later request would wait for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Fail closed: what is not known to be recorded was not spent, and nothing is issued for it.
            IssuerLog.LogFault(_logger, batch.Count, e);
            results = new SpendResult[batch.Count];
        }
        for (int i = 0; i < results.Length; i++)
            batch[i].Answer.TrySetResult(results[i]);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writer;
        _table.Dispose();
    }

    private sealed class Request(SpentAssertion assertion)
    {
        public SpentAssertion Assertion => assertion;
        public TaskCompletionSource<SpendResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
