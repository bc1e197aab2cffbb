using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance.Tests;

public sealed class ProofBuilderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData("nistP256", "ES256", "P-256")]
    [InlineData("nistP384", "ES384", "P-384")]
    [InlineData("nistP521", "ES512", "P-521")]
    public void An_elliptic_proof_verifies_with_the_key_in_its_header(string curve, string algorithm, string crv)
    {
        using var ec = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var key = SigningKey.FromPem(ec.ExportPkcs8PrivateKeyPem());

        var proof = new ProofBuilder(key).Build("GET", "https://api.example/orders", Now);

        ((string?)proof.HeaderObject["alg"]).ShouldBe(algorithm);
        ((string?)proof.HeaderObject["jwk"]!["crv"]).ShouldBe(crv);
        Verifies(proof, ec).ShouldBeTrue();
    }

    [Fact]
    public void An_RSA_proof_verifies_with_the_key_in_its_header()
    {
        using var rsa = RSA.Create(2048);
        using var key = SigningKey.FromPem(rsa.ExportPkcs8PrivateKeyPem());

        var proof = new ProofBuilder(key).Build("GET", "https://api.example/orders", Now);

        var jwk = proof.HeaderObject["jwk"]!;
        ((string?)proof.HeaderObject["alg"]).ShouldBe("PS256");
        using var published = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)jwk["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)jwk["e"]!),
        });
        published.VerifyData(SigningInput(proof), Base64Url.DecodeFromChars(proof.Signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            .ShouldBeTrue();
    }

    [Fact]
    public void A_proof_has_the_claims_of_RFC_9449()
    {
        using var key = SigningKey.Create();

        var proof = new ProofBuilder(key).Build("POST", "https://api.example/orders?page=2", Now, "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU", "n-1");

        ((string?)proof.HeaderObject["typ"]).ShouldBe("dpop+jwt");
        proof.HeaderObject["jwk"]!.AsObject().Select(member => member.Key).ShouldBe(["kty", "crv", "x", "y"]);
        var claims = proof.PayloadObject;
        ((string?)claims["htm"]).ShouldBe("POST");
        ((string?)claims["htu"]).ShouldBe("https://api.example/orders");
        ((long?)claims["iat"]).ShouldBe(1_800_000_000);
        ((string?)claims["nonce"]).ShouldBe("n-1");
        // The token and the hash of RFC 9449 §7.1.
        ((string?)claims["ath"]).ShouldBe("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        ((string?)claims["jti"]).ShouldNotBe((string?)new ProofBuilder(key).Build("POST", "https://api.example/orders", Now).PayloadObject["jti"]);
    }

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public void A_malleated_signature_differs_and_still_verifies(string curve)
    {
        using var ec = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var key = SigningKey.FromPem(ec.ExportECPrivateKeyPem());
        var proof = new ProofBuilder(key).Build("GET", "https://api.example/orders", Now);

        var malleated = proof.WithMalleatedSignature().ShouldNotBeNull();

        malleated.ShouldNotBe(proof);
        Verifies(malleated, ec).ShouldBeTrue();
    }

    [Fact]
    public void A_respelled_signature_is_another_text()
    {
        using var key = SigningKey.Create();
        var proof = new ProofBuilder(key).Build("GET", "https://api.example/orders", Now);
        proof.WithRespelledSignature().Signature.ShouldNotBe(proof.Signature);
    }

    [Fact]
    public void An_altered_claim_leaves_signature_and_other_claims()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = SigningKey.FromPem(ec.ExportECPrivateKeyPem());
        var proof = new ProofBuilder(key).Build("GET", "https://api.example/orders", Now);

        var altered = proof.WithClaim("htm", "POST");

        altered.Signature.ShouldBe(proof.Signature);
        JsonNode.DeepEquals(altered.WithClaim("htm", "GET").PayloadObject, proof.PayloadObject).ShouldBeTrue();
        Verifies(altered, ec).ShouldBeFalse();
    }

    [Fact]
    public void A_client_assertion_is_for_the_issuer_and_lives_a_minute()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = SigningKey.FromPem(ec.ExportECPrivateKeyPem());

        var assertion = ClientAssertion.Build(key, "client", "https://issuer.example", Now);

        Verifies(assertion, ec).ShouldBeTrue();
        var claims = assertion.PayloadObject;
        ((string?)claims["iss"], (string?)claims["sub"], (string?)claims["aud"]).ShouldBe(("client", "client", "https://issuer.example"));
        ((long)claims["exp"]! - (long)claims["iat"]!).ShouldBe(60);
    }

    [Fact]
    public void A_text_that_is_no_key_is_refused() =>
        Should.Throw<ArgumentException>(() => SigningKey.FromPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"));

    private static bool Verifies(CompactJws jws, ECDsa key) => key.VerifyData(
        SigningInput(jws),
        Base64Url.DecodeFromChars(jws.Signature),
        key.KeySize switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 },
        DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static byte[] SigningInput(CompactJws jws) => Encoding.ASCII.GetBytes($"{jws.Header}.{jws.Payload}");
}
