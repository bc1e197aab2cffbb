using System.Text.Json;
using Holdfast.Registry;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// Makes the next snapshot from the one before and what changed. An entry that cannot be served is left out and said aloud; the others are in force. What the
/// settings name is theirs: an entry of the registry by the same name is left out.
/// </summary>
internal sealed class SnapshotCompiler(IssuerConfig config, ILogger<SnapshotCompiler> logger)
{
    public IssuerSnapshot Next(IssuerSnapshot? previous, RegistryChanges changes)
    {
        var entries = new Dictionary<(RegistryKind, string), RegistryEntry>();
        if (previous is not null && !changes.IsWhole)
        {
            foreach ((var key, RegistryEntry entry) in previous.Entries)
                entries[key] = entry;
        }
        bool resourcesChanged = previous is null || changes.IsWhole;
        foreach (RegistryEntry entry in changes.Entries)
        {
            entries[(entry.Kind, entry.Id)] = entry;
            resourcesChanged |= entry.Kind == RegistryKind.Resource;
        }
        IReadOnlyDictionary<string, IssuerResource> resources = resourcesChanged ? Resources(entries.Values) : previous!.Resources;
        return new IssuerSnapshot
        {
            Position = changes.Position,
            RestoredAt = changes.RestoredAt,
            Entries = entries,
            Resources = resources,
            Clients = Clients(entries.Values, resources, resourcesChanged ? null : previous),
        };
    }

    private Dictionary<string, IssuerResource> Resources(IEnumerable<RegistryEntry> entries)
    {
        var resources = new Dictionary<string, IssuerResource>(config.Resources, StringComparer.Ordinal);
        foreach (RegistryEntry entry in entries.Where(entry => entry.Kind == RegistryKind.Resource && entry.Document is not null).OrderBy(entry => entry.Id, StringComparer.Ordinal))
        {
            var problems = new List<string>();
            var attempt = new Dictionary<string, IssuerResource>(resources, StringComparer.Ordinal);
            try
            {
                ResourceCompiler.Add(attempt, "resource", RegistryJson.ReadResource(entry.Document!), problems);
            }
            catch (JsonException e)
            {
                problems.Add(e.Message);
            }
            if (problems.Count == 0)
                resources = attempt;
            else
                IssuerLog.LogEntryLeftOut(logger, entry.Kind, entry.Id, Printable.From(string.Join(' ', problems)));
        }
        return resources;
    }

    // An unchanged client is the same object, so that what is cached about it stays.
    private Dictionary<string, IssuerClient> Clients(IEnumerable<RegistryEntry> entries, IReadOnlyDictionary<string, IssuerResource> resources, IssuerSnapshot? previous)
    {
        var clients = new Dictionary<string, IssuerClient>(config.Clients, StringComparer.Ordinal);
        foreach (RegistryEntry entry in entries.Where(entry => entry.Kind == RegistryKind.Client && entry.Document is not null))
        {
            if (previous is not null && ReferenceEquals(previous.Entries.GetValueOrDefault((entry.Kind, entry.Id)), entry))
            {
                if (previous.Clients.TryGetValue(entry.Id, out IssuerClient? known))
                    clients.TryAdd(entry.Id, known);
                continue;
            }
            var problems = new List<string>();
            if (clients.ContainsKey(entry.Id))
                problems.Add("The settings of the issuer have a client of this name.");
            try
            {
                IssuerClient client = config.ClientCompiler.Compile("client", "client", RegistryJson.ReadClient(entry.Document!),
                    entry.Secret is { Length: > 0 } secret ? new(secret, IsSlow: true) : null, resources, problems);
                if (problems.Count == 0)
                    clients[entry.Id] = client;
                if (problems.Count == 0 && ClientAuthenticationMethods.IsBySecret(client.AuthenticationMethod))
                    IssuerLog.LogSecretClient(logger, client.ClientId);
            }
            catch (JsonException e)
            {
                problems.Add(e.Message);
            }
            if (problems.Count > 0)
                IssuerLog.LogEntryLeftOut(logger, entry.Kind, entry.Id, Printable.From(string.Join(' ', problems)));
        }
        return clients;
    }
}
