using Holdfast.Registry;

namespace Holdfast.Storage;

/// <summary>A client's last use as it is stored.</summary>
internal sealed class ClientUseRow
{
    public const string FindAll = "SELECT client_id AS ClientId, at AS At, grant_type AS GrantType, resource AS Resource, binding AS Binding, address AS Address FROM client_use ORDER BY client_id";

    public const string Save = """
        INSERT INTO client_use (client_id, at, grant_type, resource, binding, address) VALUES (@clientId, @at, @grantType, @resource, @binding, @address)
        ON CONFLICT (client_id) DO UPDATE SET at = excluded.at, grant_type = excluded.grant_type, resource = excluded.resource, binding = excluded.binding, address = excluded.address
        WHERE excluded.at >= client_use.at
        """;

    public string ClientId { get; init; } = "";
    public long At { get; init; }
    public string GrantType { get; init; } = "";
    public string? Resource { get; init; }
    public string Binding { get; init; } = "";
    public string? Address { get; init; }

    public static object Of(ClientUse use) => new
    {
        clientId = StoredText.Of(use.ClientId), at = StoredTime.Of(use.At), grantType = StoredText.Of(use.GrantType), resource = StoredText.OfOptional(use.Resource),
        binding = StoredText.Of(use.Binding), address = StoredText.OfOptional(use.Address),
    };

    public ClientUse ToUse() => new(StoredText.From(ClientId), StoredTime.From(At), StoredText.From(GrantType), StoredText.FromOptional(Resource), StoredText.From(Binding),
        StoredText.FromOptional(Address));
}
