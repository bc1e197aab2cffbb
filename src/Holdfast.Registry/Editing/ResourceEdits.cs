namespace Holdfast.Registry;

/// <summary>What an edit of one resource means. Pure: the same snapshot, the same decision.</summary>
internal sealed class ResourceEdits(IRegistryRules rules)
{
    private const int MaxNamed = 10;

    public Decision Put(RegistrySnapshot snapshot, Resource resource, EditCondition condition)
    {
        RegisteredResource? known = snapshot.FindResource(resource.Identifier);
        if (known is null && condition.Revision is not null)
            return EditResult.NotFound;
        if (known is not null && Conditions.Unmet($"Resource '{resource.Identifier}'", known.Entry, condition) is { } unmet)
            return unmet;
        IReadOnlyList<Resource> others = Others(snapshot, resource.Identifier);
        IReadOnlyList<string> problems = rules.Check(resource, others);
        if (problems.Count == 0)
            problems = NewProblems(snapshot, [.. others, resource], snapshot.Clients);
        if (problems.Count > 0)
            return EditResult.Invalid(problems);
        RegistryWrite write = Write(snapshot, resource);
        EntryChange change = EntryChange.Between(write.Kind, write.Id, write.Action, known?.Entry.Document, write.Document);
        return known is not null && change.Members.Count == 0 ? new EditResult { Outcome = EditOutcome.Unchanged } : Decision.Of(write, known?.Entry.Document);
    }

    public static Decision Remove(RegistrySnapshot snapshot, string identifier, EditCondition condition)
    {
        RegisteredResource? known = snapshot.FindResource(identifier);
        if (known is null)
            return EditResult.NotFound;
        if (Conditions.Unmet($"Resource '{identifier}'", known.Entry, condition) is { } unmet)
            return unmet;
        if (Users(snapshot.Clients, known.Resource) is { Count: > 0 } users)
            return EditResult.Invalid($"Resource '{identifier}' is in use by {InWords(users)}; take it from them first.");
        return Decision.Of(Remove(known), known.Entry.Document);
    }

    public static RegistryWrite Remove(RegisteredResource known) => new()
    {
        Kind = RegistryKind.Resource, Id = known.Resource.Identifier, Document = null, Replaces = known.Entry.Revision, Action = "resource.remove",
    };

    // A resource that was removed may come back under its name: it names an API, and nobody can be mistaken for it.
    public static RegistryWrite Write(RegistrySnapshot snapshot, Resource resource)
    {
        RegistryEntry? entry = snapshot.Find(RegistryKind.Resource, resource.Identifier);
        return new RegistryWrite
        {
            Kind = RegistryKind.Resource,
            Id = resource.Identifier,
            Document = RegistryJson.Write(resource),
            Replaces = entry?.Revision ?? 0,
            Action = entry?.Document is null ? "resource.add" : "resource.set",
        };
    }

    /// <summary>What would be wrong with clients that nobody touches, and is not wrong yet.</summary>
    public IReadOnlyList<string> NewProblems(RegistrySnapshot snapshot, IReadOnlyList<Resource> resources, IEnumerable<RegisteredClient> clients)
    {
        IReadOnlyList<Resource> before = ClientEdits.ResourcesOf(snapshot);
        return [.. clients.Where(client => client.Client.State != ClientState.Offboarded)
            .SelectMany(client => rules.Check(client.Client, client.HasSecret, resources).Except(rules.Check(client.Client, client.HasSecret, before), StringComparer.Ordinal)
                .Select(problem => $"Client '{client.Client.ClientId}': {problem}"))];
    }

    private static IReadOnlyList<Resource> Others(RegistrySnapshot snapshot, string identifier) =>
        [.. ClientEdits.ResourcesOf(snapshot).Where(other => !string.Equals(other.Identifier, identifier, StringComparison.Ordinal))];

    private static IReadOnlyList<string> Users(IEnumerable<RegisteredClient> clients, Resource resource)
    {
        HashSet<string> names = new[] { resource.Identifier }.Concat(resource.AlternateIdentifiers).Select(ResourceIdentifier.Key).ToHashSet(StringComparer.Ordinal);
        return [.. clients.Select(client => client.Client)
            .Where(client => client.State != ClientState.Offboarded && client.Resources.Concat(client.Introspects).Any(name => names.Contains(ResourceIdentifier.Key(name))))
            .Select(client => client.ClientId)];
    }

    private static string InWords(IReadOnlyList<string> users) =>
        string.Join(", ", users.Take(MaxNamed).Select(user => $"'{user}'")) + (users.Count > MaxNamed ? $" and {users.Count - MaxNamed} more" : "");
}
