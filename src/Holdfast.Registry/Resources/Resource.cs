using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>An API that tokens are issued for (RFC 8707).</summary>
public sealed record Resource
{
    /// <summary>The <c>aud</c> of its tokens: an absolute URI without fragment.</summary>
    [JsonPropertyName("identifier")]
    public required string Identifier { get; init; }

    /// <summary>Other names that clients may ask for it by.</summary>
    [JsonPropertyName("alternate_identifiers")]
    public IReadOnlyList<string> AlternateIdentifiers { get; init; } = [];

    /// <summary>The scopes that mean something to it.</summary>
    [JsonPropertyName("scopes")]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>What people are told it is called.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }
}
