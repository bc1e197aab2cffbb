using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>Decides what is due in the life of the signing keys.</summary>
internal sealed class IssuerKeyPlan(IssuerConfig config, NewKeys newKeys, SigningKeys keys)
{
    /// <summary>The writes that are due, empty for none; and what stands in the way of others.</summary>
    public (List<RegistryWrite> Writes, List<string> Problems) Due(IssuerKeyRing ring, DateTimeOffset now)
    {
        List<RegistryWrite> writes = [.. ring.Surplus.Select(known => IssuerKeyWrites.Retired(known, now))];
        List<string> problems = [];
        if (ring.Active is null)
            Succeed(ring, now, writes, problems);
        else if (ring.Staged is { } staged)
            ActivateWhenDue(ring.Active, staged, now, writes, problems);
        else if (now >= ring.Active.Key.ActiveFrom + config.Keys.RotationInterval - config.Keys.StagingPeriod)
            Stage(ring, Later(now + config.Keys.PublishBeforeUse, ring.Active.Key.ActiveFrom + config.Keys.RotationInterval), now, writes, problems);
        foreach (KnownKey ended in ring.Keys.Where(known => known.Key.State == IssuerKeyState.Retiring && !(now < known.Key.RetiredFrom)))
            writes.Add(IssuerKeyWrites.Retired(ended, now));
        return (writes, problems);
    }

    /// <summary>When <see cref="Due"/> has something to say next.</summary>
    public DateTimeOffset NextDue(IssuerKeyRing ring)
    {
        if (ring.Active is null || ring.Surplus.Count > 0)
            return DateTimeOffset.MinValue;
        DateTimeOffset next = ring.Staged?.Key.ActiveFrom ?? ring.Active.Key.ActiveFrom + config.Keys.RotationInterval - config.Keys.StagingPeriod;
        return ring.Keys.Where(static known => known.Key.State == IssuerKeyState.Retiring).Select(static known => known.Key.RetiredFrom ?? DateTimeOffset.MinValue).Append(next).Min();
    }

    /// <summary>A successor that signs at once: the staged key, or a new one. It was published for less than caches last, or not at all; verifiers look again for an unknown kid.</summary>
    public void Succeed(IssuerKeyRing ring, DateTimeOffset now, List<RegistryWrite> writes, List<string> problems)
    {
        if (ring.Staged is { } staged)
        {
            if (keys.Open(staged).Problem is not { } problem)
            {
                writes.Add(IssuerKeyWrites.Activate(staged, now));
                return;
            }
            problems.Add(problem);
        }
        NewKey made = newKeys.Next(ring);
        if (made.Key is not null)
            writes.Add(IssuerKeyWrites.Add(made, IssuerKeyState.Active, now, now));
        else
            problems.Add(made.Problem!);
    }

    /// <summary>The next key, published and not used yet.</summary>
    public void Stage(IssuerKeyRing ring, DateTimeOffset activeFrom, DateTimeOffset now, List<RegistryWrite> writes, List<string> problems)
    {
        NewKey made = newKeys.Next(ring);
        if (made.Key is not null)
            writes.Add(IssuerKeyWrites.Add(made, IssuerKeyState.Staged, now, activeFrom));
        else
            problems.Add(made.Problem!);
    }

    // LIFE-04: not before every verifier can have read it. One that this node cannot open does not follow: the old one goes on, and it is said aloud.
    private void ActivateWhenDue(KnownKey active, KnownKey staged, DateTimeOffset now, List<RegistryWrite> writes, List<string> problems)
    {
        if (keys.Open(staged).Problem is { } problem)
            problems.Add(problem);
        else if (now >= staged.Key.ActiveFrom)
            writes.AddRange([IssuerKeyWrites.Activate(staged, now), IssuerKeyWrites.Retiring(active, now)]);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
