using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>Whether a client may be used.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClientState>))]
public enum ClientState
{
    /// <summary>In use.</summary>
    [JsonStringEnumMemberName("active")]
    Active = 0,

    /// <summary>Refused until it is made active again. Its grants stay, and are of no use meanwhile.</summary>
    [JsonStringEnumMemberName("disabled")]
    Disabled = 1,

    /// <summary>Ended for good, with every grant it had. Kept, so that its identifier is not used again and what it was can be looked up.</summary>
    [JsonStringEnumMemberName("offboarded")]
    Offboarded = 2,
}
