using System.Text.Json.Nodes;

namespace Holdfast.Registry;

/// <summary>What happens to one entry.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="Action">What is done, as it is recorded: <c>client.add</c>.</param>
/// <param name="Members">The members that change.</param>
public sealed record EntryChange(RegistryKind Kind, string Id, string Action, IReadOnlyList<MemberChange> Members)
{
    /// <summary>The change from one document to another; null stands for an entry that does not exist.</summary>
    public static EntryChange Between(RegistryKind kind, string id, string action, string? before, string? after)
    {
        JsonObject old = Parse(before), now = Parse(after);
        string[] names = [.. old.Select(member => member.Key).Union(now.Select(member => member.Key), StringComparer.Ordinal)];
        return new(kind, id, action, [.. names.Where(name => !JsonNode.DeepEquals(old[name], now[name]))
            .Select(name => new MemberChange(name, old[name]?.ToJsonString(), now[name]?.ToJsonString()))]);
    }

    private static JsonObject Parse(string? document) => document is null ? [] : JsonNode.Parse(document)!.AsObject();
}

/// <summary>What happens to one member.</summary>
/// <param name="Member">Its name.</param>
/// <param name="Before">Its value as JSON; null where it was not there.</param>
/// <param name="After">Its value as JSON; null where it will not be there.</param>
public sealed record MemberChange(string Member, string? Before, string? After);
