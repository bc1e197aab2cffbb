using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Registry;

/// <summary>
/// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2) under a random salt. Stored are a version, the number of iterations, the salt and 32 octets, so that the number
/// can be raised without ending the secrets there are.
/// </summary>
public sealed class Pbkdf2ClientSecretHasher : IClientSecretHasher
{
    /// <summary>The iterations of new hashes, and the fewest that count: some 150 ms on one core.</summary>
    public const int Iterations = 600_000;

    private const byte Version = 1;
    // A damaged hash must not keep a core busy for minutes.
    private const int MaxIterations = 10_000_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;
    private const int SaltStart = 1 + sizeof(int);
    private const int HashStart = SaltStart + SaltLength;

    /// <inheritdoc/>
    public byte[] Hash(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var stored = new byte[HashStart + HashLength];
        stored[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(stored.AsSpan(1), Iterations);
        RandomNumberGenerator.Fill(stored.AsSpan(SaltStart, SaltLength));
        Derive(secret, stored.AsSpan(SaltStart, SaltLength), Iterations, stored.AsSpan(HashStart));
        return stored;
    }

    /// <inheritdoc/>
    public bool Verify(string secret, ReadOnlySpan<byte> hash)
    {
        if (string.IsNullOrEmpty(secret) || hash.Length != HashStart + HashLength || hash[0] != Version)
            return false;
        int iterations = BinaryPrimitives.ReadInt32BigEndian(hash[1..]);
        if (iterations is < Iterations or > MaxIterations)
            return false;
        Span<byte> derived = stackalloc byte[HashLength];
        Derive(secret, hash.Slice(SaltStart, SaltLength), iterations, derived);
        // RFC 9700 §2.5: how long the comparison takes says nothing about where they differ.
        return CryptographicOperations.FixedTimeEquals(derived, hash[HashStart..]);
    }

    private static void Derive(string secret, ReadOnlySpan<byte> salt, int iterations, Span<byte> derived) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, derived, iterations, HashAlgorithmName.SHA256);
}
