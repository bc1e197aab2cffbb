using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Client.Tests.Fakes;

/// <summary>A JWS as an outsider reads it, with nothing but the base class library: the product does not judge itself here.</summary>
public sealed record SeenJws(JsonElement Header, JsonElement Payload, byte[] Input, byte[] Signature)
{
    public string? this[string claim] => Payload.TryGetProperty(claim, out JsonElement value) ? value.ToString() : null;

    public long Iat => Payload.GetProperty("iat").GetInt64();

    public static SeenJws Parse(string jws)
    {
        string[] parts = jws.Split('.');
        parts.Length.ShouldBe(3);
        return new(
            JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement,
            JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement,
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            Base64Url.DecodeFromChars(parts[2]));
    }

    /// <summary>The thumbprint of the key in the header, once the signature is verified by it.</summary>
    public string VerifiedThumbprint()
    {
        JsonElement jwk = Header.GetProperty("jwk");
        string alg = Header.GetProperty("alg").GetString()!;
        HashAlgorithmName hash = new("SHA" + alg[2..]);
        string members;
        if (jwk.GetProperty("kty").GetString() == "RSA")
        {
            using RSA rsa = RSA.Create(new RSAParameters { Exponent = Bytes(jwk, "e"), Modulus = Bytes(jwk, "n") });
            rsa.VerifyData(Input, Signature, hash, alg[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1).ShouldBeTrue();
            members = $$"""{"e":"{{jwk.GetProperty("e")}}","kty":"RSA","n":"{{jwk.GetProperty("n")}}"}""";
        }
        else
        {
            ECCurve curve = alg switch
            {
                "ES256" => ECCurve.NamedCurves.nistP256,
                "ES384" => ECCurve.NamedCurves.nistP384,
                _ => ECCurve.NamedCurves.nistP521,
            };
            using ECDsa ec = ECDsa.Create(new ECParameters { Curve = curve, Q = { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") } });
            ec.VerifyData(Input, Signature, hash).ShouldBeTrue();
            members = $$"""{"crv":"{{jwk.GetProperty("crv")}}","kty":"EC","x":"{{jwk.GetProperty("x")}}","y":"{{jwk.GetProperty("y")}}"}""";
        }
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members)));
    }

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
}
