using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Registry;

/// <summary>
/// What members mean that are not there: a person left them out, or an earlier version did not know them. The deserializer would take them for null and false,
/// whatever the type says.
/// </summary>
internal sealed class DocumentDefaults
{
    private readonly JsonObject _defaults;

    private DocumentDefaults(string document, string identifier)
    {
        _defaults = JsonNode.Parse(document)!.AsObject();
        _defaults.Remove(identifier);
    }

    public static DocumentDefaults OfClient { get; } = new(RegistryJson.Write(new Client { ClientId = "" }), "client_id");

    public static DocumentDefaults OfResource { get; } = new(RegistryJson.Write(new Resource { Identifier = "" }), "identifier");

    /// <summary>A document with every member.</summary>
    /// <exception cref="JsonException">It is no object.</exception>
    public JsonObject Complete(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
            throw new JsonException("The document is no object.");
        JsonObject complete = JsonObject.Create(document)!;
        foreach ((string name, JsonNode? value) in _defaults)
        {
            if (!complete.ContainsKey(name))
                complete[name] = value!.DeepClone();
        }
        return complete;
    }

    /// <inheritdoc cref="Complete(JsonElement)"/>
    public JsonObject Complete(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);
        return Complete(parsed.RootElement.Clone());
    }
}
