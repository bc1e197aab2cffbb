using Holdfast.Registry;

namespace Holdfast.Registry.Tests;

/// <summary>A registry store in memory, which can be made to lose a race.</summary>
public sealed class MemoryRegistryStore(TimeProvider time) : IRegistryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(RegistryKind, string), RegistryEntry> _entries = [];
    private readonly List<ClientUse> _uses = [];
    private long _revision;

    public List<AuditRecord> Audit { get; } = [];
    public List<Revocation> Revocations { get; } = [];

    /// <summary>Runs before the next write, once: what another administrator does at that moment.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>How often something was asked to be written.</summary>
    public int Writes { get; private set; }

    public ValueTask<RegistryChanges> ReadSinceAsync(RegistryPosition position, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            bool isWhole = position.LogId.Length == 0;
            return new(new RegistryChanges(new("log", _revision), isWhole, [.. _entries.Values.Where(entry => isWhole || entry.Revision > position.Revision)], null));
        }
    }

    public async ValueTask<RegistryAnswer> WriteAsync(IReadOnlyList<RegistryWrite> writes, RegistryActor actor, CancellationToken cancellationToken)
    {
        if (Meanwhile is { } meanwhile)
        {
            Meanwhile = null;
            await meanwhile();
        }
        lock (_lock)
        {
            Writes++;
            if (writes.Any(write => (_entries.GetValueOrDefault((write.Kind, write.Id))?.Revision ?? 0) != write.Replaces))
                return RegistryAnswer.Conflict;
            _revision++;
            foreach (RegistryWrite write in writes)
            {
                RegistryEntry? before = _entries.GetValueOrDefault((write.Kind, write.Id));
                _entries[(write.Kind, write.Id)] = new RegistryEntry
                {
                    Kind = write.Kind, Id = write.Id, Document = write.Document, Revision = _revision, CreatedAt = before?.CreatedAt ?? time.GetUtcNow(), UpdatedAt = time.GetUtcNow(),
                    Secret = write.Secret switch { null => before?.Secret, [] => null, var secret => secret },
                };
                Audit.Add(new(Audit.Count + 1, time.GetUtcNow(), actor, write.Action, write.Kind, write.Id, before?.Document, write.Document));
                Revocations.AddRange(write.Revocations);
            }
            return RegistryAnswer.Written;
        }
    }

    public ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ClientUse>> ReadUsesAsync(CancellationToken cancellationToken) => new(_uses);

    public ValueTask WriteUsesAsync(IReadOnlyList<ClientUse> uses, CancellationToken cancellationToken)
    {
        _uses.AddRange(uses);
        return ValueTask.CompletedTask;
    }

    public ValueTask RevokeAsync(IReadOnlyList<Revocation> revocations, RegistryActor actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<RecordedRevocation>> ReadRevocationsAsync(long sequence, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
