using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>An entry of the registry as it is stored.</summary>
internal sealed class EntryRow
{
    private const string Columns = "kind AS Kind, id AS Id, document AS Document, secret AS Secret, revision AS Revision, created_at AS CreatedAt, updated_at AS UpdatedAt";

    public const string FindOne = $"SELECT {Columns} FROM entry WHERE kind = @kind AND id = @id";
    public const string FindSince = $"SELECT {Columns} FROM entry WHERE revision > @revision ORDER BY revision, kind, id";
    public const string FindAll = $"SELECT {Columns} FROM entry WHERE document IS NOT NULL ORDER BY revision, kind, id";

    public long Kind { get; init; }
    public string Id { get; init; } = "";
    public string? Document { get; init; }
    public byte[]? Secret { get; init; }
    public long Revision { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public RegistryEntry ToEntry() => new()
    {
        Kind = (RegistryKind)Kind,
        Id = StoredText.From(Id),
        Document = StoredText.FromOptional(Document),
        Secret = Secret,
        Revision = Revision,
        CreatedAt = StoredTime.From(CreatedAt),
        UpdatedAt = StoredTime.From(UpdatedAt),
    };
}
