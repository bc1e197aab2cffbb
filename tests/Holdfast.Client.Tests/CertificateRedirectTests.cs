using System.Net;
using Holdfast.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Client.Tests;

public class CertificateRedirectTests
{
    private static Func<Seen, HttpContext, Task> RedirectFrom(string path, string location) => (seen, context) =>
    {
        if (seen.PathAndQuery == path)
            (context.Response.StatusCode, context.Response.Headers.Location) = (302, location);
        return Task.CompletedTask;
    };

    // MTLS-22, DPOP-C-18
    [Fact]
    public async Task Presents_the_certificate_within_the_origin()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Api.Answer = RedirectFrom("/old", "/new");
        (await world.Client().GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Select(seen => seen.Certificate).ShouldBe([world.Certificate.Thumbprint, world.Certificate.Thumbprint]);
        world.Api.Requests[1].Authorization.ShouldBe("Bearer opaque~1");
    }

    // DPOP-C-18: another origin that asks is told neither token nor certificate, and cannot lead them back.
    [Fact]
    public async Task Presents_no_certificate_to_another_origin()
    {
        await using World world = await World.WithCertificatesAsync();
        await using var other = new FakeApi(world.Time);
        await other.StartAsync(world.Pki);
        world.Api.Answer = RedirectFrom("/old", $"{other.MtlsOrigin}/elsewhere");
        other.Answer = RedirectFrom("/elsewhere", $"{world.Api.MtlsOrigin}/admin");
        (await world.Client().GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.OK);

        Seen elsewhere = other.Requests.ShouldHaveSingleItem();
        elsewhere.Certificate.ShouldBeNull();
        elsewhere.Authorization.ShouldBeNull();
        other.Chains.ShouldBeEmpty();
        Seen back = world.Api.Requests[1];
        back.PathAndQuery.ShouldBe("/admin");
        back.Certificate.ShouldBeNull();
        back.Authorization.ShouldBeNull();
    }

    // DPOP-C-18: the other listener of the same server is another origin.
    [Fact]
    public async Task Presents_no_certificate_to_another_port()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Api.Answer = RedirectFrom("/old", $"{world.Api.Origin}/new");
        (await world.Client().GetAsync("/old")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests[1].Certificate.ShouldBeNull();
        world.Api.Requests[1].Authorization.ShouldBeNull();
    }

    // MTLS-18: not even to another endpoint of the issuer.
    [Fact]
    public async Task Does_not_follow_redirects_of_the_token_endpoint()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.Before = (seen, context) =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (307, "/token2");
            return Task.FromResult(true);
        };
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenRefused);
        world.Issuer.Requests.Count.ShouldBe(1);
    }
}
