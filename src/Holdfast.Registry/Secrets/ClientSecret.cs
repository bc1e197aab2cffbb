using System.Buffers.Text;
using System.Security.Cryptography;

namespace Holdfast.Registry;

/// <summary>Makes the secrets of clients.</summary>
public static class ClientSecret
{
    private const int Length = 32;

    /// <summary>A new one: 256 random bits in base64url, 43 characters that need no escaping in a form or a header field.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
}
