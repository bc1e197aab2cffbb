using System.Net;

namespace Holdfast.Issuer.Tests;

public class RateLimitTests
{
    private static readonly CallerKey Backend = new();

    private static Task<IssuerHost> StartAsync(int failures = 3, int requests = 1000, Action<HoldfastIssuerOptions>? more = null) => PublicApp.StartAsync(o =>
    {
        (o.RateLimits.FailedAuthenticationsPerMinute, o.RateLimits.TokenRequestsPerMinute) = (failures, requests);
        more?.Invoke(o);
    }, backend: Backend);

    private static Task<TokenAnswer> FailAsync(IssuerHost issuer) => issuer.AskAsync(form: issuer.Form(new CallerKey().Assertion(IssuerHost.ClientId, IssuerHost.Issuer, issuer.Clock.UtcNow)));

    private static void ShouldBeLimited(IssuerHost issuer, TokenAnswer answer, int seconds)
    {
        issuer.ShouldRefuse(answer, VerificationFailure.RateLimited, "temporarily_unavailable", HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    // RFC 6585 §4
    [Fact]
    public async Task Tells_who_keeps_failing_to_wait_and_lets_it_try_again()
    {
        await using IssuerHost issuer = await StartAsync();
        issuer.Address = IPAddress.Parse("192.0.2.1");
        for (int i = 0; i < 3; i++)
            issuer.ShouldRefuse(await FailAsync(issuer), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
        ShouldBeLimited(issuer, await FailAsync(issuer), 20);
        // Also with the right key: or each guess would still be answered.
        ShouldBeLimited(issuer, await issuer.AskAsync(), 20);
        issuer.Clock.Advance(TimeSpan.FromSeconds(20));
        (await issuer.AskAsync()).ShouldBeToken();
    }

    // A good client is not locked out by a stranger.
    [Theory]
    [InlineData("192.0.2.2")]
    [InlineData("2001:db8:0:1::1")]
    public async Task Limits_one_address_and_no_other(string another)
    {
        await using IssuerHost issuer = await StartAsync();
        issuer.Address = IPAddress.Parse("2001:db8::1");
        for (int i = 0; i < 3; i++)
            await FailAsync(issuer);
        issuer.Address = IPAddress.Parse(another);
        (await issuer.AskAsync()).ShouldBeToken();
        // Its neighbour in the same /64 is the same host.
        issuer.Address = IPAddress.Parse("2001:db8::2");
        ShouldBeLimited(issuer, await FailAsync(issuer), 20);
    }

    [Fact]
    public async Task Takes_an_address_for_the_same_however_it_is_written()
    {
        await using IssuerHost issuer = await StartAsync(failures: 1);
        issuer.Address = IPAddress.Parse("192.0.2.1");
        await FailAsync(issuer);
        issuer.Address = IPAddress.Parse("::ffff:192.0.2.1");
        ShouldBeLimited(issuer, await FailAsync(issuer), 60);
    }

    // In the name of one client, not of all behind one proxy.
    [Fact]
    public async Task Limits_failures_in_the_name_of_one_client_and_of_no_other()
    {
        await using IssuerHost issuer = await StartAsync(failures: 1);
        await FailAsync(issuer);
        ShouldBeLimited(issuer, await FailAsync(issuer), 60);
        (string refresh, _) = await issuer.GrantAsync(PublicApp.Confidential);
        (await issuer.RefreshAsAsync(Backend, refresh, issuer.Proof())).ShouldBeToken();
    }

    [Fact]
    public async Task Limits_the_requests_of_one_client()
    {
        await using IssuerHost issuer = await StartAsync(requests: 2);
        (await issuer.AskAsync()).ShouldBeToken();
        issuer.Address = IPAddress.Parse("192.0.2.9");
        (await issuer.AskAsync()).ShouldBeToken();
        ShouldBeLimited(issuer, await issuer.AskAsync(), 30);
        (string refresh, _) = await issuer.GrantAsync(PublicApp.Confidential);
        (await issuer.RefreshAsAsync(Backend, refresh, issuer.Proof())).ShouldBeToken();
        issuer.Clock.Advance(TimeSpan.FromSeconds(30));
        (await issuer.AskAsync()).ShouldBeToken();
    }

    // Anybody can be a public client, so nobody uses up what others may.
    [Fact]
    public async Task Limits_the_requests_of_a_public_client_by_address()
    {
        await using IssuerHost issuer = await StartAsync(requests: 1);
        issuer.Address = IPAddress.Parse("192.0.2.1");
        (await issuer.RefreshAsync("of-nobody")).Error.ShouldBe("invalid_grant");
        ShouldBeLimited(issuer, await issuer.RefreshAsync("of-nobody"), 60);
        issuer.Address = IPAddress.Parse("192.0.2.2");
        (string refresh, _) = await issuer.GrantAsync(key: issuer.Key);
        (await issuer.RefreshAsync(refresh)).ShouldBeToken();
    }

    // Field note 16.
    [Fact]
    public async Task Counts_no_nonce_challenge()
    {
        await using IssuerHost issuer = await StartAsync(failures: 1, requests: 1, more: o => o.NonceMode = NonceMode.Always);
        TokenAnswer challenge = await issuer.AskAsync();
        for (int i = 0; i < 20; i++)
            (challenge = await issuer.AskAsync()).Error.ShouldBe("use_dpop_nonce");
        (await issuer.AskAsync(issuer.Proof(challenge.Nonce))).ShouldBeToken();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000_001, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1_000_000_001)]
    public async Task Refuses_to_start_with_limits_that_are_none(int failures, int requests) =>
        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(failures, requests))).Failures.ShouldHaveSingleItem().ShouldStartWith("RateLimits:");

    // Bounded memory: what a million addresses do is forgotten first, and locks out nobody else.
    [Fact]
    public async Task Locks_out_nobody_under_a_flood_of_addresses()
    {
        await using IssuerHost issuer = await StartAsync(failures: 1);
        for (int i = 0; i < 3000; i++)
        {
            issuer.Address = new IPAddress(BitConverter.GetBytes(0x0A000001 + i));
            issuer.ShouldRefuse(await FailAsync(issuer), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
        }
        issuer.Address = IPAddress.Parse("198.51.100.1");
        (await issuer.AskAsync()).ShouldBeToken();
    }
}
