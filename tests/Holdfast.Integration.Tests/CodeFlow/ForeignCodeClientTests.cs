using System.Text.Json;
using Holdfast.Integration.Tests.Browser;

namespace Holdfast.Integration.Tests.CodeFlow;

/// <summary>Clients that were written by others, with a person in a real browser, against the process that people run.</summary>
public sealed class ForeignCodeClientTests(UpFixture plain, UpWithNoncesFixture nonces) : IClassFixture<UpFixture>, IClassFixture<UpWithNoncesFixture>
{
    private const string App = "orders-app", RedirectUri = "http://127.0.0.1/";

    // DPOP-AS-34, DPOP-AS-08, MCP-11
    [ChromiumFact]
    public async Task Openid_client_as_a_public_client_signs_a_person_in_and_refreshes_with_its_key_alone()
    {
        JsonElement seen = await SignsInAsync(plain.Up, App, RedirectUri);

        seen.GetProperty("refreshed").GetProperty("rotated").GetBoolean().ShouldBeTrue();
        Refusal(seen, "withAnotherKey").ShouldBe((400, "invalid_grant"));
    }

    // DPOP-AS-09, FAPI-05: a confidential client is held by its authentication, and is free to change its key.
    [ChromiumFact]
    public async Task Openid_client_as_a_confidential_client_may_refresh_with_a_new_key()
    {
        Up up = plain.Up;
        const string ClientId = "orders-web";
        (int code, string output, string error) = await ProcessRun.ToEndAsync("dotnet",
        [
            Up.Program, "clients", "add", ClientId, "--up", up.JsonPath, "--jwks", Path.Combine(up.Directory, "client-jwks.json"), "--grant", "authorization_code", "--grant", "refresh_token",
            "--redirect-uri", RedirectUri, "--scope", $"openid {up.Scope}", "--resource", up.Audience, "--owner", "application=Orders,orders@example.com",
        ]);
        code.ShouldBe(0, $"{output}\n{error}");

        JsonElement seen = await SignsInAsync(up, ClientId, RedirectUri, Path.Combine(up.Directory, "client-key.jwk.json"));

        seen.GetProperty("withAnotherKey").ValueKind.ShouldBe(JsonValueKind.Null);
        seen.GetProperty("rebound").GetBoolean().ShouldBeTrue();
    }

    // DPOP-AS-34, DPOP-AS-35, DPOP-AS-32
    [ChromiumFact]
    public Task Oauth4webapi_signs_a_person_in_by_a_pushed_request() => CodesAreBoundAsync(plain.Up, "pushed");

    // DPOP-AS-31, DPOP-AS-32
    [ChromiumFact]
    public Task Oauth4webapi_signs_a_person_in_by_dpop_jkt() => CodesAreBoundAsync(plain.Up, "direct");

    // DPOP-AS-21, DPOP-AS-34
    [ChromiumFact]
    public Task Oauth4webapi_answers_nonce_challenges_when_it_pushes_and_redeems() => CodesAreBoundAsync(nonces.Up, "pushed");

    private static async Task<JsonElement> SignsInAsync(Up up, params string[] client)
    {
        JsonElement seen = await NodeScript.RunAsync("code-openid-client", [up.JsonPath, .. client]);

        // FAPI-21: nothing but the reference is in the address.
        seen.GetProperty("pushed").EnumerateArray().Select(name => name.GetString()).ShouldBe(["client_id", "request_uri"]);
        seen.GetProperty("iss").GetString().ShouldBe(up.Issuer);
        seen.GetProperty("tokenType").GetString().ShouldBe("dpop", StringCompareShould.IgnoreCase);
        seen.GetProperty("bound").GetBoolean().ShouldBeTrue();
        seen.GetProperty("sub").GetString().ShouldNotBeNullOrWhiteSpace();
        seen.GetProperty("status").GetInt32().ShouldBe(200);
        JsonElement refreshed = seen.GetProperty("refreshed");
        (refreshed.GetProperty("bound").GetBoolean(), refreshed.GetProperty("isNew").GetBoolean()).ShouldBe((true, true));
        Refusal(seen, "withoutProof").Status.ShouldBe(400);
        seen.GetProperty("afterwards").GetInt32().ShouldBe(200);
        Refusal(seen, "revoked").ShouldBe((400, "invalid_grant"));
        return seen;
    }

    private static async Task CodesAreBoundAsync(Up up, string how)
    {
        JsonElement seen = await NodeScript.RunAsync("code-oauth4webapi", up.JsonPath, App, RedirectUri, how);

        if (how == "pushed")
            Refusal(seen, "conflict").Status.ShouldBe(400);
        JsonElement stolen = seen.GetProperty("stolen");
        Refusal(stolen, "anotherKey").ShouldBe((400, "invalid_grant"));
        Refusal(stolen, "withoutProof").Status.ShouldBe(400);
        Refusal(stolen, "anotherVerifier").ShouldBe((400, "invalid_grant"));
        seen.GetProperty("tokenType").GetString().ShouldBe("dpop", StringCompareShould.IgnoreCase);
        seen.GetProperty("bound").GetBoolean().ShouldBeTrue();
        seen.GetProperty("status").GetInt32().ShouldBe(200);
        seen.GetProperty("rotated").GetBoolean().ShouldBeTrue();
        Refusal(seen, "again").ShouldBe((400, "invalid_grant"));
        Refusal(seen, "afterwards").ShouldBe((400, "invalid_grant"));
    }

    private static (int Status, string? Error) Refusal(JsonElement seen, string name) =>
        (seen.GetProperty(name).GetProperty("status").GetInt32(), seen.GetProperty(name).GetProperty("error").GetString());
}
