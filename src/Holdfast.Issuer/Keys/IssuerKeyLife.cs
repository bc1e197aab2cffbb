using Holdfast.Registry;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Moves the signing keys through their life: what is due by time, and what somebody decides. Several processes may do so at once; each step is one write on condition,
/// so one of them takes it, and the others look again.
/// </summary>
internal sealed class IssuerKeyLife(IRegistryStore store, IssuerRegistry registry, IssuerKeyRings rings, IssuerKeyPlan plan, SigningKeys keys, TimeProvider timeProvider, ILogger<IssuerKeyLife> logger)
{
    private const int MaxAttempts = 8;

    private int _isPoked;
    private string _lastProblem = "";

    /// <summary>What is in the way of a step that is due; empty for nothing.</summary>
    public string Problem => Volatile.Read(ref _lastProblem);

    /// <summary>Does what is due, and answers with the keys as they are then.</summary>
    /// <exception cref="StateUnavailableException">The database does not answer.</exception>
    public async ValueTask<IssuerKeyRing> RunDueAsync(CancellationToken cancellationToken)
    {
        IssuerSnapshot snapshot = await registry.GetAsync(cancellationToken);
        for (int attempt = 1; ; attempt++)
        {
            IssuerKeyRing ring = rings.Of(snapshot);
            (List<RegistryWrite> writes, List<string> problems) = plan.Due(ring, timeProvider.GetUtcNow());
            Tell(problems);
            if (writes.Count == 0 || attempt == MaxAttempts)
            {
                keys.Keep(ring.Published.Select(static known => known.Kid).ToHashSet(StringComparer.Ordinal));
                return ring;
            }
            await WriteAsync(writes, RegistryActor.Issuer, cancellationToken);
            snapshot = await ReadAfterAsync(writes, snapshot, cancellationToken);
        }
    }

    /// <summary>Does something by the newest keys; decided again where they changed meanwhile. Null: the registry would not rest.</summary>
    /// <param name="decide">The writes, and what is answered where they are written; null for an answer without any.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<IssuerKeyResult?> DoAsync(Func<IssuerKeyRing, (List<RegistryWrite> Writes, IssuerKeyResult Result)> decide, RegistryActor actor, CancellationToken cancellationToken)
    {
        IssuerKeyRing ring = await RunDueAsync(cancellationToken);
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            (List<RegistryWrite> writes, IssuerKeyResult result) = decide(ring);
            if (writes.Count == 0)
                return result;
            RegistryAnswer answer = await WriteAsync(writes, actor, cancellationToken);
            ring = rings.Of(await ReadAfterAsync(writes, ring.Snapshot, cancellationToken));
            if (answer == RegistryAnswer.Written)
                return result with { Key = ring.Find(result.Key!.Kid)?.Key ?? result.Key };
        }
        return null;
    }

    /// <summary>Does what is due beside a request, where something is: so that nothing depends on a timer alone. Never throws.</summary>
    public void Poke(IssuerKeyRing ring)
    {
        if (timeProvider.GetUtcNow() < plan.NextDue(ring) || Interlocked.Exchange(ref _isPoked, 1) != 0)
            return;
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(RunPokedAsync);
    }

    private async Task RunPokedAsync()
    {
        try
        {
            await RunDueAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // Beside a request: whatever it is, it is told, and tried again by the next one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Tell([e.Message]);
        }
        finally
        {
            Volatile.Write(ref _isPoked, 0);
        }
    }

    private async ValueTask<RegistryAnswer> WriteAsync(List<RegistryWrite> writes, RegistryActor actor, CancellationToken cancellationToken)
    {
        RegistryAnswer answer = await store.WriteAsync(writes, actor, cancellationToken);
        if (answer == RegistryAnswer.Written)
        {
            // LIFE-01: each change of state is logged; the record with its author is in the registry.
            foreach (RegistryWrite write in writes)
                IssuerLog.LogKeyStep(logger, write.Action, write.Id, actor.Name);
        }
        return answer;
    }

    // Written or not: an entry is not as it was. Another request may have read in between, just before that.
    private async ValueTask<IssuerSnapshot> ReadAfterAsync(List<RegistryWrite> writes, IssuerSnapshot snapshot, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            snapshot = await registry.GetNewerAsync(snapshot, cancellationToken);
            if (writes.Exists(write => (snapshot.Entries.GetValueOrDefault((write.Kind, write.Id))?.Revision ?? 0) != write.Replaces))
                break;
        }
        return snapshot;
    }

    // Once for as long as it lasts: it is tried again every few seconds.
    private void Tell(List<string> problems)
    {
        string problem = string.Join(' ', problems);
        if (Interlocked.Exchange(ref _lastProblem, problem) != problem && problem.Length > 0)
            IssuerLog.LogKeyProblem(logger, problem);
    }
}
