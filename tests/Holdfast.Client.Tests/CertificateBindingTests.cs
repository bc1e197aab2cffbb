using System.Net;
using System.Security.Authentication;
using Holdfast.Client.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Client.Tests;

public class CertificateBindingTests
{
    private static HttpRequestMessage Get(string version) =>
        new(HttpMethod.Get, "/orders") { Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    // MTLS-18, MTLS-22, MTLS-02
    [Theory]
    [InlineData("1.1", SslProtocols.Tls12)]
    [InlineData("1.1", SslProtocols.Tls13)]
    [InlineData("2.0", SslProtocols.Tls12)]
    [InlineData("2.0", SslProtocols.Tls13)]
    public async Task Presents_the_same_certificate_for_the_token_and_with_it(string version, SslProtocols tls)
    {
        await using World world = await World.WithCertificatesAsync(tls);
        HttpClient client = world.Client();
        for (int i = 0; i < 3; i++)
            (await client.SendAsync(Get(version))).StatusCode.ShouldBe(HttpStatusCode.OK);

        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Certificate.ShouldBe(world.Certificate.Thumbprint);
        asked.Form["client_id"].ShouldBe("orders-client");
        asked.Form.ShouldNotContainKey("client_assertion");
        asked.Authorization.ShouldBeNull();
        asked.HasProof.ShouldBeFalse();
        world.Api.Requests.Count.ShouldBe(3);
        string protocol = version is "2.0" ? "HTTP/2" : "HTTP/1.1";
        world.Api.Requests.ShouldAllBe(seen => seen.Certificate == world.Certificate.Thumbprint
            && seen.Authorization == "Bearer opaque~1" && !seen.HasProof && seen.Protocol == protocol);
        world.Api.Requests.Select(seen => seen.Connection).Distinct().ShouldHaveSingleItem();
        Directory.Exists(Path.GetDirectoryName(world.ProofKeyFile)).ShouldBeFalse();
    }

    // MTLS-18: a session that is resumed has no handshake that asks; each connection has a whole one, and is taken.
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Presents_it_on_every_new_connection(SslProtocols tls)
    {
        await using World world = await World.WithCertificatesAsync(tls);
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() =>
        {
            SocketsHttpHandler handler = world.Pki!.Handler();
            handler.PooledConnectionLifetime = TimeSpan.Zero;
            return handler;
        }));
        for (int i = 0; i < 4; i++)
            (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Select(seen => seen.Connection).Distinct().Count().ShouldBe(4);
        world.Api.Requests.ShouldAllBe(seen => seen.Certificate == world.Certificate.Thumbprint);
    }

    // MTLS-18, DPOP-AS-40: both at once; the proof names the alias.
    [Fact]
    public async Task Binds_to_key_and_certificate_at_once()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = "DPoP";
        await world.Client(o => (o.Binding, o.ProofKeyFile) = (TokenBinding.Both, world.ProofKeyFile)).GetAsync("/orders");

        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Certificate.ShouldBe(world.Certificate.Thumbprint);
        asked.Proof["htu"].ShouldBe($"{world.Issuer.MtlsOrigin}/token");
        Seen seen = world.Api.Requests.ShouldHaveSingleItem();
        seen.Authorization.ShouldBe("DPoP opaque~1");
        seen.Certificate.ShouldBe(world.Certificate.Thumbprint);
        seen.Proof.VerifiedThumbprint().ShouldBe(asked.Proof.VerifiedThumbprint());
    }

    // MTLS-02: the certificate says who the client is, the key is what binds.
    [Fact]
    public async Task Authenticates_by_certificate_and_binds_to_the_key()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = "DPoP";
        world.Issuer.ExtraMetadata = $$""","mtls_endpoint_aliases":{"token_endpoint":"{{world.Issuer.MtlsOrigin}}/token"}""";
        await world.Client(o => (o.Binding, o.ProofKeyFile) = (TokenBinding.DPoP, world.ProofKeyFile)).GetAsync("/orders");

        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Certificate.ShouldBe(world.Certificate.Thumbprint);
        asked.Form["client_id"].ShouldBe("orders-client");
        asked.HasProof.ShouldBeTrue();
        // A resource that asks for a certificate is told none that the token does not need.
        Seen seen = world.Api.Requests.ShouldHaveSingleItem();
        seen.Certificate.ShouldBeNull();
        seen.Authorization.ShouldBe("DPoP opaque~1");
    }

    // MTLS-31, MTLS-37: a certificate that only binds goes to the alias as well.
    [Fact]
    public async Task Authenticates_by_key_and_binds_to_the_certificate()
    {
        await using World world = await World.WithCertificatesAsync();
        await world.Client(o => o.ClientKeyFile = world.ClientKeyFile).GetAsync("/orders");

        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Port.ShouldBe(new Uri(world.Issuer.MtlsOrigin).Port);
        asked.Certificate.ShouldBe(world.Certificate.Thumbprint);
        asked.Assertion["aud"].ShouldBe(world.Issuer.Issuer);
        asked.HasProof.ShouldBeFalse();
        world.Api.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer opaque~1");
    }

    // MTLS-31
    [Fact]
    public async Task Authenticates_by_secret_and_binds_to_the_certificate()
    {
        await using World world = await World.WithCertificatesAsync();
        await world.Client(o => o.ClientSecret = "s").GetAsync("/orders");
        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Authorization.ShouldStartWith("Basic ");
        asked.Form.ShouldNotContainKey("client_id");
        asked.Certificate.ShouldBe(world.Certificate.Thumbprint);
    }

    // MTLS-20
    [Fact]
    public async Task Tells_the_token_the_thumbprint_of_its_certificate()
    {
        await using World world = await World.WithCertificatesAsync();
        HoldfastToken token = await world.Provider().GetRequiredService<IHoldfastTokens>().GetTokenAsync("orders-client");
        token.X5tS256.ToString().ShouldBe(world.Certificate.Thumbprint);
        token.Jkt.ShouldBeNull();
        token.TokenType.ShouldBe("Bearer");
    }

    // MTLS-28: a server that does not say that it binds is not asked at all.
    [Theory]
    [InlineData("", TokenBinding.Certificate)]
    [InlineData(""","tls_client_certificate_bound_access_tokens":false""", TokenBinding.Certificate)]
    [InlineData(""","tls_client_certificate_bound_access_tokens":"true" """, TokenBinding.Certificate)]
    [InlineData(""","tls_client_certificate_bound_access_tokens":null""", TokenBinding.Certificate)]
    [InlineData("", TokenBinding.Both)]
    public async Task Refuses_an_issuer_that_does_not_say_that_it_binds(string metadata, TokenBinding binding)
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = $$""","mtls_endpoint_aliases":{"token_endpoint":"{{world.Issuer.MtlsOrigin}}/token"}{{metadata}}""";
        HttpClient client = world.Client(o => (o.Binding, o.ProofKeyFile) = (binding, binding == TokenBinding.Both ? world.ProofKeyFile : null));
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateBindingNotSupported);
        world.Issuer.Requests.ShouldBeEmpty();
        world.Api.Requests.ShouldBeEmpty();
    }

    // MTLS-28: and is asked once it does, without a restart.
    [Fact]
    public async Task Reads_the_metadata_again_after_it_did_not_promise_a_binding_or_an_endpoint_that_asks()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = "";
        HttpClient client = world.Client();
        (await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"))).Failure.ShouldBe(HoldfastClientFailure.CertificateBindingNotSupported);
        world.Issuer.ExtraMetadata = ""","tls_client_certificate_bound_access_tokens":true""";
        (await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"))).Failure.ShouldBe(HoldfastClientFailure.CertificateNotRequested);
        world.Issuer.ExtraMetadata = world.Issuer.MutualTlsMetadata;
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-C-09, DPOP-C-10: the type is the one that the binding has, and no other.
    [Theory]
    [InlineData(TokenBinding.Certificate, "DPoP")]
    [InlineData(TokenBinding.Certificate, "N_A")]
    [InlineData(TokenBinding.Certificate, "")]
    [InlineData(TokenBinding.Both, "Bearer")]
    [InlineData(TokenBinding.DPoP, "Bearer")]
    public async Task Throws_a_token_away_that_is_not_of_the_type_it_asked_for(TokenBinding binding, string type)
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = type;
        HttpClient client = world.Client(o => (o.Binding, o.ProofKeyFile) = (binding, binding == TokenBinding.Certificate ? null : world.ProofKeyFile));
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenNotBound);
        thrown.Message.ShouldNotContain("opaque~");
        world.Api.Requests.ShouldBeEmpty();
    }

    // MTLS-18, MTLS-30: over a connection that did not ask, an issuer would bind to nothing.
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Asks_for_no_token_where_the_certificate_is_not_asked_for(SslProtocols tls)
    {
        await using World world = await World.WithCertificatesAsync(tls);
        world.Issuer.ExtraMetadata = ""","tls_client_certificate_bound_access_tokens":true""";
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateNotRequested);
        thrown.Message.ShouldContain(new Uri(world.Issuer.Origin).Port.ToString());
        world.Issuer.Requests.ShouldBeEmpty();
    }

    // MTLS-22: the token never goes over a connection that did not present the certificate.
    [Theory]
    [InlineData("1.1", SslProtocols.Tls12)]
    [InlineData("1.1", SslProtocols.Tls13)]
    [InlineData("2.0", SslProtocols.Tls12)]
    [InlineData("2.0", SslProtocols.Tls13)]
    public async Task Sends_no_token_where_the_certificate_is_not_asked_for(string version, SslProtocols tls)
    {
        await using World world = await World.WithCertificatesAsync(tls);
        HttpRequestMessage request = Get(version);
        request.RequestUri = new Uri($"{world.Api.Origin}/orders");
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().SendAsync(request));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateNotRequested);
        world.Api.Requests.ShouldBeEmpty();
    }

    // MTLS-22: no exception for this machine, and none for laboratories.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sends_no_token_over_plain_http(bool allowHttp)
    {
        await using World world = await World.WithCertificatesAsync();
        await using var plain = new FakeApi(world.Time);
        await plain.StartAsync();
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() =>
            world.Client(o => o.DangerouslyAllowHttp = allowHttp).GetAsync($"{plain.Origin}/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.InsecureTarget);
        plain.Requests.ShouldBeEmpty();
        world.Issuer.Requests.ShouldBeEmpty();
    }

    // MTLS-18
    [Fact]
    public async Task Asks_for_no_token_over_plain_http()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = world.Issuer.MutualTlsMetadata.Replace("https:", "http:", StringComparison.Ordinal);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.InsecureTarget);
    }

    // MTLS-40: like expiry, and within the bounds of it.
    [Theory]
    [InlineData("Bearer error=\"invalid_token\"")]
    [InlineData("DPoP algs=\"ES256\", Bearer error=\"invalid_token\"")]
    [InlineData("Bearer, DPoP error=\"invalid_token\"")]
    public async Task Gets_one_new_token_when_the_resource_no_longer_accepts_the_old_one(string challenge)
    {
        await using World world = await World.WithCertificatesAsync();
        world.Api.Answer = (seen, context) =>
        {
            (context.Response.StatusCode, context.Response.Headers.WWWAuthenticate) = seen.Authorization == "Bearer opaque~2" ? (200, "") : (401, challenge);
            return Task.CompletedTask;
        };
        HttpClient client = world.Client();
        (await client.PostAsync("/orders", new StringContent("one"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Select(seen => (seen.Authorization, seen.Body)).ShouldBe([("Bearer opaque~1", "one"), ("Bearer opaque~2", "one")]);

        world.Api.Answer = (_, context) =>
        {
            (context.Response.StatusCode, context.Response.Headers.WWWAuthenticate) = (401, challenge);
            return Task.CompletedTask;
        };
        for (int i = 0; i < 10; i++)
            (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Issuer.Requests.Count.ShouldBe(2);
        world.Api.Requests.Count.ShouldBe(12);
    }

    // DPOP-C-13: without a proof there is nothing to put a nonce into.
    [Theory]
    [InlineData("use_dpop_nonce")]
    [InlineData("invalid_dpop_proof")]
    public async Task Leaves_challenges_for_a_proof_to_the_caller(string error)
    {
        await using World world = await World.WithCertificatesAsync();
        world.Api.ClockAhead = TimeSpan.FromHours(1);
        world.Api.Answer = (_, context) =>
        {
            FakeApi.Challenge(context, error, "n-1");
            return Task.CompletedTask;
        };
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        world.Api.Requests.Count.ShouldBe(1);
        world.Issuer.Requests.Count.ShouldBe(1);
    }

    // MTLS-02: an issuer that asks such a client for a nonce has refused it.
    [Fact]
    public async Task Takes_a_nonce_challenge_without_a_proof_for_a_refusal()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.Before = (_, context) => FakeIssuer.Refuse(context, "use_dpop_nonce", "n-1");
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenRefused);
        world.Issuer.Requests.Count.ShouldBe(1);
    }

    // DPOP-C-23
    [Fact]
    public async Task Shows_neither_token_nor_key_to_logs()
    {
        await using World world = await World.WithCertificatesAsync();
        HttpResponseMessage response = await world.Client(http: builder => builder.RedactLoggedHeaders(["X-Other"])).GetAsync("/orders");
        response.RequestMessage!.Headers.ShouldBeEmpty();
        ((IDictionary<string, object?>)response.RequestMessage.Options).ShouldBeEmpty();
        world.Logs.ShouldContain(log => log.Text.Contains(world.Certificate.Thumbprint));
        world.Logs.ShouldAllBe(log => !log.Text.Contains("opaque~") && !log.Text.Contains("PRIVATE KEY"));
    }
}
