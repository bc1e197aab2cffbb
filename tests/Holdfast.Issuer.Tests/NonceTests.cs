using System.Net;

namespace Holdfast.Issuer.Tests;

public class NonceTests
{
    private static Task<IssuerHost> StartAsync() => IssuerHost.StartAsync(o => o.NonceMode = NonceMode.Always);

    // DPOP-AS-20, DPOP-AS-21, DPOP-AS-24, DPOP-AS-25, DPOP-AS-27
    [Fact]
    public async Task Challenges_a_proof_without_nonce()
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.AskAsync();
        issuer.ShouldRefuse(answer, VerificationFailure.NonceMissing, "use_dpop_nonce");
        string nonce = answer.Nonce.ShouldNotBeNull();
        nonce.ShouldNotBeEmpty();
        nonce.ShouldAllBe(c => c >= '!' && c <= '~' && c != '"' && c != '\\');
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    // DPOP-AS-21: the challenge costs neither the assertion nor the proof's identifier.
    [Fact]
    public async Task Takes_the_nonce_it_asked_for_with_the_same_assertion()
    {
        await using IssuerHost issuer = await StartAsync();
        string assertion = issuer.Assertion();
        string nonce = (await issuer.AskAsync(form: issuer.Form(assertion))).Nonce!;
        (await issuer.AskAsync(issuer.Proof(nonce), issuer.Form(assertion))).ShouldBeToken();
    }

    // DPOP-AS-22
    [Theory]
    [InlineData("")]
    [InlineData("guess")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Challenges_a_nonce_that_it_did_not_issue(string nonce)
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.AskAsync(issuer.Proof(nonce));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Token.ShouldBeNull();
        if (nonce.Length > 0)
            answer.Error.ShouldBe("use_dpop_nonce");
    }

    // DPOP-AS-22
    [Fact]
    public async Task Challenges_a_stale_nonce_with_a_fresh_one()
    {
        await using IssuerHost issuer = await StartAsync();
        string old = (await issuer.AskAsync()).Nonce!;
        issuer.Clock.Advance(TimeSpan.FromMinutes(10));
        TokenAnswer answer = await issuer.AskAsync(issuer.Proof(old));
        answer.Error.ShouldBe("use_dpop_nonce");
        answer.Nonce.ShouldNotBeNull().ShouldNotBe(old);
        (await issuer.AskAsync(issuer.Proof(answer.Nonce))).ShouldBeToken();
    }

    // DPOP-AS-26
    [Fact]
    public async Task Offers_the_next_nonce_with_a_token_when_it_is_due()
    {
        await using IssuerHost issuer = await StartAsync();
        string nonce = (await issuer.AskAsync()).Nonce!;
        issuer.Clock.Advance(TimeSpan.FromSeconds(61));
        TokenAnswer answer = await issuer.AskAsync(issuer.Proof(nonce));
        answer.ShouldBeToken();
        answer.Nonce.ShouldNotBeNull().ShouldNotBe(nonce);
    }

    // DPOP-AS-28
    [Fact]
    public async Task Refuses_a_proof_without_nonce_after_one_was_given()
    {
        await using IssuerHost issuer = await StartAsync();
        string nonce = (await issuer.AskAsync()).Nonce!;
        (await issuer.AskAsync(issuer.Proof(nonce))).ShouldBeToken();
        (await issuer.AskAsync()).Error.ShouldBe("use_dpop_nonce");
    }

    // DPOP-AS-29: a nonce lives and dies with the process and its role.
    [Fact]
    public async Task Refuses_the_nonce_of_another_issuer()
    {
        await using IssuerHost issuer = await StartAsync();
        await using IssuerHost other = await StartAsync();
        string nonce = (await other.AskAsync()).Nonce!;
        (await issuer.AskAsync(issuer.Proof(nonce))).Error.ShouldBe("use_dpop_nonce");
    }

    [Fact]
    public async Task Demands_nonces_unless_a_single_instance_is_declared()
    {
        await using IssuerHost safe = await IssuerHost.StartAsync(o => o.SingleInstance = false);
        (await safe.AskAsync()).Error.ShouldBe("use_dpop_nonce");
        await using IssuerHost single = await IssuerHost.StartAsync(o => o.SingleInstance = true);
        (await single.AskAsync()).ShouldBeToken();
    }

    // A restart without a declared absence of predecessors: the first proofs may have been used before it.
    [Fact]
    public async Task Challenges_after_a_restart_and_keeps_the_assertion_good()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.NoPredecessor = false);
        string assertion = issuer.Assertion();
        TokenAnswer challenge = await issuer.AskAsync(form: issuer.Form(assertion));
        issuer.ShouldRefuse(challenge, VerificationFailure.ProofFenced, "use_dpop_nonce");
        (await issuer.AskAsync(issuer.Proof(challenge.Nonce), issuer.Form(assertion))).ShouldBeToken();
    }

    [Fact]
    public async Task Never_challenges_where_nonces_are_off()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.NonceMode = NonceMode.Off);
        (await issuer.AskAsync(issuer.Proof("anything"))).ShouldBeToken();
    }
}
