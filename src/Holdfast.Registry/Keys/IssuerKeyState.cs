using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>The life of a signing key, in order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IssuerKeyState>))]
public enum IssuerKeyState
{
    /// <summary>Published, and not used yet.</summary>
    [JsonStringEnumMemberName("staged")]
    Staged = 0,

    /// <summary>Signs. One at a time.</summary>
    [JsonStringEnumMemberName("active")]
    Active = 1,

    /// <summary>Published, because tokens it signed are alive; signs no more.</summary>
    [JsonStringEnumMemberName("retiring")]
    Retiring = 2,

    /// <summary>Gone: not published, its private key deleted.</summary>
    [JsonStringEnumMemberName("retired")]
    Retired = 3,

    /// <summary>Taken out at once; what it signed counts for nothing (LIFE-09).</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked = 4,
}
