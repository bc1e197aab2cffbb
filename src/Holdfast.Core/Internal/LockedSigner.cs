using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Internal;

/// <summary>
/// One signature at a time: the base class library does not document its key objects as thread-safe, and a key that lives in
/// hardware cannot be copied into a pool.
/// </summary>
internal sealed class LockedSigner(string alg, string publicJwk, Func<ReadOnlyMemory<byte>, byte[]> sign) : IProofSigner
{
    private readonly Lock _lock = new();

    public string Alg => alg;

    public string PublicJwk => publicJwk;

    public JwkThumbprint Thumbprint { get; } = new(SHA256.HashData(Encoding.UTF8.GetBytes(publicJwk)));

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> signingInput, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
            return new(sign(signingInput));
    }
}
