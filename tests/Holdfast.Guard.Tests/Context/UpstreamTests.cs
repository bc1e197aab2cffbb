using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Guard.Tests.Context;

/// <summary>A guard and an ASP.NET Core upstream that takes its contexts, with nothing between them but the field.</summary>
public sealed class UpstreamTests
{
    // FWD-62
    [Fact]
    public async Task The_upstream_takes_the_context_that_the_guard_gave_for_this_request_once()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\ncontext_key_lifetime: 1h");
        await using WebApplication upstream = await StartAsync(guard);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        async Task<(HttpStatusCode Status, string Body)> CallAsync(string context, string path = "/orders/7?state=open")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Urls.First() + path);
            request.Headers.Add("Holdfast-Context", context);
            using HttpResponseMessage response = await client.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }

        string context = (await guard.AskAsHonestAsync("GET", "/orders/7?state=open")).Context;
        (await CallAsync(context, "/orders/8?state=open")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(context, "/orders/7")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(context)).ShouldBe((HttpStatusCode.OK, "orders-client of orders-client at https://issuer.example"));
        (await CallAsync(context)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        // The key that was announced signs now: the upstream knows it, or reads it.
        guard.Clock.Advance(TimeSpan.FromHours(1));
        (await CallAsync((await guard.AskAsHonestAsync("GET", "/orders/7?state=open")).Context)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<WebApplication> StartAsync(TestGuard guard)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddAuthorization().AddSingleton<TimeProvider>(guard.Clock);
        builder.Services.AddAuthentication().AddHoldfastContext(options =>
        {
            options.Guards = [new() { Name = TestGuard.Name, KeysUrl = guard.Addresses[0] + "/.well-known/jwks.json" }];
            options.Audience = TestGuard.Upstream;
        });
        builder.Services.AddHttpClient(Holdfast.AspNetCore.HoldfastDefaults.GuardHttpClient).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });
        WebApplication app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders/{id}", (HttpContext context) =>
            $"{context.User.Identity!.Name} of {context.User.FindFirst("client_id")!.Value} at {context.User.FindFirst("iss")!.Value}").RequireAuthorization();
        await app.StartAsync();
        return app;
    }
}
