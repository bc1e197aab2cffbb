using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast;

/// <summary>
/// The first 128 bits of SHA-256 over (role, jkt, htm, canonical htu, jti), with unambiguous separation: neither another client's
/// <c>jti</c> nor a respelled URI collides or slips by (RFC 9449 §11.1; DPOP-V-31).
/// </summary>
/// <param name="Value">The bits.</param>
public readonly record struct ReplayKey(UInt128 Value)
{
    private const int FixedLength = 1 + SHA256.HashSizeInBytes + (3 * sizeof(int));
    private const int LargestOnStack = 1024;

    /// <summary>The key of a proof.</summary>
    /// <param name="role">The role that verifies it.</param>
    /// <param name="jkt">The thumbprint of the proof's key.</param>
    /// <param name="htm">The method as it stands in the proof.</param>
    /// <param name="canonicalHtu">The proof's own URL in canonical form, without query and fragment.</param>
    /// <param name="jti">The identifier as it stands in the proof after JSON unescaping; well-formed UTF-16.</param>
    public static ReplayKey Create(
        VerifierRole role, JwkThumbprint jkt, ReadOnlySpan<char> htm, ReadOnlySpan<char> canonicalHtu, ReadOnlySpan<char> jti)
    {
        // DPOP-V-30, RFC 9449 §11.1: whatever the length of jti, only a hash is kept.
        // DPOP-V-31, RFC 9449 §11.1: (jkt, canonical htu, htm, jti). Each text is preceded by its length, so no two tuples encode alike.
        int longest = checked(FixedLength + Encoding.UTF8.GetMaxByteCount(htm.Length) + Encoding.UTF8.GetMaxByteCount(canonicalHtu.Length)
            + Encoding.UTF8.GetMaxByteCount(jti.Length));
        byte[]? rented = longest > LargestOnStack ? ArrayPool<byte>.Shared.Rent(longest) : null;
        Span<byte> buffer = rented ?? stackalloc byte[LargestOnStack];

        buffer[0] = (byte)role;
        jkt.CopyTo(buffer[1..]);
        int length = 1 + SHA256.HashSizeInBytes;
        length += Append(htm, buffer[length..]);
        length += Append(canonicalHtu, buffer[length..]);
        length += Append(jti, buffer[length..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer[..length], hash);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    private static int Append(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int written = Encoding.UTF8.GetBytes(text, destination[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(destination, written);
        return sizeof(int) + written;
    }
}
