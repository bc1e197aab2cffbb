using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>The diagnostic endpoint for a scheme whose tokens another handler verifies.</summary>
public class DiagnosticsTests
{
    private static Task<BearerApi> StartAsync() => BearerApi.StartAsync(new()
    {
        Constraint = options => options.Observe(),
        Endpoints = app => app.MapHoldfastDiagnostics(authenticationScheme: JwtBearerDefaults.AuthenticationScheme),
    });

    private static string Token(BearerApi api, bool bound = true, string scope = "holdfast:diagnose") => api.Token(bound, change: claims => claims["scope"] = scope);

    // DPOP-V-21
    [Theory]
    [InlineData("", 200)]
    [InlineData("/elsewhere", 401)]
    public async Task Tells_the_holder_of_the_key_how_its_request_arrived_or_why_its_URL_does_not_fit(string prefix, int status)
    {
        await using BearerApi api = await StartAsync();
        string token = Token(api);

        HttpResponseMessage response = await api.GetAsync(HoldfastDefaults.DiagnosticsPath, token, api.Proof("GET", prefix + HoldfastDefaults.DiagnosticsPath, token));

        ((int)response.StatusCode).ShouldBe(status);
        JsonElement told = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        told.GetProperty("accepted").GetBoolean().ShouldBe(status == 200);
        told.GetProperty("public_urls").ToString().ShouldBe($"[\"{BearerApi.Url}{HoldfastDefaults.DiagnosticsPath}\"]");
    }

    [Fact]
    public async Task Tells_nobody_else_anything()
    {
        await using BearerApi api = await StartAsync();
        string token = Token(api), unscoped = Token(api, scope: "orders.read");

        HttpResponseMessage[] refused =
        [
            await api.SendAsync(HoldfastDefaults.DiagnosticsPath, $"Bearer {Token(api, bound: false)}"),
            await api.SendAsync(HoldfastDefaults.DiagnosticsPath, $"DPoP {token}"),
            await api.GetAsync(HoldfastDefaults.DiagnosticsPath, unscoped),
            await api.GetAsync(HoldfastDefaults.DiagnosticsPath, unscoped, api.Proof("GET", "/elsewhere", unscoped)),
        ];

        refused.Select(response => response.StatusCode).ShouldBe(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized]);
        foreach (HttpResponseMessage response in refused)
            (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }
}
