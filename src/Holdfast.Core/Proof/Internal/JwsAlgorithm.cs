using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Internal;

/// <summary>One implemented JWS algorithm and the only kind of key it fits (RFC 7518 §3.1, RFC 8725 §3.1).</summary>
internal sealed record JwsAlgorithm(string Name, string KeyType, string? Curve, HashAlgorithmName Hash, int HashLength, RSASignaturePadding? Padding)
{
    private static readonly JwsAlgorithm[] Implemented =
    [
        Ec("ES256", "P-256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
        Ec("ES384", "P-384", HashAlgorithmName.SHA384, SHA384.HashSizeInBytes),
        Ec("ES512", "P-521", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
        Rsa("PS256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes, RSASignaturePadding.Pss),
        Rsa("PS384", HashAlgorithmName.SHA384, SHA384.HashSizeInBytes, RSASignaturePadding.Pss),
        Rsa("PS512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes, RSASignaturePadding.Pss),
        Rsa("RS256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes, RSASignaturePadding.Pkcs1),
    ];

    private readonly byte[] _utf8 = Encoding.ASCII.GetBytes(Name);

    /// <summary>The algorithm of this name, or null.</summary>
    public static JwsAlgorithm? Find(ReadOnlySpan<byte> name)
    {
        foreach (JwsAlgorithm algorithm in Implemented)
        {
            if (name.SequenceEqual(algorithm._utf8))
                return algorithm;
        }
        return null;
    }

    /// <summary>Hashes data with this algorithm's hash into a span of <see cref="HashLength"/> bytes.</summary>
    public void HashData(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (HashLength == SHA256.HashSizeInBytes)
            SHA256.HashData(data, destination);
        else if (HashLength == SHA384.HashSizeInBytes)
            SHA384.HashData(data, destination);
        else
            SHA512.HashData(data, destination);
    }

    private static JwsAlgorithm Ec(string name, string curve, HashAlgorithmName hash, int length) => new(name, "EC", curve, hash, length, null);

    private static JwsAlgorithm Rsa(string name, HashAlgorithmName hash, int length, RSASignaturePadding padding) =>
        new(name, "RSA", null, hash, length, padding);
}
