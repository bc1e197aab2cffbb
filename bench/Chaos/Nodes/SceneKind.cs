using System.Text.Json.Serialization;

namespace Holdfast.Chaos;

/// <summary>What the nodes know of each other.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SceneKind>))]
public enum SceneKind
{
    /// <summary>One replay store, in PostgreSQL. Who cannot ask it refuses.</summary>
    Shared,

    /// <summary>The same. Who cannot ask it demands nonces of its own.</summary>
    SharedOrAlone,

    /// <summary>
    /// Each its own store, and nonces that are bound to it: what an API does that was scaled out without thinking. The balancer keeps a caller at one node;
    /// without that it is as safe, and callers are asked for a nonce again and again.
    /// </summary>
    NodeBound,

    /// <summary>Each its own store, each told that it is the only one. Not safe: it shows that the attack and the count work.</summary>
    Nothing,
}
