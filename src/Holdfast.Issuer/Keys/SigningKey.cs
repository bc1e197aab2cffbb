using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>The key that signs access tokens: P-256, named by its thumbprint (RFC 7638), so that a name never means two keys.</summary>
internal sealed class SigningKey : IDisposable
{
    public const string Alg = "ES256";

    private readonly ECDsa _key;
    private readonly IProofSigner _signer;
    private readonly ConcurrentDictionary<string, string> _headers = new(StringComparer.Ordinal);

    /// <summary>Takes the key over.</summary>
    /// <exception cref="ArgumentException">The key is not on P-256.</exception>
    public SigningKey(ECDsa key)
    {
        _key = key;
        _signer = ProofSigner.Create(key);
        if (!string.Equals(_signer.Alg, Alg, StringComparison.Ordinal))
            throw new ArgumentException("Not a P-256 key.", nameof(key));
        Kid = _signer.Thumbprint.ToString();
    }

    public string Kid { get; }

    /// <summary>The required members of the public key (RFC 7638 §3.2).</summary>
    public string PublicJwk => _signer.PublicJwk;

    /// <summary>The encoded JWS header (RFC 7515 §4.1) of a token of this type.</summary>
    public string Header(string typ) =>
        _headers.GetOrAdd(typ, static (typ, key) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"typ":"{{typ}}","alg":"{{Alg}}","kid":"{{key.Kid}}"}""")), this);

    /// <summary>The JWS signature: R and S (RFC 7518 §3.4).</summary>
    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> signingInput, CancellationToken cancellationToken) =>
        _signer.SignAsync(signingInput, cancellationToken);

    public void Dispose() => _key.Dispose();
}
