using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>A private key that signs tokens, with the one algorithm it is for, named by its thumbprint (RFC 7638), so that a name never means two keys.</summary>
internal sealed class SigningKey
{
    private readonly IProofSigner _signer;
    private readonly ConcurrentDictionary<string, string> _headers = new(StringComparer.Ordinal);

    private SigningKey(IProofSigner signer)
    {
        _signer = signer;
        // LIFE-06, FAPI 2.0 Security Profile §5.4.3: derived from the key, so it is never used again.
        Kid = signer.Thumbprint.ToString();
    }

    public string Kid { get; }

    // AT-17, RFC 8725 §3.1: one algorithm a key.
    public string Alg => _signer.Alg;

    /// <summary>The required members of the public key (RFC 7638 §3.2).</summary>
    public string PublicJwk => _signer.PublicJwk;

    /// <summary>Takes a key over for an algorithm.</summary>
    /// <exception cref="ArgumentException">The key is not one of this algorithm: another kind, curve, or size.</exception>
    public static SigningKey Create(AsymmetricAlgorithm key, string alg)
    {
        // FAPI-27, FAPI 2.0 Security Profile §5.4.1: RSA of 2048 bits or more (the signer demands it), EC on P-256.
        IProofSigner signer = (key, alg) switch
        {
            (ECDsa ec, SigningAlgorithms.ES256) => ProofSigner.Create(ec),
            (RSA rsa, SigningAlgorithms.PS256 or SigningAlgorithms.RS256) => ProofSigner.Create(rsa, alg),
            _ => throw new ArgumentException($"Not a key for {alg}.", nameof(key)),
        };
        return signer.Alg == alg ? new(signer) : throw new ArgumentException($"Not a key for {alg}.", nameof(key));
    }

    /// <summary>The encoded JWS header (RFC 7515 §4.1) of a token of this type.</summary>
    public string Header(string typ) =>
        _headers.GetOrAdd(typ, static (typ, key) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"typ":"{{typ}}","alg":"{{key.Alg}}","kid":"{{key.Kid}}"}""")), this);

    /// <summary>The JWS signature: for ES256 R and S (RFC 7518 §3.4).</summary>
    /// <exception cref="CryptographicException">The key is elsewhere, and does not answer.</exception>
    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> signingInput, CancellationToken cancellationToken) =>
        _signer.SignAsync(signingInput, cancellationToken);
}
