using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests;

public class RequestTests
{
    // DPOP-C-01, DPOP-C-03
    [Fact]
    public async Task Signs_a_new_proof_for_each_request()
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client();
        for (int i = 0; i < 5; i++)
            (await client.GetStringAsync("/orders")).ShouldBe("ok");
        world.Api.Requests.Select(seen => seen.Proof["jti"]).Distinct().Count().ShouldBe(5);
        world.Api.Requests.ShouldAllBe(seen => Base64Url.DecodeFromChars(seen.Proof["jti"]).Length >= 12);
    }

    // DPOP-C-02, DPOP-C-05, DPOP-C-08
    [Fact]
    public async Task Sends_the_token_under_the_DPoP_scheme_with_a_proof_over_it()
    {
        await using World world = await World.CreateAsync();
        await world.Client().GetStringAsync("/orders");

        Seen seen = world.Api.Requests.ShouldHaveSingleItem();
        seen.Authorization.ShouldBe("DPoP opaque~1");
        seen.Proof["ath"].ShouldBe(Base64Url.EncodeToString(SHA256.HashData("opaque~1"u8)));
        seen.Proof.Header.GetProperty("typ").GetString().ShouldBe("dpop+jwt");
        // The same key as the token was asked for with.
        seen.Proof.VerifiedThumbprint().ShouldBe(world.Issuer.Requests.ShouldHaveSingleItem().Proof.VerifiedThumbprint());
    }

    // DPOP-C-04, DPOP-C-26
    [Theory]
    [InlineData("GET", "/orders?page=2#top", "GET", "/orders")]
    [InlineData("DELETE", "/orders/a%2Fb/caf\u00e9 x", "DELETE", "/orders/a%2Fb/caf%C3%A9%20x")]
    [InlineData("get", "/orders/../stock", "GET", "/stock")]
    [InlineData("Purge", "/Orders", "Purge", "/Orders")]
    public async Task Names_method_and_target_as_they_go_over_the_wire(string method, string target, string htm, string path)
    {
        await using World world = await World.CreateAsync();
        await world.Client().SendAsync(new HttpRequestMessage(new HttpMethod(method), target));

        Seen seen = world.Api.Requests.ShouldHaveSingleItem();
        seen.Method.ShouldBe(htm);
        seen.Proof["htm"].ShouldBe(htm);
        seen.Proof["htu"].ShouldBe(world.Api.Origin + path);
        seen.Proof.Iat.ShouldBe(world.Time.GetUtcNow().ToUnixTimeSeconds());
    }

    // DPOP-C-26
    [Fact]
    public async Task Names_the_host_that_the_caller_set()
    {
        await using World world = await World.CreateAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/orders") { Headers = { Host = "api.example.com" } };
        await world.Client().SendAsync(request);
        world.Api.Requests.ShouldHaveSingleItem().Proof["htu"].ShouldBe("http://api.example.com/orders");
    }

    // DPOP-C-17
    [Fact]
    public async Task Signs_anew_when_a_handler_above_it_retries()
    {
        await using World world = await World.CreateAsync();
        int calls = 0;
        world.Api.Answer = (_, context) =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref calls) < 3 ? 503 : 200;
            return Task.CompletedTask;
        };
        // Added after AddHoldfast: it would sit below it if the order of registration decided.
        HttpClient client = world.Client(http: builder => builder.AddHttpMessageHandler(() => new Retrying()));
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Count.ShouldBe(3);
        world.Api.Requests.Select(seen => seen.Proof["jti"]).Distinct().Count().ShouldBe(3);
    }

    // DPOP-C-27, DPOP-C-28, AT-27
    [Fact]
    public async Task Treats_the_token_as_opaque_and_never_sends_it_as_bearer()
    {
        await using World world = await World.CreateAsync();
        const string token = "eyJhbGciOiJub25lIn0.e30.~not-a-jwt/+=";
        world.Issuer.Before = (_, context) => FakeIssuer.Json(context, $$"""{"access_token":"{{token}}","token_type":"DPoP"}""");
        world.Api.Answer = (_, context) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"legacy\"";
            return Task.CompletedTask;
        };
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Api.Requests.ShouldHaveSingleItem().Authorization.ShouldBe($"DPoP {token}");
    }

    // DPOP-C-10
    [Theory]
    [InlineData("Authorization", "Bearer stolen")]
    [InlineData("authorization", "not well formed,,")]
    [InlineData("DPoP", "eyJ")]
    public async Task Refuses_credentials_that_the_caller_set(string header, string value)
    {
        await using World world = await World.CreateAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.TryAddWithoutValidation(header, value);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().SendAsync(request));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CredentialsSetByCaller);
        thrown.Message.ShouldNotContain(value);
        world.Api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_to_send_a_token_unencrypted_to_another_machine()
    {
        await using World world = await World.CreateAsync();
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("http://api.example.invalid/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.InsecureTarget);
    }

    [Fact]
    public async Task Says_loudly_that_http_is_allowed()
    {
        await using World world = await World.CreateAsync();
        await world.Client(o => o.DangerouslyAllowHttp = true).GetStringAsync("/orders");
        world.Logs.ShouldContain(log => log.Level == LogLevel.Warning && log.Text.Contains("DangerouslyAllowHttp"));
    }

    // DPOP-C-23
    [Fact]
    public async Task Shows_neither_token_nor_proof_to_logs_or_callers()
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client(http: builder => builder.RedactLoggedHeaders(["X-Other"]));
        HttpResponseMessage response = await client.GetAsync("/orders");

        Seen seen = world.Api.Requests.ShouldHaveSingleItem();
        string proof = seen.Headers["DPoP"]!;
        response.RequestMessage!.ToString().ShouldNotContain("DPoP");
        world.Logs.ShouldContain(log => log.Level == LogLevel.Trace && log.Text.Contains("Authorization"));
        world.Logs.ShouldAllBe(log => !log.Text.Contains("opaque~") && !log.Text.Contains(proof));
        world.Logs.ShouldAllBe(log => !log.Text.Contains(world.Issuer.Requests[0].Form["client_assertion"]));
    }

    [Fact]
    public async Task Leaves_the_callers_message_as_it_was()
    {
        await using World world = await World.CreateAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent("body") };
        using var invoker = new HttpMessageInvoker(new Passing(world.Client()));
        await invoker.SendAsync(request, default);
        request.Headers.ShouldBeEmpty();
        world.Api.Requests.ShouldHaveSingleItem().Body.ShouldBe("body");
    }

    [Fact]
    public async Task Gets_one_new_token_when_the_resource_no_longer_accepts_the_old_one()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (seen, context) =>
        {
            if (seen.Authorization == "DPoP opaque~1")
                FakeApi.Challenge(context, "invalid_token");
            return Task.CompletedTask;
        };
        (await world.Client().PostAsync("/orders", new StringContent("one"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Select(seen => (seen.Authorization, seen.Body)).ShouldBe([("DPoP opaque~1", "one"), ("DPoP opaque~2", "one")]);
    }

    [Fact]
    public async Task Does_not_besiege_the_issuer_when_a_resource_refuses_every_token()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = (_, context) =>
        {
            FakeApi.Challenge(context, "invalid_token");
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        for (int i = 0; i < 10; i++)
            (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Issuer.Requests.Count.ShouldBe(2);
        world.Api.Requests.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Refuses_synchronous_sending()
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client();
        Should.Throw<NotSupportedException>(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "/orders")));
        world.Api.Requests.ShouldBeEmpty();
    }

    private sealed class Retrying : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            for (int i = 0; i < 3 && (int)response.StatusCode >= 500; i++)
                response = await base.SendAsync(request, cancellationToken);
            return response;
        }
    }

    private sealed class Passing(HttpClient client) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            client.SendAsync(request, cancellationToken);
    }
}
