using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>
/// The SHA-256 of a code, token or reference that this issuer made from 256 random bits: what is stored in its place. A plain hash is enough, because there is
/// nothing to guess. The default value is the hash of nothing that exists.
/// </summary>
public readonly struct SecretHash : IEquatable<SecretHash>
{
    /// <summary>In octets.</summary>
    public const int Length = 32;

    private readonly byte[]? _octets;

    private SecretHash(byte[] octets) => _octets = octets;

    /// <summary>Hashes the text as it was presented.</summary>
    public static SecretHash Of(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Of stored octets.</summary>
    /// <exception cref="ArgumentException">They are not <see cref="Length"/>.</exception>
    public static SecretHash FromOctets(byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(octets);
        return octets.Length == Length ? new(octets) : throw new ArgumentException($"{octets.Length} octets are no SHA-256.", nameof(octets));
    }

    /// <summary>The octets, to be stored.</summary>
    public byte[] ToOctets() => _octets is null ? new byte[Length] : [.. _octets];

    /// <inheritdoc/>
    public bool Equals(SecretHash other) => CryptographicOperations.FixedTimeEquals(_octets ?? [], other._octets ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SecretHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _octets is null ? 0 : BitConverter.ToInt32(_octets, 0);

    /// <summary>Whether both are of the same secret.</summary>
    public static bool operator ==(SecretHash left, SecretHash right) => left.Equals(right);

    /// <summary>Whether they are of two.</summary>
    public static bool operator !=(SecretHash left, SecretHash right) => !left.Equals(right);
}
