namespace Holdfast.Registry;

/// <summary>
/// Where the registry is kept. Entries are documents; each write raises the one revision of the whole, so that whoever has read up to a revision can ask what
/// came after it. Every write is recorded with its author, in the same transaction. Faults of the database are <see cref="StateUnavailableException"/>.
/// </summary>
public interface IRegistryStore
{
    /// <summary>What changed since <paramref name="position"/>, in one consistent read; everything where that position is not of this line of history.</summary>
    ValueTask<RegistryChanges> ReadSinceAsync(RegistryPosition position, CancellationToken cancellationToken);

    /// <summary>
    /// Writes all or nothing: on <see cref="RegistryAnswer.Conflict"/> whoever decided has to look again. The writes of one call are of one revision.
    /// </summary>
    ValueTask<RegistryAnswer> WriteAsync(IReadOnlyList<RegistryWrite> writes, RegistryActor actor, CancellationToken cancellationToken);

    /// <summary>The record of changes, newest first.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken);

    /// <summary>What each client was last used for. Those that never were are not among them.</summary>
    ValueTask<IReadOnlyList<ClientUse>> ReadUsesAsync(CancellationToken cancellationToken);

    /// <summary>Notes uses: each replaces an older one of the same client. Losing some with the process is no harm.</summary>
    ValueTask WriteUsesAsync(IReadOnlyList<ClientUse> uses, CancellationToken cancellationToken);

    /// <summary>Records revocations; one that is there already is not recorded twice.</summary>
    ValueTask RevokeAsync(IReadOnlyList<Revocation> revocations, RegistryActor actor, CancellationToken cancellationToken);

    /// <summary>The revocations after <paramref name="sequence"/> in their order, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<RecordedRevocation>> ReadRevocationsAsync(long sequence, int limit, CancellationToken cancellationToken);
}

/// <summary>Which records of change are wanted.</summary>
public sealed record AuditFilter
{
    /// <summary>Of this kind of entry; null: all.</summary>
    public RegistryKind? Kind { get; init; }

    /// <summary>Of this entry; null: all.</summary>
    public string? Id { get; init; }

    /// <summary>Before this place, to page on; null: the newest.</summary>
    public long? Before { get; init; }

    /// <summary>At most so many: 1 to 1000.</summary>
    public int Limit { get; init; } = 100;
}
