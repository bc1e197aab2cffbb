using System.Net;
using Holdfast.Client.Tests.Fakes;

namespace Holdfast.Client.Tests;

public class AliasTests
{
    private const string Binds = ""","tls_client_certificate_bound_access_tokens":true""";

    // MTLS-35
    [Fact]
    public async Task Prefers_the_alias()
    {
        await using World world = await World.WithCertificatesAsync();
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.Requests.ShouldHaveSingleItem().Port.ShouldBe(new Uri(world.Issuer.MtlsOrigin).Port);
    }

    // MTLS-35: each endpoint for itself.
    [Theory]
    [InlineData("")]
    [InlineData(""","mtls_endpoint_aliases":null""")]
    [InlineData(""","mtls_endpoint_aliases":{}""")]
    [InlineData(""","mtls_endpoint_aliases":{"revocation_endpoint":"https://mtls.example.invalid/revoke"}""")]
    [InlineData(""","mtls_endpoint_aliases":{"token_endpoint":null}""")]
    [InlineData(""","mtls_endpoint_aliases":"https://mtls.example.invalid/token" """)]
    public async Task Stays_where_there_is_no_alias(string aliases)
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = aliases + Binds;
        // The endpoint itself asks for the certificate.
        world.Issuer.TokenEndpoint = $"{world.Issuer.MtlsOrigin}/plain/token";
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.Requests.ShouldHaveSingleItem().PathAndQuery.ShouldBe("/plain/token");
    }

    // MTLS-35: one that is wrong is not one that is absent.
    [Theory]
    [InlineData("7")]
    [InlineData("\"\"")]
    [InlineData("\"/token\"")]
    [InlineData("\"http://mtls.example.invalid/token\"")]
    [InlineData("\"\\ud800\"")]
    public async Task Refuses_an_alias_that_cannot_be_used(string alias)
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = $$""","mtls_endpoint_aliases":{"token_endpoint":{{alias}}}{{Binds}}""";
        world.Issuer.TokenEndpoint = $"{world.Issuer.MtlsOrigin}/token";
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.DiscoveryFailed);
        world.Issuer.Requests.ShouldBeEmpty();
    }

    // MTLS-36
    [Fact]
    public async Task Ignores_aliases_that_are_not_endpoints()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = $$"""
            ,"mtls_endpoint_aliases":{"issuer":"https://evil.example","jwks_uri":"https://evil.example","token_endpoint":"{{world.Issuer.MtlsOrigin}}/token",
            "tls_client_certificate_bound_access_tokens":false,"token_endpoint_auth_signing_alg_values_supported":["EdDSA"]}{{Binds}}
            """;
        await world.Client(o => o.ClientKeyFile = world.ClientKeyFile).GetAsync("/orders");
        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Assertion["aud"].ShouldBe(world.Issuer.Issuer);
        asked.Assertion.Header.GetProperty("alg").GetString().ShouldBe("ES256");
    }

    // MTLS-36: among the aliases nothing can say that the server binds.
    [Fact]
    public async Task Takes_no_promise_from_among_the_aliases()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.ExtraMetadata = $$"""
            ,"mtls_endpoint_aliases":{"token_endpoint":"{{world.Issuer.MtlsOrigin}}/token","tls_client_certificate_bound_access_tokens":true}
            """;
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateBindingNotSupported);
    }

    // MTLS-35: the alias is for those who present a certificate.
    [Fact]
    public async Task Leaves_aliases_alone_without_a_certificate()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = "DPoP";
        await world.Client(o => (o.ClientCertificateSource, o.ClientKeyFile, o.ProofKeyFile) = (null, world.ClientKeyFile, world.ProofKeyFile)).GetAsync("/orders");
        Seen asked = world.Issuer.Requests.ShouldHaveSingleItem();
        asked.Port.ShouldBe(new Uri(world.Issuer.Origin).Port);
        asked.Proof["htu"].ShouldBe($"{world.Issuer.Origin}/token");
    }

    // Where the metadata is, nobody needs to know who reads it.
    [Fact]
    public async Task Reads_the_metadata_without_the_certificate()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.NamedIssuer = world.Issuer.MtlsOrigin;
        await world.Client(o => o.Issuer = world.Issuer.MtlsOrigin).GetAsync("/orders");
        world.Issuer.Chains.Count.ShouldBe(1);
        world.Issuer.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(world.Certificate.Thumbprint);
    }
}
