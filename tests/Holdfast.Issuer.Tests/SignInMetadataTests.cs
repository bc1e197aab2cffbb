using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Registry;

namespace Holdfast.Issuer.Tests;

/// <summary>What is published where people sign in.</summary>
public class SignInMetadataTests
{
    // AT-51, AT-85, AT-92, AT-93
    [Fact]
    public async Task Publishes_what_the_endpoints_for_people_do()
    {
        await using CodeHost host = await CodeHost.StartAsync(options => options.MutualTls.EndpointAlias = "https://mtls.id.example/in");
        JsonObject document = await ReadAsync(host);
        document["authorization_endpoint"]!.GetValue<string>().ShouldBe("https://id.example/authorize");
        document["pushed_authorization_request_endpoint"]!.GetValue<string>().ShouldBe(CodeHost.ParEndpoint);
        document.ContainsKey("require_pushed_authorization_requests").ShouldBeFalse();
        Texts(document, "response_types_supported").ShouldBe(["code"]);
        Texts(document, "response_modes_supported").ShouldBe(["query"]);
        Texts(document, "grant_types_supported").ShouldBe(["client_credentials", "authorization_code", "refresh_token"]);
        Texts(document, "code_challenge_methods_supported").ShouldBe(["S256"]);
        Texts(document, "prompt_values_supported").ShouldBe(["none", "login", "consent", "select_account"]);
        Texts(document, "subject_types_supported").ShouldBe(["public"]);
        Texts(document, "id_token_signing_alg_values_supported").ShouldBe(["ES256"]);
        Texts(document, "scopes_supported").ShouldContain("openid");
        Texts(document, "token_endpoint_auth_methods_supported").ShouldContain("none");
        document["authorization_response_iss_parameter_supported"]!.GetValue<bool>().ShouldBeTrue();
        document["request_uri_parameter_supported"]!.GetValue<bool>().ShouldBeFalse();
        // DPOP-AS-40, RFC 8705 §5
        document["mtls_endpoint_aliases"]!["pushed_authorization_request_endpoint"]!.GetValue<string>().ShouldBe("https://mtls.id.example/in/par");
        document["mtls_endpoint_aliases"]!.AsObject().ContainsKey("authorization_endpoint").ShouldBeFalse();
    }

    // AT-85, FAPI-13
    [Theory]
    [InlineData(true, SecurityProfile.Default)]
    [InlineData(false, SecurityProfile.Fapi2)]
    public async Task Says_that_requests_have_to_be_pushed(bool isRequired, SecurityProfile profile)
    {
        await using CodeHost host = await CodeHost.StartAsync(options =>
        {
            options.Clients.Remove(options.Clients.Single(client => client.ClientId == CodeHost.Shop));
            (options.RequirePushedAuthorizationRequests, options.Profile) = (isRequired, profile);
        });
        (await ReadAsync(host))["require_pushed_authorization_requests"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static async Task<JsonObject> ReadAsync(CodeHost host) =>
        JsonNode.Parse(await host.Issuer.Client.GetStringAsync("/.well-known/oauth-authorization-server"))!.AsObject();

    private static string[] Texts(JsonObject document, string member) => document[member].Deserialize<string[]>()!;
}
