using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>
/// A private key with the JWS algorithm it signs by: ES256, ES384 or ES512 after the curve, PS256 for RSA. Built on the base class library
/// alone, so that what it signs is an outside opinion. Not for several threads at once.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;
    private readonly HashAlgorithmName _hash;

    private SigningKey(ECDsa ec)
    {
        _ec = ec;
        (Algorithm, _hash) = ec.KeySize switch
        {
            256 => ("ES256", HashAlgorithmName.SHA256),
            384 => ("ES384", HashAlgorithmName.SHA384),
            521 => ("ES512", HashAlgorithmName.SHA512),
            _ => throw new ArgumentException($"an elliptic-curve key of {ec.KeySize} bits has no JWS algorithm", nameof(ec)),
        };
    }

    private SigningKey(RSA rsa) => (_rsa, Algorithm, _hash) = (rsa, "PS256", HashAlgorithmName.SHA256);

    /// <summary>The JWS <c>alg</c> (RFC 7518 §3.1).</summary>
    public string Algorithm { get; }

    /// <summary>The public key as a JWK of required members only (RFC 7517, RFC 7518 §6). A new object at each call.</summary>
    public JsonObject PublicJwk => _ec is not null ? EcJwk(_ec.ExportParameters(false)) : RsaJwk(_rsa!.ExportParameters(false));

    /// <summary>The private exponent or scalar as the JWK member <c>d</c>: for showing what a careless client would publish.</summary>
    public string PrivateMember =>
        Base64Url.EncodeToString(_ec is not null ? _ec.ExportParameters(true).D! : _rsa!.ExportParameters(true).D!);

    /// <summary>A new P-256 key.</summary>
    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads an unencrypted private key, EC (SEC1 or PKCS #8) or RSA.</summary>
    /// <exception cref="ArgumentException">The text is not such a key.</exception>
    public static SigningKey FromPem(string pem)
    {
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            return new SigningKey(ec);
        }
        catch (CryptographicException)
        {
            // Not elliptic: RSA is the other kind that a client may have.
            ec.Dispose();
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new SigningKey(rsa);
        }
        catch (CryptographicException e)
        {
            rsa.Dispose();
            throw new ArgumentException("the PEM holds neither an EC nor an RSA private key", nameof(pem), e);
        }
    }

    /// <summary>Signs in the form that JWS wants: r and s side by side for ECDSA (RFC 7518 §3.4), PSS for RSA (§3.5).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => _ec is not null
        ? _ec.SignData(data, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
        : _rsa!.SignData(data.ToArray(), _hash, RSASignaturePadding.Pss);

    /// <summary>The public key in every form that a confused server might take for a shared secret (RFC 8725 §2.1).</summary>
    public static IReadOnlyList<byte[]> PublicKeyAsSecret(JsonObject publicJwk)
    {
        ArgumentNullException.ThrowIfNull(publicJwk);
        using var key = ImportPublic(publicJwk);
        return
        [
            key.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            Encoding.UTF8.GetBytes(CompactJws.Write(publicJwk)),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }

    private static AsymmetricAlgorithm ImportPublic(JsonObject jwk)
    {
        byte[] Octets(string name) => Base64Url.DecodeFromChars((string?)jwk[name] ?? throw new ArgumentException($"the JWK has no {name}", nameof(jwk)));
        if ((string?)jwk["kty"] == "RSA")
            return RSA.Create(new RSAParameters { Modulus = Octets("n"), Exponent = Octets("e") });

        var curve = (string?)jwk["crv"] switch
        {
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => ECCurve.NamedCurves.nistP256,
        };
        return ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Octets("x"), Y = Octets("y") } });
    }

    private JsonObject EcJwk(ECParameters parameters) => new()
    {
        ["kty"] = "EC",
        ["crv"] = Algorithm switch { "ES384" => "P-384", "ES512" => "P-521", _ => "P-256" },
        ["x"] = Base64Url.EncodeToString(parameters.Q.X),
        ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
    };

    private static JsonObject RsaJwk(RSAParameters parameters) => new()
    {
        ["kty"] = "RSA",
        ["n"] = Base64Url.EncodeToString(parameters.Modulus),
        ["e"] = Base64Url.EncodeToString(parameters.Exponent),
    };
}
