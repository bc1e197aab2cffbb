using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests;

public class CorsTests
{
    private static void Policy(CorsOptions options) => options.AddDefaultPolicy(policy => policy.WithOrigins("https://app.example").WithMethods("GET"));

    private static Task<TestApi> StartAsync(bool corsFirst, Action<WebApplication>? endpoints = null) => TestApi.StartAsync(new()
    {
        ServicesBefore = services => { if (corsFirst) services.AddCors(Policy); },
        Services = services => { if (!corsFirst) services.AddCors(Policy); },
        Pipeline = app => app.UseRouting().UseCors(),
        Endpoints = endpoints,
    });

    private static async Task<HttpResponseMessage> SendAsync(TestApi api, HttpMethod method, string path, string origin, params (string, string)[] headers)
    {
        var request = new HttpRequestMessage(method, TestApi.Url + path);
        request.Headers.Add("Origin", origin);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await api.Client.SendAsync(request);
    }

    // DPOP-RS-18
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exposes_the_fields_that_a_browser_must_read(bool corsFirst)
    {
        await using TestApi api = await StartAsync(corsFirst);

        HttpResponseMessage response = await SendAsync(api, HttpMethod.Get, "/orders", "https://app.example");

        response.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(line => line.Split(',')).ShouldBe(["DPoP-Nonce", "WWW-Authenticate"], ignoreOrder: true);
    }

    // DPOP-RS-18
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Allows_the_fields_that_a_browser_must_send(bool corsFirst)
    {
        await using TestApi api = await StartAsync(corsFirst);

        HttpResponseMessage response = await SendAsync(api, HttpMethod.Options, "/orders", "https://app.example",
            ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization,dpop"));

        response.Headers.GetValues("Access-Control-Allow-Headers").SelectMany(line => line.Split(',')).ShouldBe(["DPoP", "Authorization"], ignoreOrder: true);
    }

    // DPOP-RS-18
    [Fact]
    public async Task Serves_a_policy_written_on_the_endpoint_too()
    {
        await using TestApi api = await StartAsync(corsFirst: true,
            app => app.MapGet("/inline", () => "").RequireCors(policy => policy.WithOrigins("https://other.example")).RequireAuthorization());

        HttpResponseMessage response = await SendAsync(api, HttpMethod.Get, "/inline", "https://other.example");

        response.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("DPoP-Nonce");
    }

    // DPOP-RS-18
    [Fact]
    public async Task Opens_nothing_to_an_origin_that_is_not_allowed()
    {
        await using TestApi api = await StartAsync(corsFirst: false);

        HttpResponseMessage response = await SendAsync(api, HttpMethod.Get, "/orders", "https://evil.example");

        response.Headers.ShouldNotContain(header => header.Key.StartsWith("Access-Control-"));
    }
}
