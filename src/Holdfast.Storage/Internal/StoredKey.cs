using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Holdfast.Storage;

/// <summary>The SHA-256 of two strings, neither of which can reach into the other: short keys for what may be long, and nothing readable of a <c>jti</c>.</summary>
internal static class StoredKey
{
    public static byte[] Of(string first, string second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, first.Length);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(first.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(second.AsSpan()));
        return hash.GetHashAndReset();
    }

    public static byte[] Of(Registry.RevocationKind kind, string value) => Of(((int)kind).ToString(System.Globalization.CultureInfo.InvariantCulture), value);
}
