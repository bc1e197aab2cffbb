using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>The rules that an issuer or a client is held to where specifications differ (D13).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SecurityProfile>))]
public enum SecurityProfile
{
    /// <summary>RFC 9700 and the RFCs it builds on.</summary>
    [JsonStringEnumMemberName("default")]
    Default = 0,

    /// <summary>FAPI 2.0 Security Profile.</summary>
    [JsonStringEnumMemberName("fapi2")]
    Fapi2 = 1,
}
