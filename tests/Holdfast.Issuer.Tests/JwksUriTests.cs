using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>Keys and certificates that a client publishes itself (RFC 8705 §2.2, <c>jwks_uri</c>).</summary>
public sealed class JwksUriTests : IAsyncLifetime
{
    private const string Machine = "machine";

    private readonly X509Certificate2 _first = TestAuthority.SelfSigned(), _second = TestAuthority.SelfSigned();
    private KeyServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await KeyServer.StartAsync();
        _server.Publish(_first);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private Task<IssuerHost> StartAsync(string method = "self_signed_tls_client_auth", bool allowInternal = true, bool trusts = true, string host = "localhost") => IssuerHost.StartAsync(o =>
    {
        o.DangerouslyAllowInternalJwksUris = allowInternal;
        o.Clients.Add(new()
        {
            ClientId = Machine, AuthenticationMethod = method, JwksUri = _server.Url(host), Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        });
    }, services: services =>
    {
        // As a host would trust a private root: the handler stays the guarded one.
        if (trusts)
        {
            services.AddHttpClient(HoldfastIssuerDefaults.ClientKeysHttpClient).ConfigurePrimaryHttpMessageHandler((handler, _) =>
                ((SocketsHttpHandler)handler).SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertData().AsSpan().SequenceEqual(_server.Certificate.RawData));
        }
    });

    private static async Task ShouldRefuseAsync(IssuerHost issuer, X509Certificate2 certificate, VerificationFailure failure)
    {
        bool isUnavailable = failure == VerificationFailure.ClientKeysUnavailable;
        TokenAnswer answer = await issuer.AskWithAsync(certificate, Machine);
        issuer.ShouldRefuse(answer, failure, isUnavailable ? "temporarily_unavailable" : "invalid_client", isUnavailable ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.BadRequest);
        if (isUnavailable)
            answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    // MTLS-16: a new certificate works without a change at the issuer, and an old one ends.
    [Fact]
    public async Task Follows_a_client_that_renews_its_certificate()
    {
        await using IssuerHost issuer = await StartAsync();
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        _server.Requests.ShouldBe(1);
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        _server.Requests.ShouldBe(1);

        _server.Publish(_first, _second);
        issuer.Clock.Advance(TimeSpan.FromSeconds(10));
        (await issuer.AskWithAsync(_second, Machine)).ShouldBeToken();
        _server.Requests.ShouldBe(2);
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();

        _server.Publish(_second);
        issuer.Clock.Advance(TimeSpan.FromMinutes(5));
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientCertificateMismatch);
        (await issuer.AskWithAsync(_second, Machine)).ShouldBeToken();
    }

    // MTLS-16: once in ten seconds, however many strangers call.
    [Theory]
    [InlineData(9.999, 1)]
    [InlineData(10, 2)]
    [InlineData(10.001, 2)]
    public async Task Fetches_for_an_unknown_certificate_at_most_once_in_ten_seconds(double seconds, int requests)
    {
        await using IssuerHost issuer = await StartAsync();
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        for (int i = 0; i < 5; i++)
            await ShouldRefuseAsync(issuer, _second, VerificationFailure.ClientCertificateMismatch);
        _server.Requests.ShouldBe(1);
        issuer.Clock.Advance(TimeSpan.FromSeconds(seconds));
        for (int i = 0; i < 5; i++)
            await ShouldRefuseAsync(issuer, _second, VerificationFailure.ClientCertificateMismatch);
        _server.Requests.ShouldBe(requests);
    }

    // MTLS-16
    [Theory]
    [InlineData(299.999, 1)]
    [InlineData(300, 2)]
    public async Task Reads_known_keys_again_when_they_are_five_minutes_old(double seconds, int requests)
    {
        await using IssuerHost issuer = await StartAsync();
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        issuer.Clock.Advance(TimeSpan.FromSeconds(seconds));
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        _server.Requests.ShouldBe(requests);
    }

    // MTLS-16
    [Fact]
    public async Task Fetches_once_for_many_requests_at_once()
    {
        await using IssuerHost issuer = await StartAsync();
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        Func<HttpContext, Task> publish = _server.Answer;
        _server.Answer = async context =>
        {
            asked.TrySetResult();
            await gate.Task;
            await publish(context);
        };
        issuer.Certificate = _first;
        Task<TokenAnswer>[] answers = [.. Enumerable.Range(0, 20).Select(_ => Task.Run(() => issuer.AskAsync(proof: "", form: IssuerHost.CertificateForm(Machine))))];
        await Task.WhenAny(asked.Task, Task.WhenAll(answers));
        gate.SetResult();
        foreach (Task<TokenAnswer> answer in answers)
            (await answer).ShouldBeToken();
        _server.Requests.ShouldBe(1);
    }

    // MTLS-16: an outage of the client's server ends nothing at once, and everything after an hour; a certificate that may be new is told apart from a wrong one.
    [Fact]
    public async Task Keeps_keys_for_an_hour_while_they_cannot_be_read()
    {
        await using IssuerHost issuer = await StartAsync();
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        Func<HttpContext, Task> publish = _server.Answer;
        _server.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        issuer.Clock.Advance(TimeSpan.FromMinutes(59));
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        await ShouldRefuseAsync(issuer, _second, VerificationFailure.ClientKeysUnavailable);
        issuer.Clock.Advance(TimeSpan.FromMinutes(1));
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientKeysUnavailable);
        _server.Answer = publish;
        issuer.Clock.Advance(TimeSpan.FromSeconds(10));
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        issuer.Log.Lines.ShouldContain(line => line.Contains("could not be read from https://localhost"));
    }

    public static TheoryData<string> Documents =>
    [
        "", "not json", "[]", """{"keys":{}}""", """{"keys":[],"keys":[]}""", "{\"keys\":[" + string.Join(',', Enumerable.Repeat("{}", 9)) + "]}",
        new string(' ', 70_000) + "{}", new string('[', 5000),
    ];

    // MTLS-16: bounded, and strict as a whole.
    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Takes_no_document_that_is_no_key_set(string document)
    {
        await using IssuerHost issuer = await StartAsync();
        _server.Publish(document);
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientKeysUnavailable);
    }

    // MTLS-14, MTLS-15: what does not fit is left out, the rest counts.
    [Fact]
    public async Task Leaves_out_keys_that_are_of_no_use()
    {
        await using IssuerHost issuer = await StartAsync();
        _server.Publish(CertificateJwk.Set(CertificateJwk.Of(_first), new() { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = "AAAA" },
            CertificateJwk.Of(_second, change: jwk => jwk["use"] = "enc"), CertificateJwk.Of(_second, x5c: []), CertificateJwk.Of(_first, x5c: [_second]),
            CertificateJwk.Of(_second, change: jwk => jwk["d"] = "AAAA"), CertificateJwk.Of(_second, change: jwk => jwk["x"] = jwk["x"]!.GetValue<string>() + "=")));
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        await ShouldRefuseAsync(issuer, _second, VerificationFailure.ClientCertificateMismatch);
    }

    // MTLS-16: an empty set is an answer, and ends what was known.
    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("{}")]
    public async Task Takes_back_certificates_that_the_client_has_withdrawn(string document)
    {
        await using IssuerHost issuer = await StartAsync();
        (await issuer.AskWithAsync(_first, Machine)).ShouldBeToken();
        _server.Publish(document);
        issuer.Clock.Advance(TimeSpan.FromMinutes(5));
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientCertificateMismatch);
    }

    // MTLS-16: where the document is, is said by the registration alone.
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Follows_no_redirect(int status)
    {
        await using IssuerHost issuer = await StartAsync();
        Func<HttpContext, Task> publish = _server.Answer;
        _server.Answer = context =>
        {
            if (context.Request.Path == "/elsewhere")
                return publish(context);
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientKeysUnavailable);
        _server.Requests.ShouldBe(1);
    }

    // MTLS-16: a name is judged by what it resolves to, before anything is sent there.
    [Fact]
    public async Task Connects_to_no_name_that_resolves_to_an_internal_address()
    {
        await using IssuerHost issuer = await StartAsync(allowInternal: false);
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientKeysUnavailable);
        _server.Connections.ShouldBe(0);
        issuer.Log.Lines.ShouldContain(line => line.Contains("not on the public internet"));
    }

    [Fact]
    public async Task Warns_where_internal_addresses_are_allowed()
    {
        await using IssuerHost issuer = await StartAsync();
        issuer.Log.Lines.ShouldContain(line => line.Contains("DangerouslyAllowInternalJwksUris"));
    }

    // MTLS-16: a server whose certificate nobody vouches for may be anybody.
    [Fact]
    public async Task Takes_no_keys_from_a_server_that_is_not_trusted()
    {
        await using IssuerHost issuer = await StartAsync(trusts: false);
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientKeysUnavailable);
        _server.Requests.ShouldBe(0);
    }

    // MTLS-16: the waiting is bounded, by time and not by the server.
    [Fact]
    public async Task Waits_for_a_server_that_does_not_answer_no_longer_than_some_seconds()
    {
        await using IssuerHost issuer = await StartAsync();
        _server.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await ShouldRefuseAsync(issuer, _first, VerificationFailure.ClientKeysUnavailable);
    }

    // MTLS-16: so is the number of those who wait, and the others are not among them.
    [Fact]
    public async Task No_more_than_some_requests_wait_for_a_server_that_does_not_answer()
    {
        await using IssuerHost issuer = await StartAsync();
        var gate = new TaskCompletionSource();
        Func<HttpContext, Task> publish = _server.Answer;
        _server.Answer = async context =>
        {
            await gate.Task;
            await publish(context);
        };
        Task<TokenAnswer>[] asked = [.. Enumerable.Range(0, 70).Select(_ => issuer.AskWithAsync(_first, Machine))];
        // 64 wait; the others are answered while nothing has come yet.
        int refused = 0;
        await foreach (Task<TokenAnswer> answer in Task.WhenEach(asked))
        {
            (await answer).Error.ShouldBe("temporarily_unavailable");
            if (++refused == 6)
                break;
        }
        gate.SetResult();
        (await Task.WhenAll(asked)).Count(answer => answer.Error is null).ShouldBe(64);
        _server.Requests.ShouldBe(1);
    }

    // AT-94: keys for assertions are published in the same way.
    [Fact]
    public async Task Verifies_assertions_with_published_keys_and_follows_a_new_one()
    {
        var (old, renewed) = (new CallerKey(), new CallerKey());
        _server.Publish(old.Jwks("1"));
        await using IssuerHost issuer = await StartAsync("private_key_jwt");
        string Assertion(CallerKey key, string kid) => key.Assertion(Machine, IssuerHost.Issuer, issuer.Clock.UtcNow, (header, _) => header["kid"] = kid);
        (await issuer.AskAsync(form: issuer.Form(Assertion(old, "1")))).ShouldBeToken();
        _server.Publish(renewed.Jwks("2"));
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(Assertion(renewed, "2"))), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
        issuer.Clock.Advance(TimeSpan.FromSeconds(10));
        (await issuer.AskAsync(form: issuer.Form(Assertion(renewed, "2")))).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(Assertion(old, "1"))), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
        _server.Requests.ShouldBe(2);
    }

    // AT-94: nothing is spent while keys cannot be had.
    [Fact]
    public async Task Spends_no_assertion_while_keys_cannot_be_read()
    {
        var key = new CallerKey();
        _server.Publish("nothing");
        await using IssuerHost issuer = await StartAsync("private_key_jwt");
        string assertion = key.Assertion(Machine, IssuerHost.Issuer, issuer.Clock.UtcNow);
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(assertion)), VerificationFailure.ClientKeysUnavailable, "temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
        _server.Publish(key.Jwks());
        issuer.Clock.Advance(TimeSpan.FromSeconds(10));
        (await issuer.AskAsync(form: issuer.Form(assertion))).ShouldBeToken();
    }
}
