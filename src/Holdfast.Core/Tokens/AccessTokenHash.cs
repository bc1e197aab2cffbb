using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast;

/// <summary>
/// SHA-256 of an access token: what <c>ath</c> must be (RFC 9449 §4.2), and the key under which a verified token is remembered. Compared in
/// fixed time. Safe to log.
/// </summary>
public readonly struct AccessTokenHash : IEquatable<AccessTokenHash>
{
    // The same 32 bytes in the same spelling as a thumbprint, but never comparable with one.
    private readonly JwkThumbprint _hash;

    private AccessTokenHash(ReadOnlySpan<byte> hash) => _hash = new(hash);

    /// <summary>The hash of a token as it was presented.</summary>
    public static AccessTokenHash Of(ReadOnlySpan<char> token)
    {
        // A token68 is ASCII; of any other text no two may come out alike, so UTF-8 it is.
        int length = Encoding.UTF8.GetMaxByteCount(token.Length);
        byte[]? rented = length > 2048 ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[2048];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(token, utf8)], hash);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return new(hash);
    }

    /// <summary>True where <paramref name="ath"/> is the one spelling of this hash.</summary>
    public bool IsWrittenAs(ReadOnlySpan<byte> ath)
    {
        // DPOP-V-39, RFC 9449 §4.2: an exact string in fixed time; a padded or respelled hash is another string.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes], text = stackalloc byte[JwkThumbprint.Length];
        _hash.CopyTo(hash);
        Base64Url.EncodeToUtf8(hash, text);
        return CryptographicOperations.FixedTimeEquals(text, ath);
    }

    /// <inheritdoc/>
    public bool Equals(AccessTokenHash other) => _hash == other._hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AccessTokenHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash.GetHashCode();

    /// <summary>As <c>ath</c> is written: 43 characters of unpadded base64url.</summary>
    public override string ToString() => _hash.ToString();

    /// <summary>Equality in fixed time.</summary>
    public static bool operator ==(AccessTokenHash left, AccessTokenHash right) => left.Equals(right);

    /// <summary>Inequality in fixed time.</summary>
    public static bool operator !=(AccessTokenHash left, AccessTokenHash right) => !left.Equals(right);
}
