using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Control;

/// <summary>What an edit did, or would do.</summary>
internal sealed record EditView
{
    /// <summary><c>done</c> or <c>unchanged</c>.</summary>
    public required string Outcome { get; init; }
    public bool? DryRun { get; init; }
    public required IReadOnlyList<ChangeView> Changes { get; init; }

    /// <summary>Shown this once.</summary>
    public string? ClientSecret { get; init; }
    public ClientView? Client { get; init; }
    public ResourceView? Resource { get; init; }

    public static EditView Of(EditResult result) => new()
    {
        Outcome = result.Outcome == EditOutcome.Done ? "done" : "unchanged",
        Changes = [.. result.Changes.Select(ChangeView.Of)],
        ClientSecret = result.Secret,
    };

    /// <summary>The refusal of an edit that was not done; null where it was, or was not needed.</summary>
    public static ControlAnswer? Refusal(EditResult result, string what) => result.Outcome switch
    {
        EditOutcome.Done or EditOutcome.Unchanged => null,
        EditOutcome.NotFound => ControlAnswer.Problem(StatusCodes.Status404NotFound, $"There is no {what}.", []),
        EditOutcome.Invalid => ControlAnswer.Problem(StatusCodes.Status422UnprocessableEntity, "It is against the rules.", result.Problems),
        // RFC 9110 §13.1.1: the condition that the caller named does not hold; without one it is a conflict.
        EditOutcome.Conflict => ControlAnswer.Problem(result.IsStale ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status409Conflict, "It is not as it was.", result.Problems),
        EditOutcome.Unspecified => ControlAnswer.Problem(StatusCodes.Status500InternalServerError, "Nothing is known to be written.", []),
    };
}

/// <summary>What happens to one entry.</summary>
internal sealed record ChangeView(string Kind, string Id, string Action, IReadOnlyList<MemberView> Members)
{
    public static ChangeView Of(EntryChange change) => new(KindWord.Of(change.Kind), change.Id, change.Action,
        [.. change.Members.Select(member => new MemberView(member.Member, Documents.Parse(member.Before), Documents.Parse(member.After)))]);
}

/// <summary>What happens to one member.</summary>
internal sealed record MemberView(string Member, JsonElement? Before, JsonElement? After);

/// <summary>The kinds of entries, as words.</summary>
internal static class KindWord
{
    public static string Of(RegistryKind kind) => kind switch
    {
        RegistryKind.Client => "client",
        RegistryKind.Resource => "resource",
        RegistryKind.IssuerKey => "issuer_key",
    };
}

/// <summary>Documents inside an answer: as they are stored.</summary>
internal static class Documents
{
    public static JsonElement? Parse(string? document) => document is null ? null : ParseOne(document);

    public static JsonElement ParseOne(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);
        return parsed.RootElement.Clone();
    }
}
