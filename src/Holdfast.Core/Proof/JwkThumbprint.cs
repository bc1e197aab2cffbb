using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast;

/// <summary>
/// A SHA-256 JWK thumbprint (RFC 7638 §3, RFC 9449 §6.1): 32 bytes, written as 43 characters of unpadded base64url. May be logged.
/// </summary>
public readonly struct JwkThumbprint : IEquatable<JwkThumbprint>
{
    /// <summary>The length of the written form.</summary>
    public const int Length = 43;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>The thumbprint of these 32 bytes.</summary>
    public JwkThumbprint(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException("A thumbprint has 32 bytes.", nameof(hash));
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    /// <summary>Reads the written form strictly: 43 characters, canonical, nothing around them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JwkThumbprint thumbprint)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        thumbprint = default;
        if (text.Length != Length || !StrictBase64Url.TryDecode(text, hash, out int written) || written != hash.Length)
            return false;
        thumbprint = new(hash);
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>Sixty-four of its bits: whose quota a replay record counts against.</summary>
    public ulong ToOwner() => (ulong)(_low >> 64);

    /// <summary>Compares in fixed time (DPOP-V-39).</summary>
    public bool Equals(JwkThumbprint other) => ((_high ^ other._high) | (_low ^ other._low)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JwkThumbprint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_low;

    /// <summary>The written form.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        CopyTo(hash);
        return System.Buffers.Text.Base64Url.EncodeToString(hash);
    }

    /// <summary>Equality in fixed time.</summary>
    public static bool operator ==(JwkThumbprint left, JwkThumbprint right) => left.Equals(right);

    /// <summary>Inequality in fixed time.</summary>
    public static bool operator !=(JwkThumbprint left, JwkThumbprint right) => !left.Equals(right);
}
