using System.Buffers.Text;
using System.Security.Cryptography;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>
/// Makes signers over any <see cref="ECDsa"/> or <see cref="RSA"/>: in memory, in a key store, or behind an OpenSSL provider. The key is
/// used, never copied and never disposed; whoever made it owns it. The signers may be used by many threads.
/// </summary>
public static class ProofSigner
{
    /// <summary>A signer whose algorithm follows from the curve: P-256 is ES256, P-384 is ES384, P-521 is ES512 (RFC 7518 §3.4).</summary>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public static IProofSigner Create(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        (string alg, string crv, int length, HashAlgorithmName hash) = key.KeySize switch
        {
            256 when IsCurve(parameters, ECCurve.NamedCurves.nistP256) => ("ES256", "P-256", 32, HashAlgorithmName.SHA256),
            384 when IsCurve(parameters, ECCurve.NamedCurves.nistP384) => ("ES384", "P-384", 48, HashAlgorithmName.SHA384),
            521 when IsCurve(parameters, ECCurve.NamedCurves.nistP521) => ("ES512", "P-521", 66, HashAlgorithmName.SHA512),
            _ => throw new ArgumentException("The key is on a curve that has no JWS algorithm here; use P-256, P-384 or P-521.", nameof(key)),
        };
        // RFC 7638 §3.2: required members only, in lexical order, no whitespace. RFC 7518 §6.2.1.2: coordinates have full length.
        string jwk = $$"""{"crv":"{{crv}}","kty":"EC","x":"{{Coordinate(parameters.Q.X, length)}}","y":"{{Coordinate(parameters.Q.Y, length)}}"}""";
        return new LockedSigner(alg, jwk, input => key.SignData(input.Span, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>A signer for an RSA key of 2048 to 4096 bits.</summary>
    /// <param name="key">The key.</param>
    /// <param name="alg"><c>PS256</c> (the default), <c>PS384</c>, <c>PS512</c> or <c>RS256</c> (RFC 7518 §3.3, §3.5).</param>
    /// <exception cref="ArgumentException">The algorithm is not one of these.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The key is shorter or longer.</exception>
    public static IProofSigner Create(RSA key, string alg = "PS256")
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(alg);
        (HashAlgorithmName hash, RSASignaturePadding padding) = alg switch
        {
            "PS256" => (HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "PS384" => (HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            "PS512" => (HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            "RS256" => (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => throw new ArgumentException("An RSA key signs with PS256, PS384, PS512 or RS256.", nameof(alg)),
        };
        if (key.KeySize is < 2048 or > 4096)
            throw new ArgumentOutOfRangeException(nameof(key), key.KeySize, "An RSA key has 2048 to 4096 bits.");
        RSAParameters parameters = key.ExportParameters(includePrivateParameters: false);
        string jwk = $$"""{"e":"{{Integer(parameters.Exponent)}}","kty":"RSA","n":"{{Integer(parameters.Modulus)}}"}""";
        return new LockedSigner(alg, jwk, input => key.SignData(input.Span, hash, padding));
    }

    private static bool IsCurve(ECParameters parameters, ECCurve curve) =>
        // Platforms fill in the value, the name or both.
        parameters.Curve.IsNamed
        && (string.Equals(parameters.Curve.Oid.Value, curve.Oid.Value, StringComparison.Ordinal)
            || string.Equals(parameters.Curve.Oid.FriendlyName, curve.Oid.FriendlyName, StringComparison.OrdinalIgnoreCase));

    private static string Coordinate(byte[]? value, int length)
    {
        byte[] full = new byte[length];
        ReadOnlySpan<byte> trimmed = value.AsSpan().TrimStart((byte)0);
        trimmed.CopyTo(full.AsSpan(length - trimmed.Length));
        return Base64Url.EncodeToString(full);
    }

    // RFC 7518 §2, Base64urlUInt: the fewest octets that hold the value.
    private static string Integer(byte[]? value) => Base64Url.EncodeToString(value.AsSpan().TrimStart((byte)0));
}
