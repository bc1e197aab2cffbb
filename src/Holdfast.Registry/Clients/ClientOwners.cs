using System.Text.Json.Serialization;

namespace Holdfast.Registry;

/// <summary>Who answers for a client: for its identity and keys, for the path its requests take, and for what it does.</summary>
public sealed record ClientOwners
{
    /// <summary>Answers for the registration, its keys and its rights.</summary>
    [JsonPropertyName("identity")]
    public Owner? Identity { get; init; }

    /// <summary>Answers for proxies, certificates and networks on its path.</summary>
    [JsonPropertyName("platform")]
    public Owner? Platform { get; init; }

    /// <summary>Answers for the program that uses it.</summary>
    [JsonPropertyName("application")]
    public Owner? Application { get; init; }
}

/// <summary>One owner.</summary>
/// <param name="Team">The team, at most 200 characters.</param>
/// <param name="Contact">How it is reached: a mail address, a channel, a page.</param>
public sealed record Owner(
    [property: JsonPropertyName("team")] string Team,
    [property: JsonPropertyName("contact")] string Contact);
