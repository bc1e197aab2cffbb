using System.Security.Cryptography;

namespace Holdfast.Guard.Internal;

/// <summary>One key that signs contexts: P-256, named by its thumbprint.</summary>
internal sealed class ContextKey : IDisposable
{
    public const string Alg = AspNetCore.ContextClaims.Alg;

    private readonly ECDsa _key;

    private ContextKey(ECDsa key)
    {
        _key = key;
        Signer = ProofSigner.Create(key);
        Kid = Signer.Thumbprint.ToString();
    }

    public string Kid { get; }

    public IProofSigner Signer { get; }

    public static ContextKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads PKCS #8 in PEM. What is no private key on P-256 is an <see cref="ArgumentException"/> or a <see cref="CryptographicException"/>.</summary>
    public static ContextKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // A public key alone would only fail at the first context.
            key.ExportParameters(includePrivateParameters: true);
            if (key.KeySize != 256)
                throw new ArgumentException("Not a P-256 key.", nameof(pem));
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    public void Dispose() => _key.Dispose();
}
