using System.Text.Json;
using Holdfast.Registry;

namespace Holdfast.Control;

/// <summary>The record of changes, newest first.</summary>
internal sealed class AuditEndpoint(IRegistryStore store)
{
    public async Task<ControlAnswer> ListAsync(ControlRequest request)
    {
        ControlQuery query = request.Query("kind", "id", "before", "limit");
        RegistryKind? kind = query.Word("kind", [.. Enum.GetValues<RegistryKind>().Select(kind => (KindWord.Of(kind), kind))]);
        var filter = new AuditFilter { Kind = kind, Id = query.Text("id"), Before = query.Place("before"), Limit = query.Limit(standard: 100, most: 1000) };
        if (query.Refusal is { } refusal)
            return refusal;
        IReadOnlyList<AuditRecord> records = await store.ReadAuditAsync(filter, request.Aborted);
        return ControlAnswer.Of(new AuditView([.. records.Select(RecordView.Of)], records.Count == filter.Limit ? records[^1].Sequence : null), ControlJson.Default.AuditView);
    }
}

/// <summary>Some records, and before which the next ones are.</summary>
internal sealed record AuditView(IReadOnlyList<RecordView> Records, long? Next);

/// <summary>One change: who, when, what, before and after.</summary>
internal sealed record RecordView(long Sequence, DateTimeOffset At, ActorView Actor, string Action, string Kind, string Id, JsonElement? Before, JsonElement? After)
{
    public static RecordView Of(AuditRecord record) => new(record.Sequence, record.At, new(record.Actor.Name, record.Actor.Thumbprint, record.Actor.Address), record.Action,
        KindWord.Of(record.Kind), record.Id, Documents.Parse(record.Before), Documents.Parse(record.After));
}

/// <summary>Who changed something.</summary>
internal sealed record ActorView(string Name, string? Thumbprint, string? Address);
