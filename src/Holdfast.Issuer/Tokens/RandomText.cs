using System.Buffers.Text;
using System.Security.Cryptography;

namespace Holdfast.Issuer;

/// <summary>Random text of our own, in base64url.</summary>
internal static class RandomText
{
    /// <summary>128 bits: nobody else has the same.</summary>
    public static string Identifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    // FAPI-28, FAPI 2.0 §5.4.1: 128 bits at least; here 256, so that a plain hash can be stored in its place.
    /// <summary>256 bits: nobody can guess it. A code, a refresh token, a reference.</summary>
    public static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
