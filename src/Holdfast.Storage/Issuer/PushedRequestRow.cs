using Holdfast.Issuer;

namespace Holdfast.Storage;

/// <summary>A pushed request as it is stored.</summary>
internal sealed class PushedRequestRow
{
    // One of another line of history may have been used in it.
    public const string Find = """
        SELECT hash AS Hash, client_id AS ClientId, parameters AS Parameters, expires_at AS ExpiresAt, used_at AS UsedAt FROM pushed_request WHERE hash = @hash AND log_id = @logId
        """;

    public const string Insert = """
        INSERT INTO pushed_request (hash, log_id, client_id, parameters, expires_at) VALUES (@hash, @logId, @clientId, @parameters, @expiresAt)
        """;

    // AT-83, RFC 9126 §4: the one update that finds it unused is the use.
    public const string Use = "UPDATE pushed_request SET used_at = @at WHERE hash = @hash AND log_id = @logId AND used_at IS NULL";

    public byte[] Hash { get; init; } = [];
    public string ClientId { get; init; } = "";
    public string Parameters { get; init; } = "";
    public long ExpiresAt { get; init; }
    public long? UsedAt { get; init; }

    public static object Of(PushedRequest request, string logId) => new
    {
        hash = request.Reference.ToOctets(),
        logId,
        clientId = StoredText.Of(request.ClientId),
        parameters = StoredText.Of(request.Parameters),
        expiresAt = StoredTime.Of(request.ExpiresAt),
    };

    public PushedRequest ToRequest() => new()
    {
        Reference = SecretHash.FromOctets(Hash),
        ClientId = StoredText.From(ClientId),
        Parameters = StoredText.From(Parameters),
        ExpiresAt = StoredTime.From(ExpiresAt),
        IsUsed = UsedAt is not null,
    };
}
