using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Holdfast.Registry;

/// <summary>
/// Reads what people and programs wrote, strictly: unknown members, members that are there twice, nulls and values of another kind are problems that name their
/// place. What is stored is read by <see cref="RegistryJson"/>, which forgives what a later version has added.
/// </summary>
public static class RegistryDocuments
{
    /// <summary>How deep a document may be nested.</summary>
    public const int MaxDepth = 16;

    /// <summary>Clients, and resources, that one desired set may name.</summary>
    public const int MaxEntries = 1000;

    /// <summary>A client, or null and problems.</summary>
    /// <param name="document">The JSON.</param>
    /// <param name="problems">Gets one sentence each, that begins with the place.</param>
    public static Client? ReadClient(JsonElement document, ICollection<string> problems) =>
        Read(document, StrictRegistryJsonContext.Default.Client, DocumentDefaults.OfClient, "", problems);

    /// <summary>A resource, or null and problems.</summary>
    /// <inheritdoc cref="ReadClient"/>
    public static Resource? ReadResource(JsonElement document, ICollection<string> problems) =>
        Read(document, StrictRegistryJsonContext.Default.Resource, DocumentDefaults.OfResource, "", problems);

    /// <summary>A desired set, or null and problems, whose places are such as <c>clients[2].scopes</c>.</summary>
    /// <inheritdoc cref="ReadClient"/>
    public static DesiredRegistry? ReadDesired(JsonElement document, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        int before = problems.Count;
        StrictShape.Check(document, StrictRegistryJsonContext.Default.DesiredRegistry, "", problems);
        if (problems.Count > before)
            return null;
        JsonElement[] clients = Items(document, "clients"), resources = Items(document, "resources");
        if (clients.Length > MaxEntries || resources.Length > MaxEntries)
        {
            problems.Add($"clients, resources: more than {MaxEntries} of a kind; apply them in parts.");
            return null;
        }
        Client?[] readClients = [.. clients.Select((client, index) => Read(client, StrictRegistryJsonContext.Default.Client, DocumentDefaults.OfClient, $"clients[{index}]", problems))];
        Resource?[] readResources = [.. resources.Select((resource, index) => Read(resource, StrictRegistryJsonContext.Default.Resource, DocumentDefaults.OfResource, $"resources[{index}]", problems))];
        return problems.Count > before ? null : new DesiredRegistry
        {
            Clients = readClients!,
            Resources = readResources!,
            // A file that says nothing about the state must not bring back what somebody has disabled.
            Stated = readClients.Zip(clients).Where(pair => pair.Second.TryGetProperty("state", out _)).Select(pair => pair.First!.ClientId).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static JsonElement[] Items(JsonElement document, string member) => document.TryGetProperty(member, out JsonElement items) ? [.. items.EnumerateArray()] : [];

    private static T? Read<T>(JsonElement document, JsonTypeInfo<T> type, DocumentDefaults defaults, string path, ICollection<string> problems) where T : class
    {
        ArgumentNullException.ThrowIfNull(problems);
        int before = problems.Count;
        StrictShape.Check(document, type, path, problems);
        if (problems.Count > before)
            return null;
        try
        {
            return defaults.Complete(document).Deserialize(type);
        }
        catch (JsonException failure)
        {
            // What the shape does not tell, such as a word that is none of an enumeration.
            string member = (failure.Path ?? "").TrimStart('$').TrimStart('.');
            problems.Add($"{(path.Length == 0 ? member : $"{path}.{member}")}: has a value that cannot be read.");
            return null;
        }
    }
}

/// <summary>What an operator wants to be registered.</summary>
public sealed record DesiredRegistry
{
    /// <summary>The clients.</summary>
    [JsonPropertyName("clients")]
    public IReadOnlyList<Client> Clients { get; init; } = [];

    /// <summary>The resources.</summary>
    [JsonPropertyName("resources")]
    public IReadOnlyList<Resource> Resources { get; init; } = [];

    /// <summary>The identifiers of those clients whose state is part of what is wanted; the others keep theirs.</summary>
    [JsonIgnore]
    public IReadOnlySet<string> Stated { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = RegistryDocuments.MaxDepth)]
[JsonSerializable(typeof(Client))]
[JsonSerializable(typeof(Resource))]
[JsonSerializable(typeof(DesiredRegistry))]
internal sealed partial class StrictRegistryJsonContext : JsonSerializerContext;
