using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Core.Tests.Proof;

public class DPoPProofWriterTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private static DPoPProofClaims Claims => new() { Htm = "POST", Htu = "https://api.example.com/orders", Iat = Now };

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Signs_with_the_algorithm_of_the_curve(string alg)
    {
        ECCurve curve = alg switch
        {
            "ES256" => ECCurve.NamedCurves.nistP256,
            "ES384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        HashAlgorithmName hash = new(alg.Replace("ES", "SHA"));
        using ECDsa key = ECDsa.Create(curve);
        IProofSigner signer = ProofSigner.Create(key);
        string proof = await DPoPProofWriter.WriteAsync(signer, Claims, default);

        signer.Alg.ShouldBe(alg);
        Header(proof).GetProperty("alg").GetString().ShouldBe(alg);
        JsonElement jwk = Header(proof).GetProperty("jwk");
        using ECDsa seen = ECDsa.Create(new ECParameters
        {
            Curve = curve,
            Q = { X = Bytes(jwk.GetProperty("x")), Y = Bytes(jwk.GetProperty("y")) },
        });
        seen.VerifyData(Input(proof), Signature(proof), hash).ShouldBeTrue();
    }

    [Theory]
    [InlineData("PS256", "SHA256", true)]
    [InlineData("PS384", "SHA384", true)]
    [InlineData("PS512", "SHA512", true)]
    [InlineData("RS256", "SHA256", false)]
    public async Task Signs_with_the_algorithm_asked_of_an_RSA_key(string alg, string hash, bool pss)
    {
        using RSA key = RSA.Create(2048);
        string proof = await DPoPProofWriter.WriteAsync(ProofSigner.Create(key, alg), Claims, default);

        JsonElement jwk = Header(proof).GetProperty("jwk");
        using RSA seen = RSA.Create(new RSAParameters { Exponent = Bytes(jwk.GetProperty("e")), Modulus = Bytes(jwk.GetProperty("n")) });
        seen.VerifyData(Input(proof), Signature(proof), new(hash), pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1).ShouldBeTrue();
        Header(proof).GetProperty("alg").GetString().ShouldBe(alg);
    }

    // DPOP-C-02
    [Fact]
    public async Task Writes_a_header_of_type_algorithm_and_public_key_only()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        string proof = await DPoPProofWriter.WriteAsync(signer, Claims, default);

        string header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(proof.Split('.')[0]));
        header.ShouldBe($$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{signer.PublicJwk}}}""");
        Names(Header(proof).GetProperty("jwk")).ShouldBe(["crv", "kty", "x", "y"]);
    }

    // DPOP-C-02
    [Fact]
    public async Task Writes_an_RSA_key_without_private_members()
    {
        using RSA key = RSA.Create(2048);
        string proof = await DPoPProofWriter.WriteAsync(ProofSigner.Create(key), Claims, default);
        Names(Header(proof).GetProperty("jwk")).ShouldBe(["e", "kty", "n"]);
        Header(proof).GetProperty("jwk").GetProperty("e").GetString().ShouldBe("AQAB");
    }

    // DPOP-C-01, DPOP-C-03
    [Fact]
    public async Task Draws_a_new_identifier_of_128_bits_for_each_proof()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 100; i++)
        {
            string jti = Payload(await DPoPProofWriter.WriteAsync(signer, Claims, default)).GetProperty("jti").GetString()!;
            Base64Url.DecodeFromChars(jti).Length.ShouldBe(16);
            seen.Add(jti).ShouldBeTrue();
        }
    }

    // DPOP-C-04
    [Fact]
    public async Task Writes_method_target_and_time_and_nothing_else_by_default()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonElement payload = Payload(await DPoPProofWriter.WriteAsync(
            ProofSigner.Create(key), Claims with { Jti = "one", Iat = Now.AddMilliseconds(999) }, default));
        payload.GetRawText().ShouldBe("""{"jti":"one","htm":"POST","htu":"https://api.example.com/orders","iat":1800000000}""");
    }

    // DPOP-C-04
    [Theory]
    [InlineData("https://api.example.com/orders?x=1")]
    [InlineData("https://api.example.com/orders#top")]
    [InlineData("https://api.example.com/orders?")]
    [InlineData("/orders")]
    [InlineData("ftp://api.example.com/orders")]
    [InlineData("https://")]
    [InlineData("https:///orders")]
    [InlineData("https://me@api.example.com/orders")]
    [InlineData("https://api.example.com/caf\u00e9")]
    [InlineData("https://api.example.com/a b")]
    public async Task Refuses_a_target_that_a_proof_may_not_name(string htu)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        await Should.ThrowAsync<ArgumentException>(async () => await DPoPProofWriter.WriteAsync(signer, Claims with { Htu = htu }, default));
    }

    // DPOP-C-05: the RFC's own token and hash (RFC 9449 §7.1).
    [Fact]
    public async Task Hashes_the_access_token()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonElement payload = Payload(await DPoPProofWriter.WriteAsync(
            ProofSigner.Create(key), Claims with { AccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU" }, default));
        payload.GetProperty("ath").GetString().ShouldBe("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    }

    // DPOP-C-06
    [Fact]
    public async Task Carries_the_nonce_it_is_given()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonElement payload = Payload(await DPoPProofWriter.WriteAsync(ProofSigner.Create(key), Claims with { Nonce = "eyJ7S_zG.eyJH0-Z" }, default));
        payload.GetProperty("nonce").GetString().ShouldBe("eyJ7S_zG.eyJH0-Z");
        payload.TryGetProperty("ath", out _).ShouldBeFalse();
    }

    // DPOP-C-26
    [Theory]
    [InlineData("HTTPS://API.Example.COM/Orders", "https://api.example.com/Orders")]
    [InlineData("https://api.example.com:443/orders", "https://api.example.com/orders")]
    [InlineData("http://api.example.com:80/orders", "http://api.example.com/orders")]
    [InlineData("https://api.example.com:8443/orders", "https://api.example.com:8443/orders")]
    [InlineData("https://api.example.com", "https://api.example.com/")]
    [InlineData("https://api.example.com/orders?page=2#top", "https://api.example.com/orders")]
    [InlineData("https://api.example.com/a b/caf\u00e9", "https://api.example.com/a%20b/caf%C3%A9")]
    [InlineData("https://api.example.com/a%2Fb", "https://api.example.com/a%2Fb")]
    [InlineData("https://me:secret@api.example.com/orders", "https://api.example.com/orders")]
    [InlineData("https://b\u00fccher.example/orders", "https://xn--bcher-kva.example/orders")]
    [InlineData("http://[::1]:5000/orders", "http://[::1]:5000/orders")]
    public void Makes_htu_as_it_goes_over_the_wire(string uri, string htu) => DPoPProofClaims.HtuOf(new Uri(uri)).ShouldBe(htu);

    // DPOP-C-26
    [Fact]
    public void Makes_htu_without_query_from_a_uri_that_was_not_canonicalised()
    {
        var uri = new Uri("https://api.example.com/a/../b?x=1", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        DPoPProofClaims.HtuOf(uri).ShouldBe("https://api.example.com/a/../b");
    }

    // RFC 7638 §3.1, the example of the RFC
    [Fact]
    public void Computes_the_thumbprint_of_the_RFC()
    {
        using RSA key = RSA.Create(new RSAParameters
        {
            Exponent = [1, 0, 1],
            Modulus = Base64Url.DecodeFromChars(
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4"
                + "Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"),
        });
        ProofSigner.Create(key).Thumbprint.ToString().ShouldBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    [Fact]
    public void Refuses_keys_that_no_algorithm_fits()
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Should.Throw<ArgumentException>(() => ProofSigner.Create(curve)).ParamName.ShouldBe("key");
        using RSA small = RSA.Create(1024);
        Should.Throw<ArgumentException>(() => ProofSigner.Create(small)).ParamName.ShouldBe("key");
        using RSA key = RSA.Create(2048);
        Should.Throw<ArgumentException>(() => ProofSigner.Create(key, "HS256")).ParamName.ShouldBe("alg");
    }

    [Fact]
    public async Task Signs_for_many_threads_at_once()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        string[] proofs = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(_ => Task.Run(async () => await DPoPProofWriter.WriteAsync(signer, Claims, default))));
        proofs.ShouldAllBe(proof => key.VerifyData(Input(proof), Signature(proof), HashAlgorithmName.SHA256));
    }

    private static JsonElement Header(string jws) => JsonDocument.Parse(Base64Url.DecodeFromChars(jws.Split('.')[0])).RootElement;

    private static JsonElement Payload(string jws) => JsonDocument.Parse(Base64Url.DecodeFromChars(jws.Split('.')[1])).RootElement;

    private static byte[] Input(string jws) => Encoding.ASCII.GetBytes(jws[..jws.LastIndexOf('.')]);

    private static byte[] Signature(string jws) => Base64Url.DecodeFromChars(jws.Split('.')[2]);

    private static byte[] Bytes(JsonElement value) => Base64Url.DecodeFromChars(value.GetString());

    private static string[] Names(JsonElement value) => [.. value.EnumerateObject().Select(p => p.Name)];
}
