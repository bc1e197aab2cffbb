namespace Holdfast;

/// <summary>
/// A private key that signs proofs and client assertions. Asynchronous, so that a key management service or hardware module fits;
/// the private key itself never passes through here.
/// </summary>
public interface IProofSigner
{
    /// <summary>The JWS algorithm, such as <c>ES256</c>.</summary>
    string Alg { get; }

    /// <summary>The public key as a JWK object: required members only, in lexical order, without whitespace (RFC 7638 §3.2).</summary>
    string PublicJwk { get; }

    /// <summary>The thumbprint of the public key.</summary>
    JwkThumbprint Thumbprint { get; }

    /// <summary>Signs the JWS signing input and returns the JWS signature (for ECDSA: R and S, RFC 7518 §3.4).</summary>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> signingInput, CancellationToken cancellationToken);
}
