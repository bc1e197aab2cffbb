using System.Security.Cryptography;

namespace Holdfast.Issuer;

/// <summary>Private keys as they are made and kept here: PKCS #8.</summary>
internal static class PrivateKey
{
    private const int RsaBits = 2048;

    /// <summary>Makes a key of this algorithm.</summary>
    public static AsymmetricAlgorithm Generate(string alg) =>
        alg == SigningAlgorithms.ES256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(RsaBits);

    /// <summary>Reads a key of this algorithm.</summary>
    /// <exception cref="CryptographicException">It is none.</exception>
    public static AsymmetricAlgorithm Import(string alg, ReadOnlySpan<byte> pkcs8)
    {
        AsymmetricAlgorithm key = alg == SigningAlgorithms.ES256 ? ECDsa.Create() : RSA.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
