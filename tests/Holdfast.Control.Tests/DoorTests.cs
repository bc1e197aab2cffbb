using System.Net;
using System.Text.Json.Nodes;
using Holdfast.Registry;
using Holdfast.Testing;

namespace Holdfast.Control.Tests;

public sealed class DoorTests
{
    [Fact]
    public async Task Refuses_whoever_brings_no_token()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/clients");

        ControlReply reply = await host.ReplyAsync(request);

        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Challenge.ShouldStartWith("DPoP");
    }

    [Fact]
    public async Task Refuses_a_bound_token_without_its_proof_and_as_bearer()
    {
        await using ControlHost host = await ControlHost.StartAsync();

        (await host.SendAsync(HttpMethod.Get, "/clients", change: request => request.Headers.Remove("DPoP"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.SendAsync(HttpMethod.Get, "/clients", change: request =>
        {
            string token = request.Headers.GetValues("Authorization").Single()["DPoP ".Length..];
            request.Headers.Remove("DPoP");
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // A token that is bound to nothing is refused, although its issuer has issued it and its scope would do.
    [Fact]
    public async Task Refuses_an_unbound_token()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        JsonObject answer = await host.AskAsync(host.Administrator, isBound: false, clientId: "unbound");
        answer["token_type"]!.ToString().ShouldBe("Bearer");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/clients");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {answer["access_token"]}");

        (await host.ReplyAsync(request)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refuses_a_token_with_the_proof_of_another_key()
    {
        await using ControlHost host = await ControlHost.StartAsync();

        (await host.SendAsync(HttpMethod.Get, "/clients", change: request =>
        {
            string token = request.Headers.GetValues("Authorization").Single()["DPoP ".Length..];
            request.Headers.Remove("DPoP");
            request.Headers.TryAddWithoutValidation("DPoP", new TestProof(host.Reader.Key, "GET", ControlHost.Admin + "/clients", host.Clock.UtcNow, token).Sign());
        })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refuses_a_token_for_another_audience()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        string token = (await host.AskAsync(host.Reader, ControlHost.Orders))["access_token"]!.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/clients");
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.TryAddWithoutValidation("DPoP", new TestProof(host.Reader.Key, "GET", ControlHost.Admin + "/clients", host.Clock.UtcNow, token).Sign());

        (await host.ReplyAsync(request)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("PUT", "/client")]
    [InlineData("DELETE", "/client?client_id=machine")]
    [InlineData("POST", "/client/disable?client_id=machine")]
    [InlineData("POST", "/client/enable?client_id=machine")]
    [InlineData("POST", "/client/offboard?client_id=machine")]
    [InlineData("POST", "/client/secret?client_id=machine")]
    [InlineData("PUT", "/resource")]
    [InlineData("DELETE", "/resource?identifier=https%3A%2F%2Fa.example")]
    [InlineData("POST", "/apply")]
    [InlineData("POST", "/issuer-keys/rotate")]
    [InlineData("POST", "/issuer-keys/retire?kid=x")]
    public async Task The_scope_to_read_changes_nothing(string method, string path)
    {
        await using ControlHost host = await ControlHost.StartAsync();

        ControlReply reply = await host.SendAsync(new HttpMethod(method), path, method == "PUT" ? "{}" : null, host.Reader);

        reply.Status.ShouldBe(HttpStatusCode.Forbidden);
        reply.Challenge.ShouldContain("insufficient_scope");
    }

    [Theory]
    [InlineData("/clients")]
    [InlineData("/resources")]
    [InlineData("/audit")]
    public async Task The_scope_to_read_reads_and_so_does_the_scope_to_change(string path)
    {
        await using ControlHost host = await ControlHost.StartAsync();

        (await host.SendAsync(HttpMethod.Get, path, caller: host.Reader)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    // A token outlives the registration it was issued to.
    [Fact]
    public async Task An_administrator_that_was_disabled_may_do_nothing_more()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        var second = new Caller("second");
        (await host.AddAsync($$"""{"client_id":"second","jwks":{{second.Jwks}},"scopes":["holdfast.admin"],"resources":["{{ControlHost.Admin}}"]}""")).Status.ShouldBe(HttpStatusCode.Created);
        string token = (await host.AskAsync(second))["access_token"]!.ToString();
        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/admin/clients");
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
            request.Headers.TryAddWithoutValidation("DPoP", new TestProof(second.Key, "GET", ControlHost.Admin + "/clients", host.Clock.UtcNow, token).Sign());
            return request;
        }
        (await host.ReplyAsync(Request())).Status.ShouldBe(HttpStatusCode.OK);

        (await host.PostAsync("/client/disable?client_id=second")).Status.ShouldBe(HttpStatusCode.OK);

        (await host.ReplyAsync(Request())).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Says_when_the_database_is_lost_and_works_again_when_it_is_back()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        ControlReply before = await host.GetAsync("/clients");
        string token = (await host.AskAsync(host.Administrator))["access_token"]!.ToString();
        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/admin/client/disable?client_id=x");
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
            request.Headers.TryAddWithoutValidation("DPoP", new TestProof(host.Administrator.Key, "POST", ControlHost.Admin + "/client/disable", host.Clock.UtcNow, token).Sign());
            return request;
        }
        host.Breakable.IsDown = true;
        ControlReply lost = await host.ReplyAsync(Request());
        host.Breakable.IsDown = false;
        ControlReply back = await host.ReplyAsync(Request());

        before.Status.ShouldBe(HttpStatusCode.OK);
        lost.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        lost.RetryAfter.ShouldNotBeNull();
        lost.ContentType.ShouldBe("application/problem+json");
        back.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("admin", "Path")]
    [InlineData("/", "Path")]
    [InlineData("/a/{b}", "Path")]
    public async Task Options_that_make_no_sense_stop_the_start(string path, string setting)
    {
        var failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => ControlHost.StartAsync(configure: options => options.Path = path));
        failure.Failures.ShouldContain(problem => problem.StartsWith(setting));
    }

    [Fact]
    public void A_host_without_a_registry_is_told_so()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
        Microsoft.Extensions.DependencyInjection.HoldfastControlServiceCollectionExtensions.AddHoldfastControl(builder.Services, options => options.Issuer = ControlHost.IssuerUrl);
        using var app = builder.Build() as IDisposable;
        Should.Throw<InvalidOperationException>(() => Microsoft.AspNetCore.Builder.HoldfastControlEndpointExtensions.MapHoldfastControl((Microsoft.AspNetCore.Builder.WebApplication)app!))
            .Message.ShouldContain(nameof(IRegistryStore));
    }
}
