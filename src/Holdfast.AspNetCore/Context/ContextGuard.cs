namespace Holdfast.AspNetCore;

/// <summary>A guard whose contexts are taken.</summary>
public sealed record ContextGuard
{
    /// <summary>Its name: the <c>iss</c> of its contexts, exactly.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where its keys are. Default: <c>/.well-known/jwks.json</c> below a name that is a URL.</summary>
    public string? KeysUrl { get; init; }

    /// <summary>A guard whose name is its URL.</summary>
    public static implicit operator ContextGuard(string name) => new() { Name = name };

    /// <summary>A guard whose name is its URL.</summary>
    public static ContextGuard FromString(string name) => new() { Name = name };

    internal string EffectiveKeysUrl => KeysUrl ?? Name.TrimEnd('/') + "/.well-known/jwks.json";
}
