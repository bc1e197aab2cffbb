using Holdfast.AspNetCore;

namespace Holdfast.Guard;

/// <summary>Requests that are let through under one policy.</summary>
public sealed record GuardRoute
{
    internal GuardRoute() { }

    /// <summary>Scheme, host and port as the client addressed the proxy, canonical: <c>https://api.example.com</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>This path and everything below it, canonical: <c>/orders</c>, or <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The methods; empty for all.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>The resource whose policy applies.</summary>
    public required GuardResource Resource { get; init; }

    /// <summary>The scopes that a token must have, all of them.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>A mode that is stricter than the resource's, or null.</summary>
    public SenderConstraintMode? Mode { get; init; }

    /// <summary>The audience of the context.</summary>
    public required string Upstream { get; init; }

    /// <summary>The public URLs of these requests.</summary>
    public required PublicTargets Targets { get; init; }

    /// <summary>True where a public URL may be plain http, beyond loopback.</summary>
    public bool DangerouslyAllowHttp { get; init; }

    internal bool Allows(string method) => Methods.Count == 0 || Methods.Contains(method, StringComparer.Ordinal);
}
