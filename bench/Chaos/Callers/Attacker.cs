using System.Collections.Concurrent;

namespace Holdfast.Chaos;

/// <summary>
/// Sees every proof and sends it to every node and to the guard: some at the very moment they are sent first, all of them as soon as they are answered, and
/// again after each of several delays. On a signal, such as a fault, he sends a volley of all that may still be fresh.
/// </summary>
internal sealed class Attacker(Func<IReadOnlyList<Acceptor>> acceptors, IReadOnlyList<TimeSpan> delays, int raceEvery, int volleySize) : IWire
{
    private readonly ConcurrentQueue<SentProof> _seen = new();
    private readonly PriorityQueue<(SentProof Proof, string Who), long> _due = new();
    private readonly ConcurrentDictionary<Task, byte> _underWay = new();
    private readonly CancellationTokenSource _giveUp = new();
    private long _sighted;
    private long _tried, _raced, _answeredAccepted, _refused, _unavailable, _unanswered, _noRoom;

    /// <summary>What he has achieved, as he sees it.</summary>
    public AttackCount Count => new(Interlocked.Read(ref _sighted), Interlocked.Read(ref _tried), Interlocked.Read(ref _raced), Interlocked.Read(ref _answeredAccepted),
        Interlocked.Read(ref _refused), Interlocked.Read(ref _unavailable), Interlocked.Read(ref _unanswered), Interlocked.Read(ref _noRoom));

    public SentProof Sending(SentProof proof)
    {
        bool race = Interlocked.Increment(ref _sighted) % raceEvery == 0;
        proof = proof with { IsRaced = race };
        if (race)
            SendToAll(proof, "race");
        return proof;
    }

    public void Answered(SentProof proof)
    {
        _seen.Enqueue(proof);
        SendToAll(proof, "at-once");
        long now = TimeProvider.System.GetTimestamp();
        lock (_due)
        {
            foreach (TimeSpan delay in delays)
                _due.Enqueue((proof, FormattableString.Invariant($"after-{delay.TotalSeconds:0.##}s")), now + (long)(delay.TotalSeconds * TimeProvider.System.TimestampFrequency));
        }
    }

    /// <summary>Sends again, to everybody, the newest proofs and a sample of the older ones.</summary>
    public void Volley(string who)
    {
        SentProof[] all = [.. _seen];
        IEnumerable<SentProof> newest = all.TakeLast(volleySize);
        int older = Math.Max(0, all.Length - volleySize), step = Math.Max(1, older / volleySize);
        foreach (SentProof proof in newest.Concat(Enumerable.Range(0, older).Where(i => i % step == 0).Select(i => all[i])))
            SendToAll(proof, "volley-" + who);
    }

    /// <summary>Sends what is due, until told to end; what is under way then gets a few seconds.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach ((SentProof proof, string who) in TakeDue())
                SendToAll(proof, who);
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
        _giveUp.CancelAfter(TimeSpan.FromSeconds(5));
        await Task.WhenAll(_underWay.Keys);
    }

    private List<(SentProof Proof, string Who)> TakeDue()
    {
        List<(SentProof, string)> taken = [];
        long now = TimeProvider.System.GetTimestamp();
        lock (_due)
        {
            while (_due.TryPeek(out _, out long due) && due <= now)
                taken.Add(_due.Dequeue());
        }
        return taken;
    }

    private void SendToAll(SentProof proof, string who)
    {
        foreach (Acceptor acceptor in acceptors())
        {
            Task task = Task.Run(() => SendAsync(acceptor, proof, who));
            _underWay.TryAdd(task, 0);
            _ = task.ContinueWith(done => _underWay.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task SendAsync(Acceptor acceptor, SentProof proof, string who)
    {
        (bool sent, int? status) = await acceptor.SendAsync(proof, who, _giveUp.Token);
        if (!sent)
        {
            Interlocked.Increment(ref _noRoom);
            return;
        }
        Interlocked.Increment(ref who == "race" ? ref _raced : ref _tried);
        if (status is null)
            Interlocked.Increment(ref _unanswered);
        else
            Interlocked.Increment(ref status == 200 ? ref _answeredAccepted : ref status < 500 ? ref _refused : ref _unavailable);
    }
}
