using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>What an API says to its callers where it takes certificates.</summary>
public class CertificateChallengeTests
{
    private static Task<TestApi> StartAsync(string said) => TestApi.StartAsync(new()
    {
        Options = options => options.UseClientCertificates = said == "option",
        Services = services =>
        {
            if (said == "process")
                services.AddClientCertificates();
            if (said == "proxy")
                services.AddForwardedClientCertificates(options => (options.Format, options.Trust.Addresses) = ("nginx", ["10.1.2.3"]));
        },
    });

    // AT-55, AT-57
    [Theory]
    [InlineData("option")]
    [InlineData("process")]
    [InlineData("proxy")]
    public async Task The_metadata_says_that_certificate_bound_tokens_are_taken_and_not_that_DPoP_is_demanded(string said)
    {
        await using TestApi api = await StartAsync(said);

        JsonElement metadata = JsonDocument.Parse(await api.Client.GetStringAsync(TestApi.Url + HoldfastDefaults.MetadataPath)).RootElement;

        metadata.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("dpop_bound_access_tokens_required").GetBoolean().ShouldBeFalse();
    }

    // DPOP-RS-15, DPOP-RS-16
    [Theory]
    [InlineData("option")]
    [InlineData("process")]
    [InlineData("proxy")]
    public async Task Require_mode_offers_both_schemes_and_puts_the_error_where_the_caller_was(string said)
    {
        await using TestApi api = await StartAsync(said);

        string[] none = Challenges(await api.SendAsync(HttpMethod.Get, "/orders", null));
        string[] bearer = Challenges(await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {api.BearerToken()}"));
        string[] dpop = Challenges(await api.SendAsync(HttpMethod.Get, "/orders", "DPoP nonsense"));

        none.Select(Start).ShouldBe(["DPoP algs", "Bearer resource_metadata"]);
        bearer.Select(Start).ShouldBe(["DPoP algs", "Bearer error"]);
        bearer[1].ShouldContain("error=\"invalid_token\"");
        dpop.Select(Start).ShouldBe(["DPoP error", "Bearer resource_metadata"]);

        static string[] Challenges(HttpResponseMessage response) => [.. response.Headers.GetValues("WWW-Authenticate")];
        static string Start(string challenge) => challenge.Split('=')[0];
    }

    // RFC 6750 §3.1
    [Fact]
    public async Task A_scope_that_is_missing_is_said_where_the_caller_was()
    {
        using X509Certificate2 certificate = TestCertificates.SelfSigned();
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Options = options => options.UseClientCertificates = true,
            Endpoints = app => app.MapGet("/admin", () => "").RequireAuthorization(policy => policy.RequireClaim("scope", "admin")),
            Certificate = certificate,
        });

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/admin", $"Bearer {api.CertificateToken(certificate)}");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.GetValues("WWW-Authenticate").Last().ShouldStartWith("Bearer error=\"insufficient_scope\"");
    }

    // MTLS-23
    [Fact]
    public async Task A_server_without_a_TLS_stream_is_believed_as_it_was_before_the_first_middleware()
    {
        using X509Certificate2 certificate = TestCertificates.SelfSigned(), other = TestCertificates.SelfSigned("other");
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Certificate = certificate,
            Pipeline = app => app.Use((context, next) =>
            {
                context.Connection.ClientCertificate = other;
                return next(context);
            }),
        });

        (await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {api.CertificateToken(certificate)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync(HttpMethod.Post, "/orders", $"Bearer {api.CertificateToken(certificate)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync(HttpMethod.Get, "/orders", $"Bearer {api.CertificateToken(other)}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
