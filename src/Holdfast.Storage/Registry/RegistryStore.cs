using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>The registry, the record of its changes and the log of revocations.</summary>
internal sealed class RegistryStore(IStateDatabase database, TimeProvider timeProvider) : IRegistryStore
{
    /// <summary>The longest identifier of an entry, because it is a key of an index.</summary>
    public const int MaxIdLength = 512;

    // Whoever holds the counter's row is the only one who writes here, so revisions become visible in their order.
    private const string Take = "UPDATE counter SET value = value + 1 WHERE name = 'registry'";
    private const string Last = "SELECT value FROM counter WHERE name = 'registry'";
    private const string Insert = """
        INSERT INTO entry (kind, id, document, secret, revision, created_at, updated_at) VALUES (@kind, @id, @document, @secret, @revision, @at, @at) ON CONFLICT DO NOTHING
        """;
    private const string Update = """
        UPDATE entry SET document = @document, secret = @secret, revision = @revision, updated_at = @at WHERE kind = @kind AND id = @id AND revision = @replaces
        """;

    public async ValueTask<RegistryChanges> ReadSinceAsync(RegistryPosition position, CancellationToken cancellationToken) =>
        await database.ReadAsync(async session =>
        {
            Here here = await session.HereAsync();
            // A revision that is not reached yet is one of a history that was lost.
            bool isWhole = position.LogId != here.LogId || position.Revision > here.Revision;
            IReadOnlyList<EntryRow> rows = isWhole
                ? await session.QueryAsync<EntryRow>(EntryRow.FindAll)
                : await session.QueryAsync<EntryRow>(EntryRow.FindSince, new { revision = position.Revision });
            return new RegistryChanges(here.Position, isWhole, [.. rows.Select(static row => row.ToEntry())], here.Restored);
        }, cancellationToken);

    public async ValueTask<RegistryAnswer> WriteAsync(IReadOnlyList<RegistryWrite> writes, RegistryActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        foreach (RegistryWrite write in writes)
        {
            if (write.Id.Length is 0 or > MaxIdLength)
                throw new ArgumentException($"An identifier has 1 to {MaxIdLength} characters.", nameof(writes));
        }
        if (writes.Count == 0)
            return RegistryAnswer.Written;
        return await database.WriteAsync(session => WriteAsync(session, writes, actor), static answer => answer == RegistryAnswer.Written, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var wanted = new
        {
            kind = (long)filter.Kind.GetValueOrDefault(), anyId = filter.Id is null ? 1L : 0L, id = StoredText.Of(filter.Id ?? ""), before = filter.Before ?? long.MaxValue,
            limit = (long)Math.Clamp(filter.Limit, 1, 1000),
        };
        return [.. (await database.ReadAsync(session => session.QueryAsync<AuditRow>(AuditLog.Find, wanted), cancellationToken)).Select(static row => row.ToRecord())];
    }

    public async ValueTask<IReadOnlyList<ClientUse>> ReadUsesAsync(CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync(session => session.QueryAsync<ClientUseRow>(ClientUseRow.FindAll), cancellationToken)).Select(static row => row.ToUse())];

    public async ValueTask WriteUsesAsync(IReadOnlyList<ClientUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        // In one order, so that two nodes that note the same clients do not wait for each other.
        ClientUse[] sorted = [.. uses.OrderBy(static use => use.ClientId, StringComparer.Ordinal)];
        if (sorted.Length == 0)
            return;
        await database.WriteAsync(async session =>
        {
            foreach (ClientUse use in sorted)
                await session.ExecuteAsync(ClientUseRow.Save, ClientUseRow.Of(use));
            return true;
        }, static _ => true, cancellationToken);
    }

    public async ValueTask RevokeAsync(IReadOnlyList<Revocation> revocations, RegistryActor actor, CancellationToken cancellationToken) =>
        await database.WriteAsync(async session =>
        {
            await session.HereAsync();
            DateTimeOffset now = timeProvider.GetUtcNow();
            await RevocationLog.AddAsync(session, revocations, now);
            foreach (Revocation revocation in revocations)
                await AuditLog.AddAsync(session, actor, ActionOf(revocation.Kind), KindOf(revocation.Kind), revocation.Value, null, null, now);
            return true;
        }, static _ => true, cancellationToken);

    public async ValueTask<IReadOnlyList<RecordedRevocation>> ReadRevocationsAsync(long sequence, int limit, CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync(session => session.QueryAsync<RevocationRow>(RevocationRow.After, new { sequence, limit = (long)limit }), cancellationToken))
            .Select(static row => row.ToRevocation())];

    private async Task<RegistryAnswer> WriteAsync(StateSession session, IReadOnlyList<RegistryWrite> writes, RegistryActor actor)
    {
        await session.HereAsync();
        session.Forget();
        await session.ExecuteAsync(Take);
        long revision = await session.FindAsync<long>(Last);
        DateTimeOffset now = timeProvider.GetUtcNow();
        List<EntryRow?> before = [];
        foreach (RegistryWrite write in writes)
        {
            EntryRow? row = await session.FindAsync<EntryRow>(EntryRow.FindOne, new { kind = (long)write.Kind, id = StoredText.Of(write.Id) });
            if (!await WriteAsync(session, write, row, revision, now))
                return RegistryAnswer.Conflict;
            before.Add(row);
        }
        await RevocationLog.AddAsync(session, [.. writes.SelectMany(static write => write.Revocations)], now);
        for (int i = 0; i < writes.Count; i++)
            await AuditLog.AddAsync(session, actor, writes[i].Action, writes[i].Kind, writes[i].Id, StoredText.FromOptional(before[i]?.Document), AuditLog.After(writes[i]), now);
        return RegistryAnswer.Written;
    }

    private static async Task<bool> WriteAsync(StateSession session, RegistryWrite write, EntryRow? row, long revision, DateTimeOffset now)
    {
        if ((row?.Revision ?? 0) != write.Replaces)
            return false;
        // The identifier of a client that was removed is never that of another.
        if (row is { Document: null } && write.Kind == RegistryKind.Client)
            return false;
        byte[]? secret = write switch
        {
            { Document: null } or { Secret.Length: 0 } => null,
            { Secret: { } set } => set,
            _ => row?.Secret,
        };
        var values = new
        {
            kind = (long)write.Kind, id = StoredText.Of(write.Id), document = StoredText.OfOptional(write.Document), secret, revision, at = StoredTime.Of(now), replaces = write.Replaces,
        };
        return await session.ExecuteAsync(row is null ? Insert : Update, values) == 1;
    }

    private static string ActionOf(RevocationKind kind) => kind switch
    {
        RevocationKind.Token => "token.revoke",
        RevocationKind.Grant => "grant.revoke",
        RevocationKind.Client => "client.revoke",
        RevocationKind.SigningKey => "issuer_key.revoke",
    };

    // Tokens and grants are no entries of the registry: no kind, which is 0.
    private static RegistryKind KindOf(RevocationKind kind) => kind switch
    {
        RevocationKind.Client => RegistryKind.Client,
        RevocationKind.SigningKey => RegistryKind.IssuerKey,
        RevocationKind.Token or RevocationKind.Grant => default,
    };
}
