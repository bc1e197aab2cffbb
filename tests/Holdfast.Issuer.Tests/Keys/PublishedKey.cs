using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Issuer.Tests.Keys;

/// <summary>A published key as a verifier uses it: an opinion from outside.</summary>
internal static class PublishedKey
{
    public static bool Verifies(JsonElement jwk, string token)
    {
        string[] parts = token.Split('.');
        byte[] input = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature = Base64Url.DecodeFromChars(parts[2]);
        if (jwk.GetProperty("kty").GetString() == "EC")
        {
            using ECDsa ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Octets(jwk, "x"), Y = Octets(jwk, "y") } });
            return ec.VerifyData(input, signature, HashAlgorithmName.SHA256);
        }
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = Octets(jwk, "n"), Exponent = Octets(jwk, "e") });
        rsa.KeySize.ShouldBeGreaterThanOrEqualTo(2048);
        return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, jwk.GetProperty("alg").GetString() == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    /// <summary>RFC 7638 §3, of an EC key.</summary>
    public static string ThumbprintOf(JsonElement jwk) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{jwk.GetProperty("x")}}","y":"{{jwk.GetProperty("y")}}"}""")));

    private static byte[] Octets(JsonElement jwk, string member) => Base64Url.DecodeFromChars(jwk.GetProperty(member).GetString());
}
