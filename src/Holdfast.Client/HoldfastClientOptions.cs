using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Client;

/// <summary>
/// One client at one authorization server. Read from the configuration section <c>Holdfast:Clients:NAME</c> where there is a
/// configuration, then from code. Validated at start, and on first use, with all problems together.
/// </summary>
public sealed class HoldfastClientOptions
{
    /// <summary>The configuration section above the clients' names.</summary>
    public const string Section = "Holdfast:Clients";

    /// <summary>The issuer identifier, exactly as the server publishes it: https, or http on this machine. Required.</summary>
    public string? Issuer { get; set; }

    /// <summary>The client's identifier at that issuer. Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>The resource to ask a token for (RFC 8707 §2): an absolute URI without fragment. Optional.</summary>
    public string? Resource { get; set; }

    /// <summary>The scope to ask for, separated by spaces. Optional.</summary>
    public string? Scope { get; set; }

    /// <summary>The private key that authenticates the client (<c>private_key_jwt</c>): a PKCS#8 file in PEM form that only its owner may read.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The same as a signer: a key store, a hardware module, a key management service. Instead of <see cref="ClientKeyFile"/>.</summary>
    public IProofSigner? ClientKey { get; set; }

    /// <summary>The name that the server knows the client's key by (<c>kid</c>). Default: the key's thumbprint.</summary>
    public string? ClientKeyId { get; set; }

    /// <summary>
    /// The certificate to present to the authorization server and, unless <see cref="Binding"/> is <see cref="TokenBinding.DPoP"/>, to resources
    /// (RFC 8705). With its private key, for as long as the host runs. Where there is neither a client key nor a secret it authenticates the
    /// client (<c>tls_client_auth</c>, <c>self_signed_tls_client_auth</c>); beside one of them it is there for the binding.
    /// </summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>
    /// The same as a PEM file, the chain to send along behind it. Looked at every few seconds while it is used: a renewed certificate has
    /// connections and tokens of its own at once, without a restart. Needs <see cref="ClientCertificateKeyFile"/>.
    /// </summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>The certificate's private key: a PEM file, not encrypted, that only its owner may read.</summary>
    public string? ClientCertificateKeyFile { get; set; }

    /// <summary>The same from anywhere else, renewed by whoever owns it.</summary>
    public IClientCertificateSource? ClientCertificateSource { get; set; }

    /// <summary>What tokens are bound to. Default: the certificate where there is one, otherwise the key.</summary>
    public TokenBinding? Binding { get; set; }

    /// <summary>A shared secret (<c>client_secret_basic</c>) for servers that know nothing better. Instead of a key. Tokens are bound all the same.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// The file with the key that tokens are bound to. It is created on first use, for its owner only. Default: a file for this client
    /// and issuer under the user's local application data, so that no two issuers see the same key.
    /// </summary>
    public string? ProofKeyFile { get; set; }

    /// <summary>The same as a signer. Instead of <see cref="ProofKeyFile"/>. Use another key for every issuer.</summary>
    public IProofSigner? ProofKey { get; set; }

    /// <summary>
    /// How many bytes of a request body that can be read only once are kept for the case that the server asks for the request again:
    /// 0 to 64 MiB, 1 MiB by default. Bodies from strings, arrays, JSON and seekable streams are not copied and have no such limit.
    /// </summary>
    public int MaxBufferedContentBytes { get; set; } = 1024 * 1024;

    /// <summary>Lets tokens and proofs travel unencrypted to other machines. Only for laboratories; a warning is logged.</summary>
    public bool DangerouslyAllowHttp { get; set; }

    /// <summary>What is wrong with the configuration section.</summary>
    internal List<string> ConfigurationProblems { get; } = [];
}
