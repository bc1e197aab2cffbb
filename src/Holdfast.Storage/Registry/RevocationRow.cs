using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>A revocation as it is stored.</summary>
internal sealed class RevocationRow
{
    public const string After = """
        SELECT sequence AS Sequence, at AS At, kind AS Kind, value AS Value, until AS Until, reason AS Reason FROM revocation WHERE sequence > @sequence ORDER BY sequence LIMIT @limit
        """;

    public long Sequence { get; init; }
    public long At { get; init; }
    public long Kind { get; init; }
    public string Value { get; init; } = "";
    public long? Until { get; init; }
    public string Reason { get; init; } = "";

    public RecordedRevocation ToRevocation() => new(Sequence, StoredTime.From(At),
        new((RevocationKind)Kind, StoredText.From(Value), StoredTime.From(Until), StoredText.From(Reason)));
}
