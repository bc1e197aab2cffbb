using System.Net;
using System.Text.Json;
using Holdfast.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Integration.Tests;

/// <summary>A process that was killed has forgotten what it accepted; whoever captured something must not gain by it.</summary>
public sealed class RestartTests
{
    // DPOP-V-27, DPOP-RS-20
    [Theory]
    [InlineData("on-demand", 401)]
    [InlineData("always", 401)]
    // Without nonces there is nothing to challenge with: proofs as old as the start are refused until they would be too old anyway.
    [InlineData("off", 503)]
    public async Task A_proof_accepted_before_a_crash_is_refused_after_it(string nonce, int status)
    {
        using var folder = new TemporaryFolder();
        await using Up first = await Up.StartAsync(folder.Path, nonce);
        using var caller = new Caller(first);
        string token = await caller.TokenAsync();
        string captured = await caller.CallUntilAcceptedAsync(token);
        await first.KillAsync();

        await using Up second = await first.StartAgainAsync(nonce);
        using HttpResponseMessage replay = await caller.CallAsync(token, captured);

        ((int)replay.StatusCode).ShouldBe(status);
        if (status == 401)
            replay.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=");
    }

    // AT-94
    [Fact]
    public async Task An_assertion_spent_before_a_crash_is_worthless_after_it()
    {
        using var folder = new TemporaryFolder();
        await using Up first = await Up.StartAsync(folder.Path);
        using var caller = new Caller(first);
        await caller.TokenAsync();
        string captured = caller.LastAssertion!;
        await first.KillAsync();

        await using Up second = await first.StartAgainAsync();
        using HttpResponseMessage challenged = await caller.RequestTokenAsync(captured, nonce: null);
        using HttpResponseMessage replay = await caller.RequestTokenAsync(captured, Caller.NonceOf(challenged));

        replay.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await replay.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString().ShouldBe("invalid_client");
    }

    // DPOP-C-12, DPOP-C-13
    [Fact]
    public async Task The_client_of_ours_goes_on_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using Up first = await Up.StartAsync(folder.Path);
        await using ServiceProvider client = ClientOf(first, folder);
        HttpClient http = client.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        (await http.GetAsync(first.Orders)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await first.KillAsync();

        await using Up second = await first.StartAgainAsync();

        (await http.GetAsync(second.Orders)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [NodeFact]
    public async Task A_foreign_client_goes_on_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using Up first = await Up.StartAsync(folder.Path);
        (await NodeScript.RunAsync("oauth4webapi", first.JsonPath)).GetProperty("status").GetInt32().ShouldBe(200);
        await first.KillAsync();

        await using Up second = await first.StartAgainAsync();

        (await NodeScript.RunAsync("oauth4webapi", second.JsonPath)).GetProperty("status").GetInt32().ShouldBe(200);
    }

    private static ServiceProvider ClientOf(Up up, TemporaryFolder folder)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("orders").AddHoldfast("orders", options =>
        {
            options.Issuer = up.Issuer;
            options.ClientId = up.ClientId;
            options.ClientKeyFile = up.ClientKeyPem;
            options.ProofKeyFile = folder.At("proof-key.pem");
            options.Resource = up.Audience;
            options.Scope = up.Scope;
        });
        return services.BuildServiceProvider();
    }
}
