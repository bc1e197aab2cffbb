namespace Holdfast.Storage;

/// <summary>The schema of a database beside that of this program.</summary>
internal sealed class SchemaStatus
{
    private readonly IReadOnlyList<Migration> _known;
    private readonly IReadOnlyList<AppliedMigration> _applied;

    public SchemaStatus(IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        _known = known;
        _applied = applied;
    }

    /// <summary>The newest migration of the database; 0: none.</summary>
    public long Applied => _applied.Count == 0 ? 0 : _applied[^1].Number;

    /// <summary>The newest one of this program.</summary>
    public long Known => _known[^1].Number;

    /// <summary>Those that the database lacks, in order.</summary>
    public IReadOnlyList<Migration> Pending => [.. _known.Where(migration => migration.Number > Applied)];

    /// <summary>Why this program must not use the database; null: it may, once what is pending has run.</summary>
    public string? Refusal
    {
        get
        {
            foreach (AppliedMigration applied in _applied)
            {
                // One that ran as something else has made something else: nobody knows what the statements would meet.
                if (_known.FirstOrDefault(migration => migration.Number == applied.Number) is { } known && known.Checksum != applied.Checksum)
                    return $"migration {applied.Number} ({applied.Name}) ran there with another content than this program has; it was made by a build that was never published: restore a backup, or use that build";
            }
            // Version N and N+1 run on one schema: the newer one says whether the older may.
            if (Applied > Known && _applied[^1].CompatibleFrom > Known)
                return $"its schema {Applied} can be used by programs of schema {_applied[^1].CompatibleFrom} and later, and this one is of {Known}; start a later version";
            return null;
        }
    }
}

/// <summary>A migration that has run.</summary>
internal sealed class AppliedMigration
{
    public long Number { get; init; }
    public string Name { get; init; } = "";
    public string Checksum { get; init; } = "";
    public long CompatibleFrom { get; init; }
    public long AppliedAt { get; init; }
}
