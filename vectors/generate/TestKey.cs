using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>A fixed test key of <c>vectors/keys</c>.</summary>
internal sealed class TestKey
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi"];

    private readonly AsymmetricAlgorithm _key;

    public TestKey(string name, JsonObject jwk)
    {
        (Name, Jwk) = (name, jwk);
        _key = (string)jwk["kty"]! == "EC" ? ECDsa.Create(EcParameters(jwk)) : RSA.Create(RsaParameters(jwk));
    }

    public string Name { get; }

    /// <summary>With the private members.</summary>
    public JsonObject Jwk { get; }

    public AsymmetricAlgorithm Private => _key;

    public string Crv => (string?)Jwk["crv"] ?? "";

    /// <summary>The algorithm that this key is used with unless a case says otherwise.</summary>
    public string Alg => Crv switch { "P-256" => "ES256", "P-384" => "ES384", "P-521" => "ES512", _ => "PS256" };

    public static TestKey Load(string path) => new(Path.GetFileNameWithoutExtension(path), JsonNode.Parse(File.ReadAllText(path))!["jwk"]!.AsObject());

    public JsonObject PublicJwk()
    {
        JsonObject jwk = Jwk.DeepClone().AsObject();
        foreach (string member in PrivateMembers)
            jwk.Remove(member);
        return jwk;
    }

    public string Thumbprint() => Thumbprint(Jwk);

    /// <summary>RFC 7638 §3, of whatever is there.</summary>
    public static string Thumbprint(JsonObject jwk)
    {
        string[] members = (string?)jwk["kty"] == "RSA" ? ["e", "kty", "n"] : ["crv", "kty", "x", "y"];
        string json = "{" + string.Join(',', members.Select(m => $"\"{m}\":\"{jwk[m]}\"")) + "}";
        return Jws.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
    }

    public byte[] Sign(string alg, byte[] data) => _key switch
    {
        ECDsa ec => ec.SignData(data, Hash(alg)),
        RSA rsa => rsa.SignData(data, Hash(alg), alg[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss),
        _ => throw new NotSupportedException(),
    };

    public byte[] SignDer(byte[] data) => ((ECDsa)_key).SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Writes a new key file; done once a key, the files are the keys.</summary>
    public static JsonObject Create(string kind)
    {
        if (kind.StartsWith("P-", StringComparison.Ordinal))
        {
            using ECDsa ec = ECDsa.Create(Curve(kind));
            ECParameters p = ec.ExportParameters(true);
            return new() { ["kty"] = "EC", ["crv"] = kind, ["x"] = Jws.Encode(p.Q.X!), ["y"] = Jws.Encode(p.Q.Y!), ["d"] = Jws.Encode(p.D!) };
        }
        using RSA rsa = RSA.Create(int.Parse(kind));
        RSAParameters r = rsa.ExportParameters(true);
        return new()
        {
            ["kty"] = "RSA", ["n"] = Jws.Encode(r.Modulus!), ["e"] = Jws.Encode(r.Exponent!), ["d"] = Jws.Encode(r.D!),
            ["p"] = Jws.Encode(r.P!), ["q"] = Jws.Encode(r.Q!), ["dp"] = Jws.Encode(r.DP!), ["dq"] = Jws.Encode(r.DQ!), ["qi"] = Jws.Encode(r.InverseQ!),
        };
    }

    private static HashAlgorithmName Hash(string alg) => alg[^3..] switch
    {
        "384" => HashAlgorithmName.SHA384,
        "512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static ECCurve Curve(string crv) => crv switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };

    private static byte[] Member(JsonObject jwk, string name) => Jws.Decode((string)jwk[name]!);

    private static ECParameters EcParameters(JsonObject jwk) => new()
    {
        Curve = Curve((string)jwk["crv"]!), Q = { X = Member(jwk, "x"), Y = Member(jwk, "y") }, D = Member(jwk, "d"),
    };

    private static RSAParameters RsaParameters(JsonObject jwk) => new()
    {
        Modulus = Member(jwk, "n"), Exponent = Member(jwk, "e"), D = Member(jwk, "d"), P = Member(jwk, "p"), Q = Member(jwk, "q"),
        DP = Member(jwk, "dp"), DQ = Member(jwk, "dq"), InverseQ = Member(jwk, "qi"),
    };
}
