using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>
/// How entries are written as documents. Members that are not known are ignored: a document of the next version can be read by this one, which must run
/// beside it.
/// </summary>
public static class RegistryJson
{
    /// <summary>Writes a client.</summary>
    public static string Write(Client client) => JsonSerializer.Serialize(client, RegistryJsonContext.Default.Client);

    /// <summary>Writes a resource.</summary>
    public static string Write(Resource resource) => JsonSerializer.Serialize(resource, RegistryJsonContext.Default.Resource);

    /// <summary>Writes an issuer key.</summary>
    public static string Write(IssuerKey key) => JsonSerializer.Serialize(key, RegistryJsonContext.Default.IssuerKey);

    /// <summary>Reads a client.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Client ReadClient(string document) => DocumentDefaults.OfClient.Complete(document).Deserialize(RegistryJsonContext.Default.Client) ?? throw new JsonException("null is no client.");

    /// <summary>Reads a resource.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Resource ReadResource(string document) => DocumentDefaults.OfResource.Complete(document).Deserialize(RegistryJsonContext.Default.Resource) ?? throw new JsonException("null is no resource.");

    /// <summary>Reads an issuer key.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static IssuerKey ReadIssuerKey(string document) => JsonSerializer.Deserialize(document, RegistryJsonContext.Default.IssuerKey) ?? throw new JsonException("null is no key.");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Client))]
[JsonSerializable(typeof(Resource))]
[JsonSerializable(typeof(IssuerKey))]
internal sealed partial class RegistryJsonContext : JsonSerializerContext;
