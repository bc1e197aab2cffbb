using System.Net;
using Holdfast.Testing;

namespace Holdfast.AspNetCore.Tests;

public class CredentialsTests
{
    // DPOP-RS-14
    [Fact]
    public async Task Challenges_a_request_without_credentials_and_names_no_error()
    {
        await using TestApi api = await TestApi.StartAsync();

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/orders", null);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").ShouldBe(
            ["""DPoP algs="ES256 ES384 PS256 PS384", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource" """.TrimEnd()]);
        api.Recorded.Failure.ShouldBe(VerificationFailure.CredentialsMissing);
    }

    // DPOP-RS-03
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Refuses_a_bound_token_presented_as_a_bearer_token_in_every_mode(SenderConstraintMode mode)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.Mode = mode });
        string token = api.BoundToken();

        HttpResponseMessage alone = await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {token}");
        HttpResponseMessage withProof = await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {token}", api.Proof("GET", "/orders", token).Sign());

        alone.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        withProof.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.BoundTokenAsBearer && signal.ClientId == "orders-client");
        api.Recorded.Signals.Count.ShouldBe(2);
    }

    // DPOP-RS-04
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Refuses_the_DPoP_scheme_with_a_token_that_binds_to_nothing(SenderConstraintMode mode)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.Mode = mode });
        string token = api.BearerToken();

        HttpResponseMessage response = await api.GetAsync("/orders", token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(VerificationFailure.UnboundTokenWithDPoP);
    }

    // DPOP-RS-07
    [Fact]
    public async Task Refuses_two_Authorization_lines_with_400()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });
        string token = api.BoundToken();
        string proof = api.Proof("GET", "/orders", token).Sign();

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Authorization: DPoP {token}", $"Authorization: DPoP {token}", $"DPoP: {proof}");

        RawHttp.Status(answer).ShouldBe(400);
        answer.ShouldContain("WWW-Authenticate: DPoP error=\"invalid_request\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.AuthorizationRepeated);
    }

    // DPOP-V-01
    [Fact]
    public async Task Refuses_two_proof_lines_though_one_of_them_is_good()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });
        string token = api.BoundToken();

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Authorization: DPoP {token}",
            $"DPoP: {api.Proof("GET", "/orders", token).Sign()}", $"DPoP: {api.Proof("GET", "/orders", token).Sign()}");

        RawHttp.Status(answer).ShouldBe(401);
        answer.ShouldContain("error=\"invalid_dpop_proof\"");
        api.Recorded.Failure.ShouldBe(VerificationFailure.ProofRepeated);
    }

    // DPOP-V-02
    [Theory]
    [InlineData(null, VerificationFailure.ProofMissing)]
    [InlineData("DPoP:", VerificationFailure.ProofMalformed)]
    [InlineData("DPoP: a.b.c,d.e.f", VerificationFailure.ProofMalformed)]
    public async Task Tells_an_absent_proof_from_an_empty_one(string? line, VerificationFailure expected)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1",
            [$"Authorization: DPoP {api.BoundToken()}", .. line is null ? Array.Empty<string>() : [line]]);

        RawHttp.Status(answer).ShouldBe(401);
        answer.ShouldContain("error=\"invalid_dpop_proof\"");
        api.Recorded.Failure.ShouldBe(expected);
    }

    // DPOP-RS-06
    [Theory]
    [InlineData("DPoP")]
    [InlineData("DPoP ")]
    [InlineData("DPoP a b")]
    [InlineData("DPoP \"quoted\"")]
    [InlineData("DPoP a, DPoP b")]
    [InlineData("DPoP access_token=abc")]
    public async Task Refuses_credentials_that_are_not_a_scheme_and_a_token68(string authorization)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Authorization: {authorization}");

        RawHttp.Status(answer).ShouldBe(400);
        api.Recorded.Failure.ShouldBe(VerificationFailure.AuthorizationMalformed);
    }

    // DPOP-RS-08
    [Theory]
    [InlineData("?access_token=")]
    [InlineData("?page=2&access_token=")]
    [InlineData("?access%5Ftoken=")]
    [InlineData("?%61ccess_token=")]
    public async Task Refuses_a_token_in_the_query_alone_and_beside_the_header(string query)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();

        HttpResponseMessage alone = await api.SendAsync(HttpMethod.Get, "/orders" + query + token, null);
        HttpResponseMessage beside = await api.GetAsync("/orders" + query + token, token);

        alone.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        beside.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.TokenOutsideHeader);
        api.Recorded.Signals.ShouldAllBe(signal => signal.Path == "/orders");
    }

    // DPOP-RS-08
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refuses_a_token_in_a_form_body(bool besideTheHeader)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        var form = new FormUrlEncodedContent([new("access_token", token)]);

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/orders", besideTheHeader ? $"DPoP {token}" : null,
            besideTheHeader ? api.Proof("POST", "/orders", token).Sign() : null, form);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        api.Recorded.Failure.ShouldBe(VerificationFailure.TokenOutsideHeader);
    }

    // DPOP-RS-08
    [Fact]
    public async Task Leaves_an_innocent_form_for_the_application_to_read()
    {
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Endpoints = app => Microsoft.AspNetCore.Builder.AuthorizationEndpointConventionBuilderExtensions.RequireAuthorization(
                Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapPost(app, "/echo", async (Microsoft.AspNetCore.Http.HttpContext context) =>
                {
                    using var reader = new StreamReader(context.Request.Body);
                    return await reader.ReadToEndAsync();
                })),
        });
        string token = api.BoundToken();

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/echo", $"DPoP {token}", api.Proof("POST", "/echo", token).Sign(),
            new FormUrlEncodedContent([new("order", "7")]));

        (await response.Content.ReadAsStringAsync()).ShouldBe("order=7");
    }

    // DPOP-RS-17
    [Fact]
    public async Task Takes_no_token_from_Proxy_Authorization()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });
        string token = api.BoundToken();

        string answer = await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", $"Proxy-Authorization: DPoP {token}", $"DPoP: {api.Proof("GET", "/orders", token)}");

        RawHttp.Status(answer).ShouldBe(401);
        answer.ShouldNotContain("Proxy-Authenticate");
        api.Recorded.Failure.ShouldBe(VerificationFailure.CredentialsMissing);
    }

    [Fact]
    public async Task Leaves_another_scheme_to_others_and_challenges_without_them()
    {
        await using TestApi api = await TestApi.StartAsync();

        HttpResponseMessage open = await api.SendAsync(HttpMethod.Get, "/open", "Basic dTpw");
        HttpResponseMessage closed = await api.SendAsync(HttpMethod.Get, "/orders", "Basic dTpw");

        open.StatusCode.ShouldBe(HttpStatusCode.OK);
        closed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(VerificationFailure.SchemeUnsupported);
    }

    // DPOP-V-13
    [Fact]
    public async Task A_stolen_token_with_a_proof_by_the_thief_is_theft()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        TestKey thief = TestKey.Es256();
        TestProof proof = new(thief, "GET", TestApi.Url + "/orders", api.Clock.UtcNow, token);

        HttpResponseMessage response = await api.GetAsync("/orders", token, proof);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"invalid_token\", error_description=\"");
        VerificationSignal signal = api.Recorded.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.KeyMismatch);
        signal.Failure.Severity.ShouldBe(FailureSeverity.Theft);
        signal.ProofThumbprint.ShouldBe(thief.Thumbprint);
        signal.ExpectedThumbprint.ShouldBe(api.Key.Thumbprint);
    }
}
