using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>
/// Says no early where a node has more to verify than it can in time: before a token is hashed, a body is read or a signature is checked. One for the
/// process, asked by every door and by the issuer. Two bounds: verifications in flight, which grow where something awaited (the issuer's keys, a shared
/// replay store) does not answer; and the backlog of the thread pool, which grows where processor time is short. Counted by
/// <c>holdfast.verifications.shed</c>; never a proof failure.
/// </summary>
public sealed class VerifierGate
{
    // A caller that comes again at once would make the node spend its time on refusals: measured, without the pause nothing else was left of it.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    // And each pause is another one: callers who were refused together would come again together, and be refused again.
    private const int Steps = 100, Stride = 61;
    // A caller that waits costs its connection and little else; past this, callers are answered at once.
    private const int MaxPausing = 4_096;

    private readonly TimeProvider _timeProvider;
    private readonly WorkBacklog _backlog;
    private readonly int _limit;
    private readonly Refusal _tooMany;
    private readonly Refusal _tooLong;
    private int _inFlight;
    private int _pausing;
    private uint _refusals;

    /// <summary>A gate with these bounds.</summary>
    public VerifierGate(IOptions<VerifierGateOptions> options, TimeProvider timeProvider) : this(options, timeProvider, static () => ThreadPool.PendingWorkItemCount) { }

    internal VerifierGate(IOptions<VerifierGateOptions> options, TimeProvider timeProvider, Func<long> pendingWork)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        VerifierGateOptions settings = options.Value;
        _timeProvider = timeProvider;
        _limit = settings.MaxConcurrentVerifications;
        long longest = settings.MaxBacklogPerProcessor is { } each ? (long)each * Environment.ProcessorCount : long.MaxValue;
        _backlog = new WorkBacklog(longest, timeProvider, pendingWork);
        _tooMany = new(VerificationFailure.VerifierOverloaded, $"at most {_limit} verifications at once", "more");
        _tooLong = new(VerificationFailure.VerifierOverloaded, $"at most {longest} work items waiting for a thread", "more, for a while");
    }

    /// <summary>
    /// Null where the request may be verified: call <see cref="Exit"/> afterwards. Otherwise the refusal to answer with, after a pause; nothing is to
    /// be called then. Never fails.
    /// </summary>
    /// <param name="role">Who asks.</param>
    /// <param name="resource">The resource's name, or the issuer: for the meter.</param>
    public ValueTask<Refusal?> EnterAsync(VerifierRole role, string resource)
    {
        if (_backlog.IsStanding())
            return RefuseAsync(_tooLong, role, resource, "backlog");
        if (Interlocked.Increment(ref _inFlight) <= _limit)
            return default;
        Interlocked.Decrement(ref _inFlight);
        return RefuseAsync(_tooMany, role, resource, "concurrency");
    }

    /// <summary>A verification that was let in has ended, however it did.</summary>
    public void Exit() => Interlocked.Decrement(ref _inFlight);

    private async ValueTask<Refusal?> RefuseAsync(Refusal refusal, VerifierRole role, string resource, string reason)
    {
        VerifierMeter.RecordShed(role, resource, reason);
        if (Interlocked.Increment(ref _pausing) <= MaxPausing)
            await Task.Delay(ShortestPause + TimeSpan.FromMilliseconds(Interlocked.Increment(ref _refusals) * Stride % Steps), _timeProvider);
        Interlocked.Decrement(ref _pausing);
        return refusal;
    }
}
