using Holdfast.Registry;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>The profile <c>fapi2</c>, of the server and of a client: the stricter one is in force.</summary>
public class ProfileTests
{
    public static TheoryData<bool> Whose => [true, false];

    // FAPI-13
    [Theory]
    [MemberData(nameof(Whose))]
    public async Task Takes_pushed_requests_alone(bool ofServer)
    {
        await using CodeHost host = await StartAsync(ofServer);
        host.ShouldTellClient(await host.AuthorizeAsync(host.PortalRequest()), VerificationFailure.PushedRequestRequired, "invalid_request", CodeHost.PortalUri);
        BrowserAnswer code = await host.DecideAsync(await host.AuthorizePushedAsync(await host.PushedAsync()));
        (await host.RedeemAsPortalAsync(code.Query("code")!)).ShouldBeToken();
    }

    // FAPI-04, D13
    [Theory]
    [MemberData(nameof(Whose))]
    public async Task Takes_assertions_for_the_issuer_alone(bool ofServer)
    {
        await using CodeHost host = await StartAsync(ofServer);
        foreach (string audience in new[] { IssuerHost.TokenEndpoint, CodeHost.ParEndpoint })
        {
            string assertion = host.Issuer.Key.Assertion(CodeHost.Portal, audience, host.Clock.UtcNow);
            host.Issuer.ShouldRefuse(await host.PushAsync(CodeHost.Change(host.PortalRequest(), host.Authentication(assertion))), VerificationFailure.AssertionAudienceWrong, "invalid_client");
        }
    }

    // FAPI-15
    [Theory]
    [MemberData(nameof(Whose))]
    public async Task Demands_that_the_redirect_uri_is_stated(bool ofServer)
    {
        await using CodeHost host = await StartAsync(ofServer);
        host.Issuer.ShouldRefuse(await host.PushAsync(CodeHost.Change(host.PortalRequest(("redirect_uri", null)), host.Authentication())), VerificationFailure.RedirectUriNotRegistered, "invalid_request");
    }

    // FAPI-26: of a server with other algorithms.
    [Fact]
    public async Task Refuses_proofs_by_other_algorithms()
    {
        await using CodeHost host = await StartAsync(ofServer: false);
        var key = TestKey.Es384();
        string Proof(string url) => new TestProof(key, "POST", url, host.Clock.UtcNow).Sign();
        host.Issuer.ShouldRefuse(await host.PushAsync(CodeHost.Change(host.PortalRequest(), host.Authentication()), Proof(CodeHost.ParEndpoint)), VerificationFailure.ProfileViolated, "invalid_request");
        BrowserAnswer code = await host.DecideAsync(await host.AuthorizePushedAsync(await host.PushedAsync()));
        host.Issuer.ShouldRefuse(await host.RedeemAsPortalAsync(code.Query("code")!, Proof(IssuerHost.TokenEndpoint)), VerificationFailure.ProfileViolated, "invalid_request");
        (await host.RedeemAsPortalAsync(code.Query("code")!)).ShouldBeToken();
    }

    // FAPI-26, AT-51: published as enforced.
    [Fact]
    public async Task Publishes_its_algorithms_alone()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Profile = SecurityProfile.Fapi2);
        string metadata = await issuer.Client.GetStringAsync("/.well-known/oauth-authorization-server");
        metadata.ShouldContain("\"dpop_signing_alg_values_supported\":[\"ES256\",\"PS256\"]");
        metadata.ShouldContain("\"token_endpoint_auth_signing_alg_values_supported\":[\"ES256\",\"PS256\"]");
    }

    public static TheoryData<string, Action<IssuerClientOptions>> Unfit => new()
    {
        // FAPI-02, FAPI-03
        { "AuthenticationMethod", client => (client.AuthenticationMethod, client.Jwks) = ("none", null) },
        // FAPI-01
        { "sender-constrained", client => client.DPoPBoundAccessTokens = false },
        // FAPI-15
        { "RedirectUris", client => client.RedirectUris = ["http://localhost/done"] },
        { "RedirectUris", client => client.RedirectUris = ["http://portal.example/done"] },
        // FAPI-26: no algorithm of the profile fits the key.
        { "ES256, PS256", client => client.Jwks = "{\"keys\":[" + TestKey.Es384().RequiredMembers().ToJsonString() + "]}" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task Takes_no_client_that_could_not_keep_to_it(string told, Action<IssuerClientOptions> change)
    {
        foreach (bool ofServer in new[] { true, false })
        {
            var failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(async () => await StartAsync(ofServer, change));
            failure.Message.ShouldContain(told);
        }
    }

    [Fact]
    public async Task Takes_no_settings_that_go_against_it()
    {
        var failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => IssuerHost.StartAsync(options =>
        {
            options.Profile = SecurityProfile.Fapi2;
            options.AllowClientSecrets = true;
            options.Algorithms = ["ES256", "RS256"];
            options.AssertionAlgorithms = ["ES384"];
        }));
        failure.Message.ShouldContain("AllowClientSecrets");
        failure.Message.ShouldContain("RS256");
        failure.Message.ShouldContain("ES384");
    }

    // FAPI-15: native applications.
    [Fact]
    public async Task Takes_http_on_a_loopback_address()
    {
        await using CodeHost host = await StartAsync(ofServer: true, client => client.RedirectUris = ["http://127.0.0.1/done"]);
        (await host.PushedAsync(null, ("redirect_uri", "http://127.0.0.1:4711/done"))).ShouldNotBeNull();
    }

    // A client is never held to less than the server.
    [Fact]
    public async Task Cannot_be_loosened_by_a_client()
    {
        await using CodeHost host = await StartAsync(ofServer: true, client => client.Profile = SecurityProfile.Default);
        host.ShouldTellClient(await host.AuthorizeAsync(host.PortalRequest()), VerificationFailure.PushedRequestRequired, "invalid_request", CodeHost.PortalUri);
    }

    private static Task<CodeHost> StartAsync(bool ofServer, Action<IssuerClientOptions>? change = null) => CodeHost.StartAsync(options =>
    {
        options.Clients.Remove(options.Clients.Single(client => client.ClientId == CodeHost.Shop));
        IssuerClientOptions portal = options.Clients.Single(client => client.ClientId == CodeHost.Portal);
        if (ofServer)
            options.Profile = SecurityProfile.Fapi2;
        else
            portal.Profile = SecurityProfile.Fapi2;
        change?.Invoke(portal);
    });
}
