namespace Holdfast.Cli.Client;

/// <summary>As which client to speak, and to whom.</summary>
internal sealed record ClientTarget
{
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }
    public required string KeyFile { get; init; }
    public string? Resource { get; init; }
    public string? Scope { get; init; }

    /// <summary>Where the key is kept that tokens are bound to; null for the client library's own place.</summary>
    public string? ProofKeyFile { get; init; }

    /// <summary>True where all this comes from a running <c>up</c>.</summary>
    public bool IsUp { get; init; }
}
