using Holdfast.Client;

namespace Holdfast.Cli.Client;

/// <summary>As which client to speak, and to whom.</summary>
internal sealed record ClientTarget
{
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The client's private key; null where the certificate authenticates it.</summary>
    public string? KeyFile { get; init; }

    public string? Resource { get; init; }
    public string? Scope { get; init; }

    /// <summary>Where a path leads that is called: the resource, or another address of it.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The client certificate, with the chain behind it, or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>Certificate authorities to trust besides the system's, or null.</summary>
    public string? CaFile { get; init; }

    /// <summary>What tokens are bound to.</summary>
    public TokenBinding Binding { get; init; } = TokenBinding.DPoP;

    /// <summary>Where the key is kept that tokens are bound to; null for the client library's own place.</summary>
    public string? ProofKeyFile { get; init; }

    /// <summary>True where all this comes from a running <c>up</c>.</summary>
    public bool IsUp { get; init; }
}
