using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore.Tests;

public class NonceTests
{
    // DPOP-RS-19, DPOP-RS-22, DPOP-RS-29
    [Fact]
    public async Task Always_challenges_a_proof_without_nonce_and_accepts_the_nonce_it_gave()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.NonceMode = NonceMode.Always });
        string token = api.BoundToken();

        HttpResponseMessage challenge = await api.GetAsync("/orders", token);
        string nonce = challenge.Headers.GetValues("DPoP-Nonce").ShouldHaveSingleItem();
        HttpResponseMessage retry = await api.GetAsync("/orders", token, api.Proof("GET", "/orders", token, nonce));

        challenge.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        challenge.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"use_dpop_nonce\"");
        challenge.Headers.CacheControl!.NoStore.ShouldBeTrue();
        retry.StatusCode.ShouldBe(HttpStatusCode.OK);
        retry.Headers.Contains("DPoP-Nonce").ShouldBeFalse();
        api.Recorded.Lines.ShouldNotContain(line => line.Level > Microsoft.Extensions.Logging.LogLevel.Information);
    }

    [Fact]
    public async Task The_default_is_always_unless_a_single_instance_is_declared()
    {
        await using TestApi scaled = await TestApi.StartAsync(new() { Options = options => options.NonceMode = null });
        await using TestApi single = await TestApi.StartAsync(new() { Options = options => (options.NonceMode, options.SingleInstance) = (null, true) });

        (await scaled.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await single.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-RS-21, DPOP-RS-29
    [Fact]
    public async Task An_ageing_nonce_brings_the_next_one_with_the_response_that_no_cache_may_keep()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Endpoints = app => app.MapGet("/cached", (HttpContext context) => { context.Response.Headers.CacheControl = "public, max-age=600"; }).RequireAuthorization(),
        });
        string token = api.BoundToken();
        api.Clock.UtcNow = new DateTimeOffset(2026, 1, 1, 12, 0, 30, TimeSpan.Zero);
        // A proof whose only fault is the clock is answered with a nonce.
        HttpResponseMessage challenge = await api.GetAsync("/cached", token, api.Proof("GET", "/cached", token).With("iat", 1));
        string first = challenge.Headers.GetValues("DPoP-Nonce").Single();

        api.Clock.Advance(TimeSpan.FromSeconds(60));
        HttpResponseMessage response = await api.GetAsync("/cached", token, api.Proof("GET", "/cached", token, first));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("DPoP-Nonce").ShouldHaveSingleItem().ShouldNotBe(first);
        response.Headers.CacheControl!.ToString().ShouldBe("no-store");
    }

    // DPOP-RS-20
    [Fact]
    public async Task Another_server_s_nonce_is_challenged()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using TestApi other = await TestApi.StartAsync(new() { Options = options => options.NonceMode = NonceMode.Always });
        string foreign = (await other.GetAsync("/orders")).Headers.GetValues("DPoP-Nonce").Single();
        string token = api.BoundToken();

        HttpResponseMessage response = await api.GetAsync("/orders", token, api.Proof("GET", "/orders", token, foreign));

        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"use_dpop_nonce\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.NonceUnknown);
    }

    // DPOP-V-26
    [Fact]
    public async Task A_late_proof_is_recorded_as_expired_and_answered_with_a_nonce()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        long iat = api.Clock.UtcNow.AddSeconds(-61).ToUnixTimeSeconds();

        HttpResponseMessage response = await api.GetAsync("/orders", token, api.Proof("GET", "/orders", token).With("iat", iat));

        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"use_dpop_nonce\"");
        VerificationSignal signal = api.Recorded.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.ProofExpired);
        signal.Answered.Failure.ShouldBe(VerificationFailure.NonceMissing);
    }
}
