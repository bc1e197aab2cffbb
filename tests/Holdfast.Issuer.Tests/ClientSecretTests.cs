using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Holdfast.Issuer.Tests;

public class ClientSecretTests
{
    private static Task<IssuerHost> StartAsync(bool allow = true) => IssuerHost.StartAsync(o =>
    {
        o.AllowClientSecrets = allow;
        if (allow)
            o.Clients.Add(new() { ClientId = "old/client", AuthenticationMethod = "client_secret_basic", ClientSecretSha256 = IssuerHost.HashOf(IssuerHost.Secret), Scopes = ["orders.read"], Resources = [IssuerHost.Orders] });
    });

    private static AuthenticationHeaderValue Basic(string clientId, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}")));

    private static Dictionary<string, string> Form(params (string, string)[] more)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        foreach ((string name, string value) in more)
            form[name] = value;
        return form;
    }

    [Fact]
    public async Task Takes_a_secret_where_secrets_are_on_and_binds_the_token()
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.AskAsync(form: Form(), authorization: Basic("old/client", IssuerHost.Secret));
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("client_id").GetString().ShouldBe("old/client");
        answer.Member("token_type").ShouldBe("DPoP");
    }

    [Theory]
    [InlineData("old/client", "wrong", VerificationFailure.ClientSecretWrong)]
    [InlineData("nobody", IssuerHost.Secret, VerificationFailure.ClientUnknown)]
    [InlineData(IssuerHost.ClientId, IssuerHost.Secret, VerificationFailure.ClientMethodNotAllowed)]
    public async Task Refuses_a_secret(string clientId, string secret, VerificationFailure failure)
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.AskAsync(form: Form(), authorization: Basic(clientId, secret));
        issuer.ShouldRefuse(answer, failure, "invalid_client", HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Basic");
    }

    [Fact]
    public async Task Refuses_secrets_where_they_are_off()
    {
        await using IssuerHost issuer = await StartAsync(allow: false);
        TokenAnswer answer = await issuer.AskAsync(form: Form(), authorization: Basic(IssuerHost.ClientId, IssuerHost.Secret));
        issuer.ShouldRefuse(answer, VerificationFailure.ClientMethodNotAllowed, "invalid_client", HttpStatusCode.Unauthorized);
    }

    // RFC 7591 §2: the one method that the client registered.
    [Fact]
    public async Task Refuses_a_secret_in_the_body_of_a_client_that_registered_the_field()
    {
        await using IssuerHost issuer = await StartAsync();
        issuer.ShouldRefuse(await issuer.AskAsync(form: Form(("client_id", "old/client"), ("client_secret", IssuerHost.Secret))),
            VerificationFailure.ClientMethodNotAllowed, "invalid_client");
    }

    // RFC 6749 §2.3
    [Fact]
    public async Task Refuses_two_methods_at_once()
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(), authorization: Basic("old/client", IssuerHost.Secret));
        issuer.ShouldRefuse(answer, VerificationFailure.ClientAuthenticationMissing, "invalid_client", HttpStatusCode.Unauthorized);
    }

    // AT-94: a client that registered a secret cannot come with an assertion, nor the other way round.
    [Fact]
    public async Task Refuses_an_assertion_of_a_client_that_has_a_secret()
    {
        await using IssuerHost issuer = await StartAsync();
        string assertion = issuer.Key.Assertion("old/client", IssuerHost.Issuer, issuer.Clock.UtcNow);
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(assertion)), VerificationFailure.ClientMethodNotAllowed, "invalid_client");
    }

    [Theory]
    [InlineData("Basic", "")]
    [InlineData("Basic", "!!!!")]
    [InlineData("Basic", "b2xk")]
    [InlineData("Basic", "Og==")]
    [InlineData("Basic", "b2xkOiUl")]
    [InlineData("Basic", "//86//8=")]
    public async Task Refuses_malformed_credentials(string scheme, string credentials)
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.SendAsync(new FormUrlEncodedContent(Form()),
            change: request => request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {credentials}"));
        answer.Status.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized);
        answer.Error.ShouldBeOneOf("invalid_request", "invalid_client");
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("DPoP abc")]
    [InlineData("Basic")]
    public async Task Refuses_another_scheme(string authorization)
    {
        await using IssuerHost issuer = await StartAsync();
        TokenAnswer answer = await issuer.SendAsync(new FormUrlEncodedContent(Form()),
            change: request => request.Headers.TryAddWithoutValidation("Authorization", authorization));
        issuer.ShouldRefuse(answer, VerificationFailure.ClientMethodNotAllowed, "invalid_client");
    }
}
