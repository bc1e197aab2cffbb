using System.Collections.Concurrent;

namespace Holdfast.Chaos;

/// <summary>Honest clients at a steady rate: a request is sent when it is due, whether or not earlier ones were answered.</summary>
internal sealed class HonestLoad(IReadOnlyList<HonestClient> clients, IWire wire, int perSecond)
{
    private readonly ConcurrentQueue<HonestOutcome> _outcomes = new();

    /// <summary>What has ended so far.</summary>
    public IReadOnlyList<HonestOutcome> Outcomes => [.. _outcomes];

    /// <summary>Sends until told to end, and waits for the last answers.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        List<Task> calls = [];
        long started = TimeProvider.System.GetTimestamp();
        for (long sent = 0; !end.IsCancellationRequested; sent++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)sent / perSecond) - TimeProvider.System.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
                await Task.Delay(due, CancellationToken.None);
            HonestClient client = clients[(int)(sent % clients.Count)];
            calls.RemoveAll(static call => call.IsCompleted);
            calls.Add(Task.Run(async () => _outcomes.Enqueue(await client.CallAsync(wire)), CancellationToken.None));
        }
        await Task.WhenAll(calls);
    }
}
