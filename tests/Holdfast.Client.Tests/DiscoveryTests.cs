using System.Net;
using Holdfast.Client.Tests.Fakes;

namespace Holdfast.Client.Tests;

public class DiscoveryTests
{
    // AT-50
    [Theory]
    [InlineData("", "/.well-known/oauth-authorization-server")]
    [InlineData("/tenants/7", "/.well-known/oauth-authorization-server/tenants/7")]
    [InlineData("/tenants/7/", "/.well-known/oauth-authorization-server/tenants/7")]
    public async Task Finds_the_metadata_between_host_and_path(string path, string wellKnown)
    {
        await using World world = await World.CreateAsync();
        (world.Issuer.Path, world.Issuer.WellKnown) = (path, [wellKnown]);
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.DiscoveryRequests.ShouldBe([wellKnown]);
        world.Issuer.Requests.ShouldHaveSingleItem().Assertion["aud"].ShouldBe(world.Issuer.Issuer);
    }

    [Fact]
    public async Task Falls_back_to_OpenID_discovery_where_there_is_nothing_else()
    {
        await using World world = await World.CreateAsync();
        (world.Issuer.Path, world.Issuer.WellKnown) = ("/tenants/7", ["/tenants/7/.well-known/openid-configuration"]);
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.DiscoveryRequests.ShouldBe(
            ["/.well-known/oauth-authorization-server/tenants/7", "/tenants/7/.well-known/openid-configuration"]);
    }

    // AT-50
    [Theory]
    [InlineData("/")]
    [InlineData("x")]
    [InlineData("\\ud800")]
    public async Task Refuses_metadata_of_another_issuer(string suffix)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.NamedIssuer = world.Issuer.Issuer + suffix;
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.IssuerMismatch);
        world.Issuer.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://issuer.example.invalid/token")]
    [InlineData("/token")]
    [InlineData("ftp://127.0.0.1/token")]
    public async Task Refuses_a_token_endpoint_that_may_not_see_an_assertion(string endpoint)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.TokenEndpoint = endpoint;
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.DiscoveryFailed);
    }

    [Fact]
    public async Task Says_when_there_is_no_metadata()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.WellKnown = [];
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.DiscoveryFailed);
    }

    [Fact]
    public async Task Reads_the_metadata_once_an_hour_and_lives_without_it()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ExpiresIn = "0";
        HttpClient client = world.Client();
        await client.GetAsync("/orders");
        world.Time.Advance(TimeSpan.FromMinutes(59));
        await client.GetAsync("/orders");
        world.Issuer.DiscoveryRequests.Count.ShouldBe(1);

        world.Time.Advance(TimeSpan.FromMinutes(1));
        world.Issuer.WellKnown = [];
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.DiscoveryRequests.Count.ShouldBe(3);
    }
}
