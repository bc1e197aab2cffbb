using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer.Tests;

public class MetadataTests
{
    private const string Path = "/.well-known/oauth-authorization-server";

    // AT-50, AT-51, DPOP-AS-12
    [Fact]
    public async Task Publishes_exactly_this_document()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        JsonNode document = JsonNode.Parse(await issuer.Client.GetStringAsync(Path))!;
        document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }).ShouldBe(
            """
            {
              "issuer": "https://id.example",
              "token_endpoint": "https://id.example/token",
              "jwks_uri": "https://id.example/jwks",
              "scopes_supported": [
                "orders.admin",
                "orders.read",
                "orders.write",
                "stock.read"
              ],
              "response_types_supported": [],
              "grant_types_supported": [
                "client_credentials"
              ],
              "token_endpoint_auth_methods_supported": [
                "private_key_jwt"
              ],
              "token_endpoint_auth_signing_alg_values_supported": [
                "ES256",
                "ES384",
                "PS256",
                "PS384"
              ],
              "introspection_endpoint": "https://id.example/introspect",
              "introspection_endpoint_auth_methods_supported": [
                "private_key_jwt"
              ],
              "introspection_endpoint_auth_signing_alg_values_supported": [
                "ES256",
                "ES384",
                "PS256",
                "PS384"
              ],
              "revocation_endpoint": "https://id.example/revoke",
              "revocation_endpoint_auth_methods_supported": [
                "private_key_jwt"
              ],
              "revocation_endpoint_auth_signing_alg_values_supported": [
                "ES256",
                "ES384",
                "PS256",
                "PS384"
              ],
              "dpop_signing_alg_values_supported": [
                "ES256",
                "ES384",
                "PS256",
                "PS384"
              ],
              "protected_resources": [
                "https://orders.example",
                "https://stock.example/v1"
              ]
            }
            """.ReplaceLineEndings("\n"));
    }

    // AT-15
    [Fact]
    public async Task Serves_the_same_octets_as_openid_configuration()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        byte[] metadata = await issuer.Client.GetByteArrayAsync(Path);
        byte[] discovery = await issuer.Client.GetByteArrayAsync("/.well-known/openid-configuration");
        discovery.ShouldBe(metadata);
    }

    // AT-50
    [Theory]
    [InlineData("/.well-known/oauth-authorization-server/tenant/7")]
    [InlineData("/.well-known/openid-configuration/tenant/7")]
    [InlineData("/tenant/7/.well-known/openid-configuration")]
    public async Task Puts_the_well_known_path_where_clients_look_for_an_issuer_with_a_path(string path)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Issuer = "https://id.example/tenant/7");
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync(path));
        document.RootElement.GetProperty("issuer").GetString().ShouldBe("https://id.example/tenant/7");
        document.RootElement.GetProperty("token_endpoint").GetString().ShouldBe("https://id.example/tenant/7/token");
        document.RootElement.GetProperty("jwks_uri").GetString().ShouldBe("https://id.example/tenant/7/jwks");
        (await issuer.Client.GetAsync("/tenant/7/jwks")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await issuer.Client.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    // AT-51: a method that no client has can be used by nobody.
    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task Publishes_a_method_by_secret_only_where_a_client_has_it(string method)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
        {
            o.AllowClientSecrets = true;
            o.Clients.Add(new() { ClientId = "old", AuthenticationMethod = method, ClientSecretSha256 = IssuerHost.HashOf(IssuerHost.Secret), Scopes = ["orders.read"], Resources = [IssuerHost.Orders] });
        });
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync(Path));
        foreach (string endpoint in new[] { "token", "introspection", "revocation" })
        {
            document.RootElement.GetProperty($"{endpoint}_endpoint_auth_methods_supported").EnumerateArray().Select(e => e.GetString())
                .ShouldBe(["private_key_jwt", method]);
        }
    }

    // MTLS-05, MTLS-28, MTLS-34, AT-51: nothing is said that is not so.
    [Theory]
    [InlineData("private_key_jwt", null, false, "private_key_jwt")]
    [InlineData("private_key_jwt", true, true, "private_key_jwt")]
    [InlineData("tls_client_auth", null, true, "private_key_jwt tls_client_auth")]
    [InlineData("tls_client_auth", false, false, "private_key_jwt tls_client_auth")]
    [InlineData("self_signed_tls_client_auth", null, true, "private_key_jwt self_signed_tls_client_auth")]
    public async Task Publishes_methods_and_bindings_that_clients_are_registered_for(string method, bool? isBound, bool publishesBinding, string methods)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
        {
            o.MutualTls.TrustedCertificateAuthorities.Add(TestAuthority.Root().Pem);
            o.Clients.Add(new()
            {
                ClientId = "machine", AuthenticationMethod = method, TlsClientCertificateBoundAccessTokens = isBound, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
                TlsClientAuthSubjectDn = method == "tls_client_auth" ? "CN=orders" : null,
                Jwks = method switch
                {
                    "private_key_jwt" => new CallerKey().Jwks(),
                    "tls_client_auth" => null,
                    _ => CertificateJwk.Set(CertificateJwk.Of(TestAuthority.SelfSigned())),
                },
            });
        });
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync(Path));
        string.Join(' ', document.RootElement.GetProperty("token_endpoint_auth_methods_supported").EnumerateArray().Select(e => e.GetString())).ShouldBe(methods);
        document.RootElement.TryGetProperty("tls_client_certificate_bound_access_tokens", out JsonElement bound).ShouldBe(publishesBinding);
        if (publishesBinding)
            bound.GetBoolean().ShouldBeTrue();
        document.RootElement.TryGetProperty("mtls_endpoint_aliases", out _).ShouldBeFalse();
    }

    // MTLS-34: in every document, and each member works.
    [Theory]
    [InlineData(Path)]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Publishes_aliases_that_answer(string path)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.MutualTls.EndpointAlias = "https://mtls.id.example/tenant/");
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync(path));
        JsonElement aliases = document.RootElement.GetProperty("mtls_endpoint_aliases");
        // MTLS-36: every endpoint that clients call themselves has one, and nothing else.
        foreach (JsonProperty alias in aliases.EnumerateObject())
            alias.Value.GetString().ShouldBe(document.RootElement.GetProperty(alias.Name).GetString()!.Replace("https://id.example/", "https://mtls.id.example/tenant/"));
        aliases.EnumerateObject().Select(alias => alias.Name).ShouldBe(["token_endpoint", "introspection_endpoint", "revocation_endpoint"], ignoreOrder: true);
        (await issuer.SendAsync(new FormUrlEncodedContent(issuer.Form()), path: aliases.GetProperty("token_endpoint").GetString()!)).ShouldBeToken();
        foreach (string name in new[] { "introspection_endpoint", "revocation_endpoint" })
        {
            TokenAnswer answer = await issuer.SendAsync(new FormUrlEncodedContent([new("client_id", "of-nobody"), new("token", "x")]), path: aliases.GetProperty(name).GetString()!);
            issuer.ShouldRefuse(answer, VerificationFailure.ClientAuthenticationMissing, "invalid_client");
        }
    }

    // DPOP-AS-13, AT-51
    [Fact]
    public async Task Enforces_the_algorithms_it_publishes()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => (o.Algorithms, o.AssertionAlgorithms) = (["PS256"], ["ES256", "RS256"]));
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync(Path));
        document.RootElement.GetProperty("dpop_signing_alg_values_supported").EnumerateArray().Select(e => e.GetString()).ShouldBe(["PS256"]);
        document.RootElement.GetProperty("token_endpoint_auth_signing_alg_values_supported").EnumerateArray().Select(e => e.GetString())
            .ShouldBe(["ES256", "RS256"]);
        issuer.ShouldRefuse(await issuer.AskAsync(), VerificationFailure.ProofAlgorithmNotAllowed, "invalid_dpop_proof");
    }

    // AT-14
    [Fact]
    public async Task Publishes_the_signing_key_without_its_private_part()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync("/jwks"));
        JsonElement key = document.RootElement.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        key.EnumerateObject().Select(member => member.Name).ShouldBe(["crv", "kty", "x", "y", "kid", "use", "alg"], ignoreOrder: true);
        key.GetProperty("kid").GetString()!.Length.ShouldBe(43);
        key.GetProperty("alg").GetString().ShouldBe("ES256");
    }

    [Theory]
    [InlineData(Path)]
    [InlineData("/jwks")]
    public async Task Lets_anyone_read_and_caches_keep_the_documents(string path)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        using HttpResponseMessage response = await issuer.Client.GetAsync(path);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        (await issuer.Client.PostAsync(path, null)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }
}
