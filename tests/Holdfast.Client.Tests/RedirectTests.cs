using System.Net;
using Holdfast.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Client.Tests;

public class RedirectTests
{
    private static Func<Seen, HttpContext, Task> RedirectFrom(string path, int status, string location) => (seen, context) =>
    {
        if (seen.PathAndQuery == path)
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location;
        }
        return Task.CompletedTask;
    };

    // DPOP-C-18
    [Fact]
    public async Task Signs_anew_for_the_new_target_within_the_origin()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", 307, "/new?x=1");
        HttpResponseMessage response = await world.Client().PostAsync("/old", new StringContent("body"));

        world.Api.Requests.Select(seen => (seen.PathAndQuery, seen.Body)).ShouldBe([("/old", "body"), ("/new?x=1", "body")]);
        world.Api.Requests[1].Proof["htu"].ShouldBe($"{world.Api.Origin}/new");
        world.Api.Requests[1].Proof["jti"].ShouldNotBe(world.Api.Requests[0].Proof["jti"]);
        world.Api.Requests[1].Authorization.ShouldBe("DPoP opaque~1");
        response.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/new?x=1");
        response.RequestMessage.Headers.ShouldBeEmpty();
    }

    // DPOP-C-18
    [Fact]
    public async Task Sends_neither_token_nor_proof_to_another_origin()
    {
        await using World world = await World.CreateAsync();
        await using var other = new FakeApi(world.Time);
        await other.StartAsync();
        world.Api.Answer = RedirectFrom("/old", 302, $"{other.Origin}/elsewhere");
        var request = new HttpRequestMessage(HttpMethod.Get, "/old") { Headers = { { "Cookie", "a=b" }, { "X-Own", "1" } } };
        (await world.Client().SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);

        Seen seen = other.Requests.ShouldHaveSingleItem();
        seen.Authorization.ShouldBeNull();
        seen.HasProof.ShouldBeFalse();
        seen.Headers.ContainsKey("Cookie").ShouldBeFalse();
        seen.Headers["X-Own"].ToString().ShouldBe("1");
    }

    // DPOP-C-18: a foreign server cannot make the client send the token where the foreign server likes.
    [Fact]
    public async Task Sends_no_token_after_a_detour_through_another_origin()
    {
        await using World world = await World.CreateAsync();
        await using var other = new FakeApi(world.Time);
        await other.StartAsync();
        world.Api.Answer = RedirectFrom("/old", 302, $"{other.Origin}/elsewhere");
        other.Answer = RedirectFrom("/elsewhere", 302, $"{world.Api.Origin}/admin");
        await world.Client().GetAsync("/old");
        world.Api.Requests[1].PathAndQuery.ShouldBe("/admin");
        world.Api.Requests[1].Authorization.ShouldBeNull();
        world.Api.Requests[1].HasProof.ShouldBeFalse();
    }

    // DPOP-C-18: another port is another origin, another name for this machine too.
    [Fact]
    public async Task Takes_another_name_of_the_same_machine_for_another_origin()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", 302, world.Api.Origin.Replace("127.0.0.1", "localhost") + "/new");
        await world.Client().GetAsync("/old");
        world.Api.Requests[1].HasProof.ShouldBeFalse();
    }

    [Theory]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(303, "POST", "GET")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    [InlineData(301, "PUT", "PUT")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "PUT", "PUT")]
    public async Task Changes_the_method_as_HttpClient_does(int status, string method, string next)
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", status, "/new");
        var request = new HttpRequestMessage(new HttpMethod(method), "/old") { Content = method == "HEAD" ? null : new StringContent("body") };
        await world.Client().SendAsync(request);
        world.Api.Requests[1].Method.ShouldBe(next);
        world.Api.Requests[1].Proof["htm"].ShouldBe(next);
        world.Api.Requests[1].Body.ShouldBe(next is "GET" or "HEAD" ? "" : "body");
    }

    [Fact]
    public async Task Stops_after_ten_redirects_and_gives_the_next_to_the_caller()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", 302, "/old");
        (await world.Client().GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.Found);
        world.Api.Requests.Count.ShouldBe(HoldfastClientDefaults.MaxRedirects + 1);
        world.Api.Requests.Select(seen => seen.Proof["jti"]).Distinct().Count().ShouldBe(11);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/file")]
    [InlineData("file:///etc/passwd")]
    public async Task Does_not_follow_to_other_schemes(string location)
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", 302, location);
        (await world.Client().GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.Found);
        world.Api.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Never_follows_from_https_to_http()
    {
        await using World world = await World.CreateAsync();
        int sent = 0;
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() => new Answering(_ =>
        {
            sent++;
            return new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(world.Api.Origin) } };
        })));
        (await client.GetAsync("https://api.example.com/orders")).StatusCode.ShouldBe(HttpStatusCode.Found);
        sent.ShouldBe(1);
        world.Api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Leaves_redirects_to_a_caller_who_switched_them_off()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", 302, "/new");
        HttpClient client = world.Client(http: builder =>
            builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }));
        (await client.GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.Found);
        world.Api.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Takes_redirects_over_from_an_HttpClientHandler_as_well()
    {
        await using World world = await World.CreateAsync();
        world.Api.Answer = RedirectFrom("/old", 302, "/new");
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler()));
        (await client.GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests[1].Proof["htu"].ShouldBe($"{world.Api.Origin}/new");
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
