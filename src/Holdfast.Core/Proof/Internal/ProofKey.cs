using System.Security.Cryptography;

namespace Holdfast.Internal;

/// <summary>
/// A public key that verifies. <see cref="ECDsa"/> and <see cref="RSA"/> objects are not documented as thread-safe, so each verification
/// rents one from a small pool; a slot costs nanoseconds, an import twice a verification.
/// </summary>
internal sealed class ProofKey : IDisposable
{
    private readonly ECParameters? _ec;
    private readonly RSAParameters? _rsa;
    private readonly AsymmetricAlgorithm?[] _pool = new AsymmetricAlgorithm?[Math.Clamp(Environment.ProcessorCount, 2, 16)];

    private ProofKey(AsymmetricAlgorithm first, ECParameters? ec, RSAParameters? rsa)
    {
        (_ec, _rsa) = (ec, rsa);
        _pool[0] = first;
    }

    /// <summary>Imports an elliptic-curve key; null where the point is not on the curve.</summary>
    public static ProofKey? ImportEc(string curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var parameters = new ECParameters
        {
            Curve = curve switch
            {
                "P-256" => ECCurve.NamedCurves.nistP256,
                "P-384" => ECCurve.NamedCurves.nistP384,
                _ => ECCurve.NamedCurves.nistP521,
            },
            Q = new ECPoint { X = x.ToArray(), Y = y.ToArray() },
        };
        return Import(() => ECDsa.Create(parameters), parameters, null);
    }

    /// <summary>Imports an RSA key; null where the platform finds it invalid.</summary>
    public static ProofKey? ImportRsa(ReadOnlySpan<byte> n, ReadOnlySpan<byte> e)
    {
        var parameters = new RSAParameters { Modulus = n.ToArray(), Exponent = e.ToArray() };
        return Import(() => RSA.Create(parameters), null, parameters);
    }

    /// <summary>Verifies a JWS signature with the one algorithm that the key was checked to fit.</summary>
    public bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        hash = hash[..algorithm.HashLength];
        algorithm.HashData(signingInput, hash);
        AsymmetricAlgorithm key = Rent();
        try
        {
            return key switch
            {
                ECDsa ec => signature.Length == 2 * CoordinateLength(algorithm.Curve!) && ec.VerifyHash(hash, signature),
                RSA rsa => rsa.VerifyHash(hash, signature, algorithm.Hash, algorithm.Padding!),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            // Some platforms throw instead of answering for a signature that no key could have made.
            return false;
        }
        finally
        {
            Return(key);
        }
    }

    /// <summary>Octets of a coordinate (RFC 7518 §6.2.1.2).</summary>
    public static int CoordinateLength(string curve) => curve switch { "P-256" => 32, "P-384" => 48, _ => 66 };

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _pool.Length; i++)
            Interlocked.Exchange(ref _pool[i], null)?.Dispose();
    }

    private static ProofKey? Import(Func<AsymmetricAlgorithm> create, ECParameters? ec, RSAParameters? rsa)
    {
        try
        {
            return new ProofKey(create(), ec, rsa);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private AsymmetricAlgorithm Rent()
    {
        for (int i = 0; i < _pool.Length; i++)
        {
            if (_pool[i] is not null && Interlocked.Exchange(ref _pool[i], null) is { } key)
                return key;
        }
        return _ec is { } ec ? ECDsa.Create(ec) : RSA.Create(_rsa!.Value);
    }

    private void Return(AsymmetricAlgorithm key)
    {
        for (int i = 0; i < _pool.Length; i++)
        {
            if (_pool[i] is null && Interlocked.CompareExchange(ref _pool[i], key, null) is null)
                return;
        }
        key.Dispose();
    }
}
