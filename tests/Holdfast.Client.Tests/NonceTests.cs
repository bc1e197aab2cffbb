using System.Net;
using Holdfast.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests;

public class NonceTests
{
    // DPOP-C-06, DPOP-C-12, DPOP-C-16: the field is sent in lower case by the fake.
    [Theory]
    [InlineData(401)]
    [InlineData(400)]
    public async Task Sends_again_with_the_nonce_and_a_new_proof(int status)
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (seen, context) =>
        {
            if (seen.Proof["nonce"] != "n-1")
                FakeApi.Challenge(context, "use_dpop_nonce", "n-1", status);
            return Task.CompletedTask;
        };
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Select(seen => seen.Proof["nonce"]).ShouldBe([null, "n-1"]);
        world.Api.Requests[0].Proof["jti"].ShouldNotBe(world.Api.Requests[1].Proof["jti"]);
        world.Logs.ShouldAllBe(log => log.Level < LogLevel.Warning);
    }

    // DPOP-C-13
    [Fact]
    public async Task Ends_the_loop_of_a_server_that_always_asks_for_another_nonce()
    {
        await using World world = await World.CreateAsync();
        int nonce = 0;
        world.Api.Answer = (_, context) =>
        {
            FakeApi.Challenge(context, "use_dpop_nonce", $"n-{Interlocked.Increment(ref nonce)}");
            return Task.CompletedTask;
        };
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Api.Requests.Count.ShouldBe(2);
        world.Logs.ShouldContain(log => log.Level == LogLevel.Warning && log.Text.Contains("fault is the server's"));
    }

    // DPOP-C-13
    [Theory]
    [InlineData("n-1")]
    [InlineData(null)]
    [InlineData("two words")]
    public async Task Does_not_repeat_a_nonce_that_was_refused(string? nonce)
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client();
        world.Api.Answer = (_, context) =>
        {
            context.Response.Headers["DPoP-Nonce"] = "n-1";
            return Task.CompletedTask;
        };
        await client.GetAsync("/orders");
        world.Api.Answer = (_, context) =>
        {
            FakeApi.Challenge(context, "use_dpop_nonce", nonce);
            return Task.CompletedTask;
        };
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Api.Requests.Count.ShouldBe(2);
    }

    // DPOP-C-14
    [Fact]
    public async Task Uses_the_newest_nonce_of_any_response()
    {
        await using World world = await World.CreateAsync();
        var nonces = new Queue<(int Status, string? Nonce)>([(200, "n-1"), (404, "n-2"), (200, null), (401, "n-3"), (200, null)]);
        world.Api.Answer = (_, context) =>
        {
            (context.Response.StatusCode, string? nonce) = nonces.Dequeue();
            if (nonce is not null)
                context.Response.Headers["DPoP-Nonce"] = nonce;
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        for (int i = 0; i < 5; i++)
            await client.GetAsync("/orders");
        world.Api.Requests.Select(seen => seen.Proof["nonce"]).ShouldBe([null, "n-1", "n-2", "n-2", "n-3"]);
    }

    // DPOP-C-14: the nonce on the answer to the retry is kept too.
    [Fact]
    public async Task Keeps_the_nonce_of_a_retried_request()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (seen, context) =>
        {
            if (seen.Proof["nonce"] is null)
                FakeApi.Challenge(context, "use_dpop_nonce", "n-1");
            else
                context.Response.Headers["DPoP-Nonce"] = "n-2";
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        await client.GetAsync("/orders");
        await client.GetAsync("/orders");
        world.Api.Requests.Select(seen => seen.Proof["nonce"]).ShouldBe([null, "n-1", "n-2"]);
    }

    // DPOP-C-15
    [Fact]
    public async Task Keeps_the_nonces_of_servers_and_roles_apart()
    {
        await using World world = await World.CreateAsync();
        await using var other = new FakeApi(world.Time);
        await other.StartAsync();
        world.Issuer.ExpiresIn = "0";
        world.Issuer.Before = (_, context) =>
        {
            context.Response.Headers["DPoP-Nonce"] = "of-the-issuer";
            return Task.FromResult(false);
        };
        world.Api.Answer = (_, context) =>
        {
            context.Response.Headers["DPoP-Nonce"] = "of-the-api";
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        await client.GetAsync("/orders");
        await client.GetAsync($"{other.Origin}/orders");
        // The issuer's own origin as a resource: another role.
        await client.PostAsync($"{world.Issuer.Origin}/userinfo", null);
        await client.GetAsync("/orders");

        world.Api.Requests.Select(seen => seen.Proof["nonce"]).ShouldBe([null, "of-the-api"]);
        other.Requests.ShouldHaveSingleItem().Proof["nonce"].ShouldBeNull();
        world.Issuer.Requests.Where(seen => seen.PathAndQuery == "/userinfo").ShouldHaveSingleItem().Proof["nonce"].ShouldBeNull();
        world.Issuer.Requests.Where(seen => seen.PathAndQuery == "/token").Skip(1).ShouldAllBe(seen => seen.Proof["nonce"] == "of-the-issuer");
    }

    // DPOP-C-15, DPOP-C-16
    [Theory]
    [InlineData("two words")]
    [InlineData("quo\"te")]
    [InlineData("back\\slash")]
    [InlineData("one|two")]
    [InlineData("1025")]
    public async Task Ignores_nonces_that_are_none(string nonce)
    {
        await using World world = await World.CreateAsync();
        string[] lines = nonce switch { "one|two" => ["one", "two"], "1025" => [new string('n', 1025)], _ => [nonce] };
        world.Api.Answer = (_, context) =>
        {
            context.Response.Headers["DPoP-Nonce"] = lines;
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        await client.GetAsync("/orders");
        await client.GetAsync("/orders");
        world.Api.Requests.ShouldAllBe(seen => seen.Proof["nonce"] == null);
    }

    // DPOP-C-20: unknown parameters, other schemes before and after, escapes, casing.
    [Theory]
    [InlineData("DPoP error=\"use_dpop_nonce\", unknown=\"a, b=\\\"c\", other=token68")]
    [InlineData("Bearer realm=\"x\", error=\"invalid_request\", DPoP algs=\"ES256\", error=\"use_dpop_nonce\"")]
    [InlineData("dpop realm=\"error=\\\"no\\\"\", Error=\"use_dpop_\\nonce\"")]
    [InlineData("DPoP algs=\"ES256\",error=use_dpop_nonce")]
    [InlineData("Basic realm=\"error=invalid_token\", DPoP error=\"use_dpop_nonce\"")]
    public async Task Reads_the_challenge_among_whatever_else_is_there(string challenge)
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (seen, context) =>
        {
            if (seen.Proof["nonce"] is null)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = challenge;
                context.Response.Headers["DPoP-Nonce"] = "n-1";
            }
            return Task.CompletedTask;
        };
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-C-25
    [Theory]
    [InlineData("use_dpop_nonce")]
    [InlineData("invalid_dpop_proof")]
    public async Task Follows_the_servers_clock_once_a_proof_failed(string error)
    {
        await using World world = await World.CreateAsync();
        world.Api.ClockAhead = TimeSpan.FromHours(-3);
        world.Api.Answer = (seen, context) =>
        {
            if (Math.Abs(seen.Proof.Iat - world.Api.Now.ToUnixTimeSeconds()) > 10)
                FakeApi.Challenge(context, error, "n-1");
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Count.ShouldBe(3);
    }

    // DPOP-C-25: a proof that failed for something else is not sent again.
    [Fact]
    public async Task Does_not_send_a_refused_proof_again_when_the_clocks_agree()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (_, context) =>
        {
            FakeApi.Challenge(context, "invalid_dpop_proof");
            return Task.CompletedTask;
        };
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Api.Requests.Count.ShouldBe(1);
    }

    // DPOP-C-25: what no clock says is not believed, and harms no later request.
    [Theory]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT")]
    public async Task Does_not_follow_a_clock_at_an_end_of_the_calendar(string date)
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (_, context) =>
        {
            if (world.Api.Requests.Count > 1)
                return Task.CompletedTask;
            FakeApi.Challenge(context, "invalid_dpop_proof");
            context.Response.Headers.Date = date;
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Time.Advance(TimeSpan.FromSeconds(5));

        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);

        world.Api.Requests[^1].Proof.Iat.ShouldBe(world.Time.GetUtcNow().ToUnixTimeSeconds());
    }
}
