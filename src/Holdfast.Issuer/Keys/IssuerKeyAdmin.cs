using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What an operator does with the signing keys.</summary>
internal sealed class IssuerKeyAdmin(IssuerKeyLife life, IssuerKeyPlan plan, IssuerConfig config, TimeProvider timeProvider) : IIssuerKeyAdmin
{
    private static readonly IssuerKeyResult Restless = new(IssuerKeyAnswer.Refused, Problem: "The signing keys are being changed by others at this moment; look at them, and try again.");

    public async ValueTask<IReadOnlyList<IssuerKey>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await life.RunDueAsync(cancellationToken)).Keys.Select(static known => known.Key).OrderByDescending(static key => key.CreatedAt)
            .ThenBy(static key => key.State).ThenBy(static key => key.Kid, StringComparer.Ordinal)];

    public async ValueTask<IssuerKeyResult> RotateAsync(RegistryActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        IssuerKeyResult result = await life.DoAsync(Rotate, actor, cancellationToken) ?? Restless;
        if (result is not { Answer: IssuerKeyAnswer.Done, Key: { } made })
            return result;
        // Of two at the same moment one counts.
        IssuerKeyRing ring = await life.RunDueAsync(cancellationToken);
        return ring.Find(made.Kid) is { Key.State: IssuerKeyState.Staged or IssuerKeyState.Active } ? result : Waiting(ring);
    }

    public async ValueTask<IssuerKeyResult> RetireAsync(string kid, bool immediately, RegistryActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kid);
        ArgumentNullException.ThrowIfNull(actor);
        return await life.DoAsync(ring => ring.Find(kid) switch
        {
            null => ([], new(IssuerKeyAnswer.NotFound)),
            { } known => immediately ? Revoke(ring, known) : Retire(ring, known),
        }, actor, cancellationToken) ?? Restless;
    }

    private (List<RegistryWrite> Writes, IssuerKeyResult Result) Rotate(IssuerKeyRing ring)
    {
        if (ring.Staged is not null)
            return ([], Waiting(ring));
        DateTimeOffset now = timeProvider.GetUtcNow();
        List<RegistryWrite> writes = [];
        List<string> problems = [];
        // LIFE-04: published for as long as verifiers cache, then it signs.
        plan.Stage(ring, now + config.Keys.PublishBeforeUse, now, writes, problems);
        return writes is [{ Document: { } document }] ? (writes, Done(RegistryJson.ReadIssuerKey(document))) : ([], Refused(string.Join(' ', problems)));
    }

    private (List<RegistryWrite> Writes, IssuerKeyResult Result) Retire(IssuerKeyRing ring, KnownKey known)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        return known.Key.State switch
        {
            // It signed nothing.
            IssuerKeyState.Staged => ([IssuerKeyWrites.Retired(known, now)], Done(known.Key)),
            IssuerKeyState.Active when ring.Staged is { } staged => ([], Refused(
                $"It is the key that signs, and its successor '{staged.Kid}' takes over at {staged.Key.ActiveFrom:u}, when verifiers have read it. In an emergency end it immediately.", known)),
            IssuerKeyState.Active => ([], Refused("It is the key that signs, and none follows; rotate, and it retires by itself. In an emergency end it immediately.", known)),
            IssuerKeyState.Retiring => ([], Refused($"It signs no more, and goes by itself at {known.Key.RetiredFrom:u}. In an emergency end it immediately.", known)),
            IssuerKeyState.Retired or IssuerKeyState.Revoked => ([], Refused("It is gone already.", known)),
        };
    }

    // LIFE-09: whatever follows, the key ends. Where nothing can follow, nothing is signed any more, which is said at every request.
    private (List<RegistryWrite> Writes, IssuerKeyResult Result) Revoke(IssuerKeyRing ring, KnownKey known)
    {
        // Asked twice, because an answer was lost.
        if (known.Key.State == IssuerKeyState.Revoked)
            return ([], Done(known.Key));
        DateTimeOffset now = timeProvider.GetUtcNow();
        List<RegistryWrite> writes = [IssuerKeyWrites.Revoked(known, now)];
        List<string> problems = [];
        if (known == ring.Active)
            plan.Succeed(ring, now, writes, problems);
        return (writes, Done(known.Key) with { Problem = problems.Count == 0 ? null : string.Join(' ', problems) });
    }

    private static IssuerKeyResult Waiting(IssuerKeyRing ring) => ring.Staged is { } staged
        ? Refused($"The key '{staged.Kid}' is waiting already; it signs from {staged.Key.ActiveFrom:u}.", staged)
        : Restless;

    private static IssuerKeyResult Done(IssuerKey key) => new(IssuerKeyAnswer.Done, key);

    private static IssuerKeyResult Refused(string problem, KnownKey? known = null) => new(IssuerKeyAnswer.Refused, known?.Key, problem);
}
