using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>The record of changes.</summary>
internal static class AuditLog
{
    private const string Insert = """
        INSERT INTO audit (sequence, at, actor, thumbprint, address, action, kind, id, before, after)
        VALUES (@sequence, @at, @actor, @thumbprint, @address, @action, @kind, @id, @before, @after)
        """;

    private const string Take = "UPDATE counter SET value = value + 1 WHERE name = 'audit'";
    private const string Last = "SELECT value FROM counter WHERE name = 'audit'";

    public const string Find = """
        SELECT sequence AS Sequence, at AS At, actor AS Actor, thumbprint AS Thumbprint, address AS Address, action AS Action, kind AS Kind, id AS Id, before AS Before, after AS After
        FROM audit WHERE (@kind = 0 OR kind = @kind) AND (@anyId = 1 OR id = @id) AND sequence < @before ORDER BY sequence DESC LIMIT @limit
        """;

    /// <summary>Records one change, in the transaction that makes it.</summary>
    public static async Task AddAsync(StateSession session, RegistryActor actor, string action, RegistryKind kind, string id, string? before, string? after, DateTimeOffset now)
    {
        await session.ExecuteAsync(Take);
        await session.ExecuteAsync(Insert, new
        {
            sequence = await session.FindAsync<long>(Last), at = StoredTime.Of(now), actor = StoredText.Of(actor.Name), thumbprint = StoredText.OfOptional(actor.Thumbprint),
            address = StoredText.OfOptional(actor.Address), action = StoredText.Of(action), kind = (long)kind, id = StoredText.Of(id),
            before = StoredText.OfOptional(before), after = StoredText.OfOptional(after),
        });
    }

    /// <summary>The content after a write. That a secret was set or deleted is said; which it is, is not.</summary>
    public static string? After(RegistryWrite write)
    {
        if (write.Document is null || write.Secret is null)
            return write.Document;
        try
        {
            if (JsonNode.Parse(write.Document) is JsonObject document)
            {
                document["secret_set"] = write.Secret.Length > 0;
                return document.ToJsonString();
            }
        }
        catch (JsonException)
        {
            // Recorded as it is.
        }
        return write.Document;
    }
}

/// <summary>A change as it is stored.</summary>
internal sealed class AuditRow
{
    public long Sequence { get; init; }
    public long At { get; init; }
    public string Actor { get; init; } = "";
    public string? Thumbprint { get; init; }
    public string? Address { get; init; }
    public string Action { get; init; } = "";
    public long Kind { get; init; }
    public string Id { get; init; } = "";
    public string? Before { get; init; }
    public string? After { get; init; }

    public AuditRecord ToRecord() => new(Sequence, StoredTime.From(At), new(StoredText.From(Actor), StoredText.FromOptional(Thumbprint), StoredText.FromOptional(Address)),
        StoredText.From(Action), (RegistryKind)Kind, StoredText.From(Id), StoredText.FromOptional(Before), StoredText.FromOptional(After));
}
