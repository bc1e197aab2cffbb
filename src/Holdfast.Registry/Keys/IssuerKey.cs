using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>A signing key of the issuer and where it is in its life (LIFE-01). The private key is not in it.</summary>
public sealed record IssuerKey
{
    /// <summary>The identifier, derived from the thumbprint and never used again (LIFE-06).</summary>
    [JsonPropertyName("kid")]
    public required string Kid { get; init; }

    /// <summary>The one algorithm it signs with (AT-17).</summary>
    [JsonPropertyName("alg")]
    public required string Alg { get; init; }

    /// <summary>Where it is in its life.</summary>
    [JsonPropertyName("state")]
    public required IssuerKeyState State { get; init; }

    /// <summary>The public key, a JWK as JSON text.</summary>
    [JsonPropertyName("jwk")]
    [JsonConverter(typeof(JsonTextConverter))]
    public required string PublicJwk { get; init; }

    /// <summary>Where the private key is: null for the encrypted one that is stored with it, otherwise the key's location in an OpenSSL engine or provider.</summary>
    [JsonPropertyName("location")]
    public string? Location { get; init; }

    /// <summary>When it was made.</summary>
    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when it may sign: once every verifier can have read it (LIFE-04).</summary>
    [JsonPropertyName("active_from")]
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>When it stopped signing; null where it has not.</summary>
    [JsonPropertyName("retiring_since")]
    public DateTimeOffset? RetiringSince { get; init; }

    /// <summary>Until when what it signed may be alive; then it is gone from the published keys (LIFE-03).</summary>
    [JsonPropertyName("retired_from")]
    public DateTimeOffset? RetiredFrom { get; init; }
}
