using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Issuer;

namespace Holdfast.Storage;

/// <summary>A grant as it is stored.</summary>
internal class GrantRow
{
    /// <summary>Its columns, behind <c>g</c>.</summary>
    public const string Columns = """
        g.grant_id AS GrantId, g.client_id AS GrantClientId, g.subject AS Subject, g.scope AS Scope, g.resources AS Resources, g.authenticated_at AS AuthenticatedAt,
        g.created_at AS CreatedAt, g.expires_at AS GrantExpiresAt, g.ended_at AS EndedAt
        """;

    public const string Insert = """
        INSERT INTO issued_grant (grant_id, client_id, subject, scope, resources, authenticated_at, created_at, expires_at)
        VALUES (@grantId, @clientId, @subject, @scope, @resources, @authenticatedAt, @createdAt, @expiresAt)
        """;

    public string GrantId { get; init; } = "";
    public string GrantClientId { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Scope { get; init; } = "";
    public string Resources { get; init; } = "";
    public long AuthenticatedAt { get; init; }
    public long CreatedAt { get; init; }
    public long GrantExpiresAt { get; init; }
    public long? EndedAt { get; init; }

    public static object Of(Grant grant) => new
    {
        grantId = StoredText.Of(grant.GrantId),
        clientId = StoredText.Of(grant.ClientId),
        subject = StoredText.Of(grant.Subject),
        scope = StoredText.Of(grant.Scope),
        resources = JsonSerializer.Serialize([.. grant.Resources], StorageJson.Default.StringArray),
        authenticatedAt = StoredTime.Of(grant.AuthenticatedAt),
        createdAt = StoredTime.Of(grant.CreatedAt),
        expiresAt = StoredTime.Of(grant.ExpiresAt),
    };

    public Grant ToGrant() => new()
    {
        GrantId = StoredText.From(GrantId),
        ClientId = StoredText.From(GrantClientId),
        Subject = StoredText.From(Subject),
        Scope = StoredText.From(Scope),
        Resources = JsonSerializer.Deserialize(Resources, StorageJson.Default.StringArray) ?? [],
        AuthenticatedAt = StoredTime.From(AuthenticatedAt),
        CreatedAt = StoredTime.From(CreatedAt),
        ExpiresAt = StoredTime.From(GrantExpiresAt),
        EndedAt = StoredTime.From(EndedAt),
    };
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class StorageJson : JsonSerializerContext;
