using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer.Tests;

/// <summary>The checks themselves are Core's and tested there; here, that the token endpoint runs them and answers as RFC 9449 §5 wants.</summary>
public class ProofTests
{
    // DPOP-AS-01, DPOP-AS-02, DPOP-AS-03
    public static TheoryData<string, VerificationFailure, Action<JsonObject, JsonObject>> Faults => new()
    {
        { "typ", VerificationFailure.ProofTypeWrong, (header, _) => header["typ"] = "JWT" },
        { "alg none", VerificationFailure.ProofAlgorithmNotAllowed, (header, _) => header["alg"] = "none" },
        { "private key", VerificationFailure.ProofKeyPrivate, (header, _) => header["jwk"]!["d"] = "AAAA" },
        { "no key", VerificationFailure.ProofKeyMalformed, (header, _) => header.Remove("jwk") },
        { "no jti", VerificationFailure.ProofClaimMissing, (_, payload) => payload.Remove("jti") },
        { "htm", VerificationFailure.MethodMismatch, (_, payload) => payload["htm"] = "GET" },
        { "htu path", VerificationFailure.TargetMismatch, (_, payload) => payload["htu"] = "https://id.example/Token" },
        { "htu host", VerificationFailure.TargetMismatch, (_, payload) => payload["htu"] = "https://orders.example/token" },
        { "relative htu", VerificationFailure.TargetMalformed, (_, payload) => payload["htu"] = "/token" },
        { "iat as text", VerificationFailure.ProofClaimMalformed, (_, payload) => payload["iat"] = "now" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Refuses_a_faulty_proof(string fault, VerificationFailure failure, Action<JsonObject, JsonObject> change)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        fault.ShouldNotBeEmpty();
        issuer.ShouldRefuse(await issuer.AskAsync(issuer.Proof(change: change)), failure, "invalid_dpop_proof");
    }

    // DPOP-AS-03
    [Fact]
    public async Task Refuses_a_proof_signed_with_another_key()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        var thief = new CallerKey();
        string proof = thief.Proof(IssuerHost.TokenEndpoint, issuer.Clock.UtcNow, change: (header, _) => header["jwk"] = issuer.Key.Jwk);
        issuer.ShouldRefuse(await issuer.AskAsync(proof), VerificationFailure.ProofSignatureInvalid, "invalid_dpop_proof");
    }

    // DPOP-AS-03
    [Fact]
    public async Task Refuses_a_second_proof()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        TokenAnswer two = await issuer.SendAsync(new FormUrlEncodedContent(issuer.Form()), issuer.Proof(),
            change: request => request.Headers.TryAddWithoutValidation("DPoP", issuer.Proof()));
        issuer.ShouldRefuse(two, VerificationFailure.ProofRepeated, "invalid_dpop_proof");
    }

    // DPOP-AS-02
    [Fact]
    public async Task Ignores_a_stray_ath()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.AskAsync(issuer.Proof(change: (_, payload) => payload["ath"] = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"))).ShouldBeToken();
    }

    // DPOP-AS-04: the token is bound to the key of the proof, whichever key authenticated the client.
    [Fact]
    public async Task Binds_to_the_key_of_the_proof()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        var other = new CallerKey();
        string token = (await issuer.AskAsync(other.Proof(IssuerHost.TokenEndpoint, issuer.Clock.UtcNow))).ShouldBeToken();
        CallerKey.Payload(token).GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(other.Thumbprint);
    }

    // DPOP-AS-14
    [Fact]
    public async Task Refuses_a_client_that_must_bind_and_sends_no_proof()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.AskAsync(proof: ""), VerificationFailure.BindingRequired, "invalid_dpop_proof");
    }

    // DPOP-AS-05, DPOP-AS-14
    [Fact]
    public async Task Issues_a_bearer_token_only_to_a_client_that_need_not_bind()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Clients[0].DPoPBoundAccessTokens = false);
        TokenAnswer answer = await issuer.AskAsync(proof: "");
        CallerKey.Payload(answer.ShouldBeToken()).TryGetProperty("cnf", out _).ShouldBeFalse();
        answer.Member("token_type").ShouldBe("Bearer");
    }

    // DPOP-AS-04, DPOP-AS-05: a proof always binds.
    [Fact]
    public async Task Binds_for_a_client_that_need_not_bind_where_it_sends_a_proof()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Clients[0].DPoPBoundAccessTokens = false);
        TokenAnswer answer = await issuer.AskAsync();
        CallerKey.Payload(answer.ShouldBeToken()).TryGetProperty("cnf", out JsonElement _).ShouldBeTrue();
        answer.Member("token_type").ShouldBe("DPoP");
    }

    // DPOP-AS-02
    [Fact]
    public async Task Refuses_a_proof_that_was_used()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string proof = issuer.Proof();
        (await issuer.AskAsync(proof)).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskAsync(proof), VerificationFailure.ProofReplayed, "invalid_dpop_proof");
    }

    // DPOP-AS-40, MTLS-34
    [Theory]
    [InlineData("https://mtls.id.example:8443/token", true)]
    [InlineData("https://id.example/token", true)]
    [InlineData("https://mtls.id.example/token", false)]
    [InlineData("https://mtls.id.example:8443/", false)]
    [InlineData("https://elsewhere.example/token", false)]
    public async Task Takes_the_url_of_the_alias_in_a_proof(string htu, bool accepted)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.MutualTls.EndpointAlias = "https://mtls.id.example:8443");
        foreach (string at in new[] { "https://id.example/token", "https://mtls.id.example:8443/token" })
        {
            TokenAnswer answer = await issuer.SendAsync(new FormUrlEncodedContent(issuer.Form()), issuer.Key.Proof(htu, issuer.Clock.UtcNow), path: at);
            if (accepted)
                answer.ShouldBeToken();
            else
                issuer.ShouldRefuse(answer, VerificationFailure.TargetMismatch, "invalid_dpop_proof");
        }
    }

    // DPOP-AS-40: one endpoint under two names has one memory of proofs.
    [Fact]
    public async Task Refuses_at_the_alias_a_proof_that_was_used_at_the_endpoint()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.MutualTls.EndpointAlias = "https://mtls.id.example:8443");
        string proof = issuer.Proof();
        (await issuer.AskAsync(proof)).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.SendAsync(new FormUrlEncodedContent(issuer.Form()), proof, path: "https://mtls.id.example:8443/token"), VerificationFailure.ProofReplayed, "invalid_dpop_proof");
    }

    // DPOP-AS-40: without an alias there is one URL.
    [Fact]
    public async Task Takes_no_other_url_where_there_is_no_alias()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.AskAsync(issuer.Key.Proof("https://mtls.id.example:8443/token", issuer.Clock.UtcNow)), VerificationFailure.TargetMismatch, "invalid_dpop_proof");
    }

    // DPOP-AS-38: a proof is no client authentication.
    [Fact]
    public async Task Refuses_a_proof_without_client_authentication()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        var form = issuer.Form(null, ("client_assertion", null), ("client_assertion_type", null), ("client_id", IssuerHost.ClientId));
        issuer.ShouldRefuse(await issuer.AskAsync(form: form), VerificationFailure.ClientAuthenticationMissing, "invalid_client");
    }
}
