using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Testing;

/// <summary>A key pair that signs any header over any payload, well-formed or not.</summary>
public sealed class TestKey
{
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    private TestKey(string alg, string? kid, ECDsa? ec, RSA? rsa) => (Alg, Kid, _ec, _rsa) = (alg, kid, ec, rsa);

    public string Alg { get; }

    public string? Kid { get; }

    public static TestKey Es256(string? kid = null) => new("ES256", kid, ECDsa.Create(ECCurve.NamedCurves.nistP256), null);

    public static TestKey Es384(string? kid = null) => new("ES384", kid, ECDsa.Create(ECCurve.NamedCurves.nistP384), null);

    public static TestKey Rsa(string alg, string? kid = null, int bits = 2048) => new(alg, kid, null, RSA.Create(bits));

    /// <summary>The public key, with <c>kid</c> and <c>alg</c> where the key has an identifier.</summary>
    public JsonObject PublicJwk()
    {
        JsonObject jwk = RequiredMembers();
        if (Kid is not null)
        {
            jwk["kid"] = Kid;
            jwk["alg"] = Alg;
            jwk["use"] = "sig";
        }
        return jwk;
    }

    /// <summary>The members that RFC 7638 hashes, in its order.</summary>
    public JsonObject RequiredMembers()
    {
        if (_rsa is not null)
        {
            RSAParameters rsa = _rsa.ExportParameters(false);
            return new JsonObject { ["e"] = Encode(rsa.Exponent!), ["kty"] = "RSA", ["n"] = Encode(rsa.Modulus!) };
        }
        ECParameters ec = _ec!.ExportParameters(false);
        return new JsonObject { ["crv"] = Alg == "ES384" ? "P-384" : "P-256", ["kty"] = "EC", ["x"] = Encode(ec.Q.X!), ["y"] = Encode(ec.Q.Y!) };
    }

    /// <summary>The RFC 7638 thumbprint.</summary>
    public string Thumbprint => Encode(SHA256.HashData(Encoding.UTF8.GetBytes(RequiredMembers().ToJsonString())));

    /// <summary>A compact JWS over these texts exactly.</summary>
    public string Sign(string header, string payload)
    {
        string input = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Encode(Signature(Encoding.ASCII.GetBytes(input)))}";
    }

    private byte[] Signature(byte[] input)
    {
        HashAlgorithmName hash = Alg.EndsWith("384", StringComparison.Ordinal) ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        return _ec is not null
            ? _ec.SignData(input, hash)
            : _rsa!.SignData(input, hash, Alg.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
