using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast.Vectors;

/// <summary>Nonces as vectors/README.md describes them, under the one key that all vectors use.</summary>
internal static class Nonces
{
    public const string KeyHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    public static string At(long time, bool authorizationServer = false, string keyHex = KeyHex)
    {
        byte[] nonce = new byte[21];
        nonce[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(1), (uint)(time / 60));
        byte[] message = [.. "holdfast-nonce"u8, (byte)(authorizationServer ? 1 : 0), .. nonce[..5]];
        HMACSHA256.HashData(Convert.FromHexString(keyHex), message).AsSpan(0, 16).CopyTo(nonce.AsSpan(5));
        return Jws.Encode(nonce);
    }
}
