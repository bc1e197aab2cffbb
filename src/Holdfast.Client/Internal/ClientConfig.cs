using Holdfast.Client.Keys;

namespace Holdfast.Client.Internal;

/// <summary>Valid options, read once. Not a record: those print their members.</summary>
internal sealed class ClientConfig(string name, HoldfastClientOptions options)
{
    public string Name { get; } = name;
    public string Issuer { get; } = options.Issuer!;
    public string ClientId { get; } = options.ClientId!;
    public string? Resource { get; } = options.Resource;
    public string? Scope { get; } = options.Scope;
    public string? ClientSecret { get; } = options.ClientSecret;
    public string? ClientKeyFile { get; } = options.ClientKeyFile;
    public IProofSigner? ClientKey { get; } = options.ClientKey;
    public string? ClientKeyId { get; } = options.ClientKeyId;
    public IProofSigner? ProofKey { get; } = options.ProofKey;

    // DPOP-C-24, FAPI 2.0 "injection of stolen access tokens": a key of its own for each issuer.
    public string? ProofKeyFile { get; } = options.ProofKey is null ? options.ProofKeyFile ?? KeyFile.DefaultPath(name, options.Issuer!) : null;
    public int MaxBufferedContentBytes { get; } = options.MaxBufferedContentBytes;
    public bool AllowHttp { get; } = options.DangerouslyAllowHttp;

    /// <summary>Whether a token or an assertion may go there.</summary>
    public bool MayReach(Uri uri) => Origins.IsHttp(uri) && (AllowHttp || Origins.IsProtected(uri));
}
