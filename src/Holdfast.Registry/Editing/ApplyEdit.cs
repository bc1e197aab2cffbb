namespace Holdfast.Registry;

/// <summary>
/// What a desired set means: the writes that make it so, all of them or none. Touches what it names; with <c>prune</c> also what it does not name, which is
/// offboarded or removed. Pure.
/// </summary>
internal sealed class ApplyEdit(IRegistryRules rules, ResourceEdits resourceEdits)
{
    private readonly List<string> _problems = [];
    private readonly List<RegistryWrite> _writes = [];
    private readonly List<EntryChange> _changes = [];

    public Decision Decide(RegistrySnapshot snapshot, DesiredRegistry desired, bool prune, RegistryActor actor)
    {
        RefuseTwice("clients", desired.Clients.Select(client => client.ClientId));
        RefuseTwice("resources", desired.Resources.Select(resource => resource.Identifier));
        Dictionary<string, Resource> resources = snapshot.Resources.Select(resource => resource.Resource).ToDictionary(resource => resource.Identifier, StringComparer.Ordinal);
        var named = new HashSet<string>(desired.Resources.Select(resource => resource.Identifier), StringComparer.Ordinal);
        if (prune)
        {
            foreach (string identifier in resources.Keys.Where(identifier => !named.Contains(identifier)).ToArray())
                resources.Remove(identifier);
        }
        foreach (Resource resource in desired.Resources)
            resources[resource.Identifier] = resource;
        WriteResources(snapshot, desired, resources);
        WriteClients(snapshot, desired, [.. resources.Values]);
        var clients = new HashSet<string>(desired.Clients.Select(client => client.ClientId), StringComparer.Ordinal);
        RegisteredClient[] others = [.. snapshot.Clients.Where(client => client.Client.State != ClientState.Offboarded && !clients.Contains(client.Client.ClientId))];
        if (prune)
            Prune(snapshot, others, named, actor);
        else
            _problems.AddRange(resourceEdits.NewProblems(snapshot, [.. resources.Values], others));
        if (_problems.Count > 0)
            return EditResult.Invalid([.. _problems]);
        return _writes.Count == 0 ? new EditResult { Outcome = EditOutcome.Unchanged } : new Decision { Writes = _writes, Changes = _changes };
    }

    private void RefuseTwice(string member, IEnumerable<string> identifiers) =>
        _problems.AddRange(identifiers.Select((identifier, index) => (identifier, index)).GroupBy(item => item.identifier, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => $"{member}[{same.Last().index}]: '{same.Key}' is there twice."));

    private void WriteResources(RegistrySnapshot snapshot, DesiredRegistry desired, Dictionary<string, Resource> resources)
    {
        foreach ((int index, Resource resource) in desired.Resources.Index())
        {
            Resource[] others = [.. resources.Values.Where(other => !string.Equals(other.Identifier, resource.Identifier, StringComparison.Ordinal))];
            _problems.AddRange(rules.Check(resource, others).Select(problem => $"resources[{index}].{problem}"));
            Add(ResourceEdits.Write(snapshot, resource), snapshot.FindResource(resource.Identifier)?.Entry);
        }
    }

    private void WriteClients(RegistrySnapshot snapshot, DesiredRegistry desired, IReadOnlyList<Resource> resources)
    {
        foreach ((int index, Client wanted) in desired.Clients.Index())
        {
            string where = $"clients[{index}].";
            RegisteredClient? known = snapshot.FindClient(wanted.ClientId);
            Client client = known is not null && !desired.Stated.Contains(wanted.ClientId) ? wanted with { State = known.Client.State } : wanted;
            if (ClientEdits.Taken(snapshot, client.ClientId) is { } taken)
                _problems.AddRange(taken.Problems.Select(problem => where + problem));
            else if (known is { Client.State: ClientState.Offboarded })
                _problems.AddRange(ClientEdits.Ended(client.ClientId).Problems.Select(problem => $"{where}client_id: {problem}"));
            else if (client.State == ClientState.Offboarded)
                _problems.Add($"{where}state: a client is offboarded by itself, not by a set; leave it out and use prune, or offboard it.");
            bool usesSecret = ClientRules.UsesSecret(client);
            _problems.AddRange(rules.Check(client, usesSecret, resources).Select(problem => where + problem));
            // What a pipeline prints is no place for a secret.
            if (usesSecret && known is not { HasSecret: true })
                _problems.Add($"{where}token_endpoint_auth_method: a secret is shown once, to whoever adds the client; add or change '{client.ClientId}' by itself first.");
            RegistryWrite write = ClientEdits.Write(client, known, known is null ? "client.add" : "client.set");
            Add(write with { Secret = !usesSecret && known is { HasSecret: true } ? [] : null }, known?.Entry);
        }
    }

    private void Prune(RegistrySnapshot snapshot, IEnumerable<RegisteredClient> others, HashSet<string> named, RegistryActor actor)
    {
        foreach (RegisteredClient client in others)
        {
            if (ClientEdits.IsItself(client.Client.ClientId, actor))
                _problems.AddRange(ClientEdits.Itself(client.Client.ClientId).Problems);
            Add(ClientEdits.Offboard(client), client.Entry);
        }
        foreach (RegisteredResource resource in snapshot.Resources.Where(resource => !named.Contains(resource.Resource.Identifier)))
            Add(ResourceEdits.Remove(resource), resource.Entry);
    }

    private void Add(RegistryWrite write, RegistryEntry? entry)
    {
        EntryChange change = EntryChange.Between(write.Kind, write.Id, write.Action, entry?.Document, write.Document);
        if (change.Members.Count == 0 && write.Secret is null)
            return;
        _writes.Add(write);
        _changes.Add(change);
    }
}
