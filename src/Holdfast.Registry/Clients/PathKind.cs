using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>The kind of path by which a client's requests come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PathKind>))]
public enum PathKind
{
    /// <summary>A program in a browser.</summary>
    [JsonStringEnumMemberName("browser")]
    Browser,

    /// <summary>An application on a phone or a desktop.</summary>
    [JsonStringEnumMemberName("mobile")]
    Mobile,

    /// <summary>A program whose requests pass a gateway.</summary>
    [JsonStringEnumMemberName("behind_gateway")]
    BehindGateway,

    /// <summary>A program that calls another directly.</summary>
    [JsonStringEnumMemberName("backend_to_backend")]
    BackendToBackend,
}
