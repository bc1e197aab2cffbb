using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>
/// Keeps the successor of a refresh token for the grace answer (design §5), so that only whoever holds the replaced one can read it: AES-256-GCM under a key
/// that HKDF-SHA-256 (RFC 5869) derives from the replaced token. Neither the database nor its backups can open it, which know that token by its hash alone.
/// </summary>
internal static class SealedRefreshToken
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private static ReadOnlySpan<byte> Info => "holdfast refresh token successor v1"u8;

    /// <summary>The successor, to be opened with the token that it replaces: nonce, ciphertext, tag.</summary>
    public static byte[] Seal(string replaced, string successor)
    {
        byte[] plain = Encoding.UTF8.GetBytes(successor);
        var sealedSuccessor = new byte[NonceLength + plain.Length + TagLength];
        Span<byte> nonce = sealedSuccessor.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = CipherOf(replaced);
        cipher.Encrypt(nonce, plain, sealedSuccessor.AsSpan(NonceLength, plain.Length), sealedSuccessor.AsSpan(NonceLength + plain.Length), Info);
        return sealedSuccessor;
    }

    /// <summary>The successor; null where it is of another token, or damaged.</summary>
    public static string? Open(string replaced, byte[] sealedSuccessor)
    {
        int length = sealedSuccessor.Length - NonceLength - TagLength;
        if (length <= 0)
            return null;
        var plain = new byte[length];
        using AesGcm cipher = CipherOf(replaced);
        try
        {
            cipher.Decrypt(sealedSuccessor.AsSpan(0, NonceLength), sealedSuccessor.AsSpan(NonceLength, length), sealedSuccessor.AsSpan(NonceLength + length), plain, Info);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return Encoding.UTF8.GetString(plain);
    }

    private static AesGcm CipherOf(string token)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(token), key, salt: [], Info);
        return new AesGcm(key, TagLength);
    }
}
