using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Holdfast.Control.Tests;

public sealed class HostileInputTests
{
    [Theory]
    [InlineData("""{"client_id":"x","is_admin":true,"owners":{"boss":{}}}""", 2)]
    [InlineData("""{"client_id":"x","client_id":"y"}""", 1)]
    [InlineData("""{"client_id":null,"scopes":{}}""", 2)]
    [InlineData("{", 1)]
    [InlineData("", 1)]
    [InlineData("[]", 1)]
    public async Task Refuses_a_body_that_is_no_client_and_names_what_is_wrong(string body, int problems)
    {
        await using ControlHost host = await ControlHost.StartAsync();

        ControlReply reply = await host.AddAsync(body);

        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.ContentType.ShouldBe("application/problem+json");
        reply.Problems.Length.ShouldBe(problems, string.Join('\n', reply.Problems));
    }

    [Fact]
    public async Task Refuses_bodies_that_are_too_large_too_deep_or_of_another_kind()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        string large = $$"""{"client_id":"{{new string('x', 256 * 1024)}}"}""";

        (await host.AddAsync(large)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        // Without a declared length it is counted.
        (await host.SendAsync(HttpMethod.Put, "/client", change: request =>
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
            request.Content = new StreamContent(new Unmeasured(large));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        })).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await host.AddAsync(new string('[', 100) + new string(']', 100))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.SendAsync(HttpMethod.Put, "/client", change: request =>
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
            request.Content = new StringContent("client_id=x", Encoding.UTF8, "application/x-www-form-urlencoded");
        })).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    // A filter with a typing error would show, or end, more than was meant.
    [Theory]
    [InlineData("/clients?dormnat=30d")]
    [InlineData("/clients?dormant=30")]
    [InlineData("/clients?dormant=4000d")]
    [InlineData("/clients?dormant=-1d")]
    [InlineData("/clients?state=gone")]
    [InlineData("/clients?state=active&state=disabled")]
    [InlineData("/clients?limit=0")]
    [InlineData("/clients?limit=501")]
    [InlineData("/clients?team=")]
    [InlineData("/client")]
    [InlineData("/client?Client_id=x")]
    [InlineData("/audit?kind=user")]
    [InlineData("/audit?before=x")]
    public async Task Refuses_parameters_that_it_does_not_understand(string path)
    {
        await using ControlHost host = await ControlHost.StartAsync();
        ControlReply reply = await host.GetAsync(path);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Ends_nothing_where_the_parameters_are_not_understood()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        await host.RegisterAsync("machine");

        (await host.PostAsync("/apply?prune=yes", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.PostAsync("/client/offboard?client_id=machine&dry_run=true")).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await host.GetAsync("/client?client_id=machine")).Body!["client"]!["state"]!.ToString().ShouldBe("active");
    }

    private sealed class Unmeasured(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override bool CanSeek => false;
    }
}
