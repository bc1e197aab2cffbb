using System.Net;
using System.Text.Json;

namespace Holdfast.AspNetCore.Tests;

public class MetadataTests
{
    // AT-52, AT-55, AT-56, AT-57, AT-58
    [Fact]
    public async Task Publishes_the_resource_s_metadata()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.ScopesSupported = ["orders.read", "orders.write"] });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/.well-known/oauth-protected-resource", null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.Headers.CacheControl!.Public.ShouldBeTrue();
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            """
            {"resource":"https://api.example.com","authorization_servers":["https://issuer.example"],"scopes_supported":["orders.read","orders.write"],
            "bearer_methods_supported":["header"],"dpop_signing_alg_values_supported":["ES256","ES384","PS256","PS384"],"dpop_bound_access_tokens_required":true}
            """.ReplaceLineEndings(""));
    }

    // AT-53, AT-54, AT-59
    [Theory]
    [InlineData("https://api.example.com/", "/.well-known/oauth-protected-resource")]
    [InlineData("https://api.example.com/orders", "/.well-known/oauth-protected-resource/orders")]
    [InlineData("https://api.example.com/a/b/", "/.well-known/oauth-protected-resource/a/b/")]
    public async Task Puts_the_document_between_host_and_path_of_the_audience(string audience, string path)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.Audience = audience });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, path, null);
        HttpResponseMessage challenge = await api.SendAsync(HttpMethod.Get, "/orders", null);

        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("resource").GetString().ShouldBe(audience);
        challenge.Headers.WwwAuthenticate.ToString().ShouldContain($"resource_metadata=\"https://api.example.com{path}\"");
    }

    // AT-52
    [Fact]
    public async Task A_resource_whose_audience_is_a_name_is_identified_by_its_public_URL()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => (options.Audience, options.PublicOrigins, options.Mode) = ("orders", ["https://api.example.com/v1"], SenderConstraintMode.Observe),
        });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/.well-known/oauth-protected-resource/v1", null);
        HttpResponseMessage elsewhere = await api.SendAsync(HttpMethod.Get, "/.well-known/oauth-protected-resource", null);

        JsonElement document = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        document.GetProperty("resource").GetString().ShouldBe("https://api.example.com/v1");
        document.GetProperty("dpop_bound_access_tokens_required").GetBoolean().ShouldBeFalse();
        document.TryGetProperty("scopes_supported", out _).ShouldBeFalse();
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.OK)]
    [InlineData("OPTIONS", HttpStatusCode.NoContent)]
    [InlineData("POST", HttpStatusCode.MethodNotAllowed)]
    public async Task Answers_reading_methods_only(string method, HttpStatusCode status)
    {
        await using TestApi api = await TestApi.StartAsync();

        HttpResponseMessage response = await api.SendAsync(new HttpMethod(method), "/.well-known/oauth-protected-resource", null);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }
}
