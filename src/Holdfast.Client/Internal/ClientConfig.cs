using System.Security.Cryptography.X509Certificates;
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
    public X509Certificate2? ClientCertificate { get; } = options.ClientCertificate;
    public string? ClientCertificateFile { get; } = options.ClientCertificateFile;
    public string? ClientCertificateKeyFile { get; } = options.ClientCertificateKeyFile;
    public IClientCertificateSource? ClientCertificateSource { get; } = options.ClientCertificateSource;
    public bool HasCertificate { get; } = HasCertificateIn(options);
    public bool BindsToKey { get; } = BindingOf(options) is TokenBinding.DPoP or TokenBinding.Both;
    public bool BindsToCertificate { get; } = BindingOf(options) is TokenBinding.Certificate or TokenBinding.Both;
    public IProofSigner? ProofKey { get; } = options.ProofKey;

    // DPOP-C-24, FAPI 2.0 "injection of stolen access tokens": a key of its own for each issuer.
    public string? ProofKeyFile { get; } = options.ProofKey is null && BindingOf(options) is not TokenBinding.Certificate
        ? options.ProofKeyFile ?? KeyFile.DefaultPath(name, options.Issuer!)
        : null;
    public int MaxBufferedContentBytes { get; } = options.MaxBufferedContentBytes;
    public bool AllowHttp { get; } = options.DangerouslyAllowHttp;

    /// <summary>Whether a token or an assertion may go there.</summary>
    public bool MayReach(Uri uri) => Origins.IsHttp(uri) && (AllowHttp || Origins.IsProtected(uri));

    /// <summary>Whether the certificate stands in for a client key or a secret (RFC 8705 §2).</summary>
    public bool AuthenticatesByCertificate => ClientSecret is null && ClientKey is null && ClientKeyFile is null;

    /// <summary>What tokens are bound to, said or not.</summary>
    public static TokenBinding BindingOf(HoldfastClientOptions options) =>
        options.Binding ?? (HasCertificateIn(options) ? TokenBinding.Certificate : TokenBinding.DPoP);

    /// <summary>Whether there is a certificate, from wherever.</summary>
    public static bool HasCertificateIn(HoldfastClientOptions options) =>
        options.ClientCertificate is not null || options.ClientCertificateFile is not null || options.ClientCertificateSource is not null;
}
