using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Tests;

public class ProofFormTests
{
    private readonly ProofBench _bench = new();

    [Fact]
    public void Accepts_a_good_proof() => _bench.Judge(_bench.Proof().Sign()).ShouldBeNull();

    // DPOP-V-01
    [Fact]
    public void Refuses_two_proofs_even_when_both_are_good() =>
        _bench.Judge(new[] { _bench.Proof().Sign(), _bench.Proof().Sign() }).ShouldBe(VerificationFailure.ProofRepeated);

    // DPOP-V-01
    [Fact]
    public void Refuses_an_absent_field() => _bench.Judge(FieldLines.None).ShouldBe(VerificationFailure.ProofMissing);

    // DPOP-V-02
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("a.b.c.d.e")]
    public void Refuses_what_is_not_a_compact_jws(string field) => _bench.Judge(field).ShouldBe(VerificationFailure.ProofMalformed);

    // DPOP-V-02
    [Theory]
    [InlineData("{0},{0}")]
    [InlineData("{0} {0}")]
    [InlineData(" {0}")]
    [InlineData("{0} ")]
    [InlineData("{0}=")]
    [InlineData("{0}\t")]
    [InlineData("DPoP {0}")]
    public void Refuses_anything_around_the_jws(string format) =>
        _bench.Judge(string.Format(format, _bench.Proof().Sign())).ShouldBe(VerificationFailure.ProofMalformed);

    // DPOP-V-33
    [Fact]
    public void Caps_the_size_exactly()
    {
        ForgedProof proof = _bench.Proof();
        int length = proof.Sign().Length;
        // Base64url grows in steps; find the padding that lands at or just under the cap, then step over it.
        string Padded(int extra) => _bench.Proof().With("x", new string('a', extra)).Sign();
        int extra = (DPoPProofPolicy.MaxProofLength - length) * 3 / 4;
        while (Padded(extra).Length > DPoPProofPolicy.MaxProofLength)
            extra--;
        _bench.Judge(Padded(extra)).ShouldBeNull();
        while (Padded(extra).Length <= DPoPProofPolicy.MaxProofLength)
            extra++;
        _bench.Judge(Padded(extra)).ShouldBe(VerificationFailure.ProofTooLarge);
    }

    // DPOP-V-33
    [Theory]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","alg":"ES256","jwk":{}}""")]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","\u0061lg":"none","jwk":{}}""")]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","kty":"EC"}}""")]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","jwk":{},"other":[{"a":1,"a":2}]}""")]
    public void Refuses_a_member_that_occurs_twice_at_any_depth(string header)
    {
        ForgedProof proof = _bench.Proof();
        _bench.Judge(proof.Sign(header, proof.Payload.ToJsonString())).ShouldBe(VerificationFailure.ProofMemberRepeated);
    }

    [Fact]
    public void Refuses_a_claim_that_occurs_twice()
    {
        ForgedProof proof = _bench.Proof();
        string payload = proof.Payload.ToJsonString();
        _bench.Judge(proof.Sign(proof.Header.ToJsonString(), payload[..^1] + ",\"htm\":\"GET\"}")).ShouldBe(VerificationFailure.ProofMemberRepeated);
    }

    // DPOP-V-33
    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/**/}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}")]
    [InlineData("\ufeff{}")]
    [InlineData("{")]
    [InlineData("")]
    public void Refuses_json_that_is_not_one_strict_object(string payload)
    {
        ForgedProof proof = _bench.Proof();
        string signed = proof.Sign(proof.Header.ToJsonString(), payload);
        _bench.Judge(signed).ShouldBe(VerificationFailure.ProofMalformed);
    }

    [Fact]
    public void Refuses_invalid_utf8()
    {
        ForgedProof proof = _bench.Proof();
        byte[] payload = Encoding.UTF8.GetBytes(proof.With("x", "a").Payload.ToJsonString().Replace("\"x\":\"a\"", "\"x\":\"a?\""));
        payload[Array.IndexOf(payload, (byte)'?')] = 0xC0;
        _bench.Judge(proof.Sign(Encoding.UTF8.GetBytes(proof.Header.ToJsonString()), payload)).ShouldBe(VerificationFailure.ProofMalformed);
    }

    [Fact]
    public void Refuses_a_second_spelling_of_the_base64url()
    {
        // A signature of 64 bytes is 86 characters; the last one has four unused bits.
        string proof = _bench.Proof().Sign();
        char last = proof[^1];
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char sibling = Alphabet[Alphabet.IndexOf(last) ^ 1];
        _bench.Judge(proof[..^1] + sibling).ShouldBe(VerificationFailure.ProofMalformed);
    }

    // DPOP-V-04
    [Theory]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("DPOP+JWT")]
    [InlineData("application/dpop+jwt")]
    [InlineData("")]
    public void Refuses_another_typ(string typ) => _bench.Judge(_bench.Proof().WithHeader("typ", typ).Sign()).ShouldBe(VerificationFailure.ProofTypeWrong);

    // DPOP-V-05
    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("ES512")]
    [InlineData("RS256")]
    [InlineData("es256")]
    [InlineData("EdDSA")]
    [InlineData("")]
    public void Refuses_an_algorithm_off_the_list(string alg) =>
        _bench.Judge(_bench.Proof().WithHeader("alg", alg).Sign()).ShouldBe(VerificationFailure.ProofAlgorithmNotAllowed);

    // DPOP-V-05, DPOP-V-34
    [Theory]
    [InlineData("ES384")]
    [InlineData("PS256")]
    public void Refuses_an_algorithm_that_does_not_fit_the_key(string alg) =>
        _bench.Judge(_bench.Proof().WithHeader("alg", alg).Sign()).ShouldBe(VerificationFailure.ProofKeyUnfit);

    // DPOP-V-35
    [Fact]
    public void Refuses_any_critical_extension() =>
        _bench.Judge(_bench.Proof().WithHeader("crit", new JsonArray("b64")).Sign()).ShouldBe(VerificationFailure.ProofCriticalUnsupported);

    // DPOP-V-35, DPOP-V-37
    [Fact]
    public void Ignores_other_ways_to_name_a_key_and_unknown_members()
    {
        ForgedProof proof = _bench.Proof().WithHeader("kid", "../../etc/passwd").WithHeader("jku", "https://evil.example/jwks")
            .WithHeader("x5c", new JsonArray("AAAA")).With("unknown", new JsonObject { ["deep"] = true });
        _bench.Judge(proof.Sign()).ShouldBeNull();
    }

    // DPOP-V-07
    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void Refuses_a_key_with_a_private_member_whatever_its_value(string member)
    {
        ForgedProof proof = _bench.Proof();
        proof.Header["jwk"]![member] = member == "oth" ? new JsonArray() : JsonValue.Create("AA");
        _bench.Judge(proof.Sign()).ShouldBe(VerificationFailure.ProofKeyPrivate);
        proof.Header["jwk"]![member] = null;
        _bench.Judge(proof.Sign()).ShouldBe(VerificationFailure.ProofKeyPrivate);
    }

    // DPOP-V-07
    [Fact]
    public void Refuses_a_private_member_hidden_by_an_escape()
    {
        ForgedProof proof = _bench.Proof();
        string header = proof.Header.ToJsonString().Replace("\"kty\"", "\"\\u0064\":\"AA\",\"kty\"");
        _bench.Judge(proof.Sign(header, proof.Payload.ToJsonString())).ShouldBe(VerificationFailure.ProofKeyPrivate);
    }

    [Fact]
    public void Reads_members_whose_names_and_values_are_escaped()
    {
        ForgedProof proof = _bench.Proof();
        string payload = proof.Payload.ToJsonString().Replace("\"htm\":\"GET\"", "\"\\u0068tm\":\"\\u0047ET\"").Replace("https://", "https:\\/\\/");
        _bench.Judge(proof.Sign(proof.Header.ToJsonString(), payload)).ShouldBeNull();
    }

    // DPOP-V-36
    [Fact]
    public void Refuses_a_point_that_is_not_on_the_curve()
    {
        ForgedProof proof = _bench.Proof();
        proof.Header["jwk"]!["y"] = proof.Header["jwk"]!["x"]!.GetValue<string>();
        _bench.Judge(proof.Sign()).ShouldBe(VerificationFailure.ProofKeyInvalid);
    }

    [Theory]
    [InlineData("x", "AA")]
    [InlineData("x", "")]
    [InlineData("y", "====")]
    [InlineData("kty", "")]
    public void Refuses_a_malformed_key(string member, string value)
    {
        ForgedProof proof = _bench.Proof();
        proof.Header["jwk"]![member] = value;
        _bench.Judge(proof.Sign()).ShouldBe(VerificationFailure.ProofKeyMalformed);
    }

    [Fact]
    public void Refuses_a_header_without_a_key()
    {
        ForgedProof proof = _bench.Proof();
        proof.Header.Remove("jwk");
        _bench.Judge(proof.Sign()).ShouldBe(VerificationFailure.ProofKeyMalformed);
        _bench.Judge(proof.WithHeader("jwk", "text").Sign()).ShouldBe(VerificationFailure.ProofKeyMalformed);
    }
}
