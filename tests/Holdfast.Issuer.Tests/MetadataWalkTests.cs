using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>Walks through every member of the metadata and tries whether the issuer does what it says (AT-51). A member that nothing tries fails the walk.</summary>
public class MetadataWalkTests
{
    private static readonly string[] Methods = ["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth", "none", "client_secret_basic", "client_secret_post"];
    private static readonly string[] Algorithms = ["ES256", "ES384", "PS256", "PS384", "RS256"];
    private static readonly string[] Grants = ["client_credentials", "authorization_code", "refresh_token", "password", "urn:ietf:params:oauth:grant-type:device_code", "implicit"];

    private static readonly TestAuthority Authority = TestAuthority.Root();
    private static readonly X509Certificate2 Issued = Authority.Issue();
    private static readonly X509Certificate2 SelfSigned = TestAuthority.SelfSigned();
    private static readonly Dictionary<string, TestKey> Keys = Algorithms.ToDictionary(alg => alg, alg => alg switch { "ES256" => TestKey.Es256(alg), "ES384" => TestKey.Es384(alg), _ => TestKey.Rsa(alg, alg) });

    private static void Everything(HoldfastIssuerOptions o)
    {
        o.AllowClientSecrets = true;
        o.MutualTls.EndpointAlias = "https://mtls.id.example";
        o.MutualTls.TrustedCertificateAuthorities.Add(Authority.Pem);
        foreach (string method in Methods)
        {
            bool isPublic = method == "none";
            o.Clients.Add(new()
            {
                ClientId = $"by-{method}", AuthenticationMethod = method, Scopes = ["orders.read"], Resources = [IssuerHost.Orders], Introspects = isPublic ? [] : [IssuerHost.Orders],
                GrantTypes = isPublic ? ["authorization_code", "refresh_token"] : null, RedirectUris = isPublic ? ["https://app.example/done"] : [],
                Jwks = method == "private_key_jwt" ? KeySet() : method.StartsWith("self", StringComparison.Ordinal) ? CertificateJwk.Set(CertificateJwk.Of(SelfSigned)) : null,
                TlsClientAuthSubjectDn = method == "tls_client_auth" ? "CN=orders" : null,
                ClientSecretSha256 = method.StartsWith("client_secret", StringComparison.Ordinal) ? IssuerHost.HashOf(IssuerHost.Secret) : null,
            });
        }
        o.Clients[0].Introspects = [IssuerHost.Orders];
        o.Clients[0].Jwks = KeySet(o.Clients[0].Jwks);
        o.Clients[0].Scopes = ["orders.read", "orders.write", "orders.admin", "stock.read"];
        o.Clients[0].Resources = [IssuerHost.Orders, "https://stock.example/v1"];
    }

    private static string KeySet(string? more = null) => new JsonObject
    {
        ["keys"] = new JsonArray([.. Keys.Values.Select(Registered), .. more is null ? [] : JsonNode.Parse(more)!["keys"]!.AsArray().Select(key => key!.DeepClone())]),
    }.ToJsonString();

    // One whose algorithm is not listed could not be registered with it.
    private static JsonObject Registered(TestKey key)
    {
        JsonObject jwk = key.PublicJwk();
        if (key.Alg == "RS256")
            jwk.Remove("alg");
        return jwk;
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Does_what_it_says_with_everything_on(string path)
    {
        await using CodeHost host = await CodeHost.StartAsync(Everything);
        await WalkAsync(host, host.Issuer, path);
    }

    [Fact]
    public async Task Does_what_it_says_as_it_comes()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
        {
            o.Clients[0].Introspects = [IssuerHost.Orders];
            o.Clients[0].Jwks = KeySet(o.Clients[0].Jwks);
            (o.Clients[0].Scopes, o.Clients[0].Resources) = (["orders.read", "orders.write", "orders.admin", "stock.read"], [IssuerHost.Orders, "https://stock.example/v1"]);
        });
        await WalkAsync(null, issuer, "/.well-known/oauth-authorization-server");
    }

    private static async Task WalkAsync(CodeHost? people, IssuerHost issuer, string path)
    {
        using JsonDocument document = JsonDocument.Parse(await issuer.Client.GetStringAsync(path));
        JsonElement metadata = document.RootElement;
        foreach (JsonProperty member in metadata.EnumerateObject())
            await TryAsync(people, issuer, metadata, member.Name, member.Value);
        // And what it does not say is not so.
        if (people is null)
        {
            (await issuer.Client.GetAsync("/authorize")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await issuer.PostAsync("/par", ("client_id", IssuerHost.ClientId))).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    private static Task TryAsync(CodeHost? people, IssuerHost issuer, JsonElement metadata, string name, JsonElement value) => name switch
    {
        "issuer" => IssuerIsTheAudience(issuer, value.GetString()!),
        "token_endpoint" or "introspection_endpoint" or "revocation_endpoint" or "pushed_authorization_request_endpoint" => EndpointAnswers(issuer, value.GetString()!),
        "authorization_endpoint" => Equal(people!.AuthorizeAsync(people.Request()).ContinueWith(page => (page.Result.IsConsent, new Uri(value.GetString()!).AbsolutePath), TaskScheduler.Default), (true, "/authorize")),
        "jwks_uri" => KeysVerify(issuer, value.GetString()!),
        "scopes_supported" => ScopesAreGiven(issuer, people, Texts(value)),
        "response_types_supported" => ResponseTypesWork(people, Texts(value)),
        "response_modes_supported" => ResponseModesWork(people!, Texts(value)),
        "grant_types_supported" => GrantTypesAreKnown(issuer, Texts(value)),
        "token_endpoint_auth_methods_supported" => MethodsWork(issuer, "/token", Texts(value)),
        "introspection_endpoint_auth_methods_supported" => MethodsWork(issuer, "/introspect", Texts(value)),
        "revocation_endpoint_auth_methods_supported" => MethodsWork(issuer, "/revoke", Texts(value)),
        "token_endpoint_auth_signing_alg_values_supported" => AssertionAlgorithmsWork(issuer, "/token", Texts(value)),
        "introspection_endpoint_auth_signing_alg_values_supported" => AssertionAlgorithmsWork(issuer, "/introspect", Texts(value)),
        "revocation_endpoint_auth_signing_alg_values_supported" => AssertionAlgorithmsWork(issuer, "/revoke", Texts(value)),
        "dpop_signing_alg_values_supported" => ProofAlgorithmsWork(issuer, Texts(value)),
        "tls_client_certificate_bound_access_tokens" => CertificatesBind(issuer, value.GetBoolean()),
        "mtls_endpoint_aliases" => AliasesAnswer(issuer, metadata, value),
        "protected_resources" => ResourcesAreAudiences(issuer, Texts(value)),
        "code_challenge_methods_supported" => ChallengeMethodsWork(people!, Texts(value)),
        "authorization_response_iss_parameter_supported" => IssIsThere(people!, value.GetBoolean()),
        "prompt_values_supported" => PromptsAreKnown(people!, Texts(value)),
        "subject_types_supported" => SubjectsArePublic(people!, Texts(value)),
        "id_token_signing_alg_values_supported" => IdTokensAreSigned(people!, Texts(value)),
        "request_uri_parameter_supported" => RequestUrisAreRefused(people!, value.GetBoolean()),
        "require_pushed_authorization_requests" => throw new NotSupportedException("not in these hosts"),
        _ => throw new InvalidOperationException($"Nothing tries whether {name} is true."),
    };

    private static string[] Texts(JsonElement value) => [.. value.EnumerateArray().Select(element => element.GetString()!)];

    private static async Task Equal<T>(Task<T> actual, T expected) => (await actual).ShouldBe(expected);

    private static async Task IssuerIsTheAudience(IssuerHost issuer, string value)
    {
        string Assertion(string audience) => issuer.Key.Assertion(IssuerHost.ClientId, audience, issuer.Clock.UtcNow);
        string token = (await issuer.AskAsync(form: issuer.Form(Assertion(value), ("resource", IssuerHost.Orders)))).ShouldBeToken();
        CallerKey.Payload(token).GetProperty("iss").GetString().ShouldBe(value);
        (await issuer.AskAsync(form: issuer.Form(Assertion(value + "x"), ("resource", IssuerHost.Orders)))).Token.ShouldBeNull();
    }

    private static async Task EndpointAnswers(IssuerHost issuer, string url)
    {
        issuer.ShouldRefuse(await issuer.PostAsync(url, ("client_id", "of-nobody"), ("grant_type", "client_credentials"), ("token", "x")), VerificationFailure.ClientAuthenticationMissing, "invalid_client");
        (await issuer.Client.GetAsync(url)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, url);
    }

    private static async Task KeysVerify(IssuerHost issuer, string url)
    {
        using JsonDocument keys = JsonDocument.Parse(await issuer.Client.GetStringAsync(url));
        JsonElement header = CallerKey.Header((await issuer.AskAsync(form: issuer.Form(changes: ("resource", IssuerHost.Orders)))).ShouldBeToken());
        keys.RootElement.GetProperty("keys").EnumerateArray().ShouldContain(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString()
            && key.GetProperty("alg").GetString() == header.GetProperty("alg").GetString());
    }

    private static async Task ScopesAreGiven(IssuerHost issuer, CodeHost? people, string[] scopes)
    {
        foreach (string scope in scopes.Where(scope => scope != "openid"))
        {
            string resource = scope.StartsWith("stock", StringComparison.Ordinal) ? "https://stock.example/v1" : IssuerHost.Orders;
            (await issuer.AskAsync(form: issuer.Form(changes: [("scope", scope), ("resource", resource)]))).Member("scope").ShouldBe(scope);
        }
        scopes.Contains("openid").ShouldBe(people is not null);
        (await issuer.AskAsync(form: issuer.Form(changes: [("scope", "unlisted"), ("resource", IssuerHost.Orders)]))).Error.ShouldBe("invalid_scope");
    }

    private static async Task ResponseTypesWork(CodeHost? people, string[] types)
    {
        if (people is null)
        {
            types.ShouldBeEmpty();
            return;
        }
        types.ShouldBe(["code"]);
        (await people.CodeAsync()).ShouldNotBeNullOrEmpty();
        foreach (string type in new[] { "token", "id_token", "code token" })
            (await people.AuthorizeAsync(people.Request(("response_type", type)))).Query("error").ShouldBe("unsupported_response_type");
    }

    private static async Task ResponseModesWork(CodeHost people, string[] modes)
    {
        foreach (string mode in new[] { "query", "fragment", "form_post" })
        {
            BrowserAnswer answer = await people.AuthorizeAsync(people.Request(("response_mode", mode)));
            (answer.IsConsent || answer.Query("code") is not null).ShouldBe(modes.Contains(mode), mode);
        }
    }

    private static async Task GrantTypesAreKnown(IssuerHost issuer, string[] grants)
    {
        foreach (string grant in Grants)
        {
            TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(changes: [("grant_type", grant), ("resource", IssuerHost.Orders)]));
            // This client may only use one of them; what nobody could use is not known.
            if (grant == "client_credentials")
                answer.ShouldBeToken();
            else if (grant != "refresh_token" || grants.Contains(grant))
                answer.Error.ShouldBe(grants.Contains(grant) ? "unauthorized_client" : "unsupported_grant_type", grant);
        }
    }

    private static async Task MethodsWork(IssuerHost issuer, string path, string[] methods)
    {
        string token = (await issuer.AskAsync(form: issuer.Form(changes: [("resource", IssuerHost.Orders)]))).ShouldBeToken();
        foreach (string method in Methods)
        {
            TokenAnswer answer = await ByMethodAsync(issuer, path, method, path == "/token" ? ("grant_type", method == "none" ? "refresh_token" : "client_credentials") : ("token", token));
            // Whoever is known gets further: to a token, an answer, or to being told that it is not his to ask.
            bool isAuthenticated = answer.Error != "invalid_client";
            bool isListed = methods.Contains(method);
            if (path == "/introspect" && method == "none")
                (answer.Status == HttpStatusCode.OK).ShouldBeFalse();
            else
                isAuthenticated.ShouldBe(isListed, $"{method} at {path}");
            if (isListed && path == "/token" && method != "none")
                answer.ShouldBeToken();
            if (isListed && path == "/introspect")
                answer.Body.GetProperty("active").GetBoolean().ShouldBeTrue(method);
        }
    }

    private static async Task<TokenAnswer> ByMethodAsync(IssuerHost issuer, string path, string method, (string, string) more)
    {
        string clientId = $"by-{method}";
        issuer.Certificate = method switch { "tls_client_auth" => Issued, "self_signed_tls_client_auth" => SelfSigned, _ => null };
        // A host without such a client: the one that it has tries the method.
        List<(string, string)> form = [more];
        if (method == "private_key_jwt")
            form.AddRange(issuer.Asserted(issuer.Key, IssuerHost.ClientId));
        else if (method != "client_secret_basic")
            form.Add(("client_id", clientId));
        if (method == "private_key_jwt" && path == "/token")
            form.Add(("resource", IssuerHost.Orders));
        if (method == "client_secret_post")
            form.Add(("client_secret", IssuerHost.Secret));
        AuthenticationHeaderValue? field = method == "client_secret_basic" ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{IssuerHost.Secret}"))) : null;
        TokenAnswer answer = await issuer.SendAsync(PublicApp.Form([.. form]), path == "/token" ? null : "", field, path);
        issuer.Certificate = null;
        return answer;
    }

    private static (string, string)[] Asserted(IssuerHost issuer, TestKey key, string clientId)
    {
        long now = issuer.Clock.UtcNow.ToUnixTimeSeconds();
        string jti = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        return [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", key.Sign($$"""{"alg":"{{key.Alg}}","kid":"{{key.Kid}}"}""",
            $$"""{"iss":"{{clientId}}","sub":"{{clientId}}","aud":"{{IssuerHost.Issuer}}","jti":"{{jti}}","iat":{{now}},"exp":{{now + 60}}}"""))];
    }

    private static async Task AssertionAlgorithmsWork(IssuerHost issuer, string path, string[] algorithms)
    {
        foreach (string alg in Algorithms)
        {
            TokenAnswer answer = await issuer.SendAsync(PublicApp.Form([.. Asserted(issuer, Keys[alg], IssuerHost.ClientId), ("token", "x"), ("grant_type", "client_credentials"), ("resource", IssuerHost.Orders)]),
                path == "/token" ? null : "", path: path);
            (answer.Error != "invalid_client").ShouldBe(algorithms.Contains(alg), $"{alg} at {path}");
        }
        algorithms.Except(Algorithms).ShouldBeEmpty();
    }

    private static async Task ProofAlgorithmsWork(IssuerHost issuer, string[] algorithms)
    {
        foreach (string alg in Algorithms)
        {
            string proof = new TestProof(Keys[alg], "POST", IssuerHost.TokenEndpoint, issuer.Clock.UtcNow).Sign();
            TokenAnswer answer = await issuer.AskAsync(proof, issuer.Form(changes: [("resource", IssuerHost.Orders)]));
            (answer.Token is not null).ShouldBe(algorithms.Contains(alg), alg);
        }
        algorithms.Except(Algorithms).ShouldBeEmpty();
    }

    private static async Task CertificatesBind(IssuerHost issuer, bool value)
    {
        value.ShouldBeTrue();
        TokenAnswer answer = await issuer.AskWithAsync(Issued, "by-tls_client_auth");
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(issuer.X5tS256);
        issuer.Certificate = null;
    }

    private static async Task AliasesAnswer(IssuerHost issuer, JsonElement metadata, JsonElement aliases)
    {
        aliases.EnumerateObject().Select(alias => alias.Name).ShouldBe(
            ["token_endpoint", "introspection_endpoint", "revocation_endpoint", "pushed_authorization_request_endpoint"], ignoreOrder: true);
        foreach (JsonProperty alias in aliases.EnumerateObject())
        {
            metadata.TryGetProperty(alias.Name, out _).ShouldBeTrue(alias.Name);
            await EndpointAnswers(issuer, alias.Value.GetString()!);
        }
        // DPOP-AS-40: a proof may name the alias.
        string token = aliases.GetProperty("token_endpoint").GetString()!;
        (await issuer.SendAsync(PublicApp.Form([.. issuer.Form(changes: [("resource", IssuerHost.Orders)]).Select(pair => (pair.Key, pair.Value))]),
            issuer.Key.Proof(token, issuer.Clock.UtcNow), path: token)).ShouldBeToken();
    }

    private static async Task ResourcesAreAudiences(IssuerHost issuer, string[] resources)
    {
        foreach (string resource in resources)
            CallerKey.Payload((await issuer.AskAsync(form: issuer.Form(changes: [("resource", resource)]))).ShouldBeToken()).GetProperty("aud").GetString().ShouldBe(resource);
        (await issuer.AskAsync(form: issuer.Form(changes: [("resource", "https://unlisted.example")]))).Error.ShouldBe("invalid_target");
    }

    private static async Task ChallengeMethodsWork(CodeHost people, string[] methods)
    {
        methods.ShouldBe(["S256"]);
        (await people.RedeemAsync(await people.CodeAsync())).ShouldBeToken();
        (await people.AuthorizeAsync(people.Request(("code_challenge_method", "plain"), ("code_challenge", people.Verifier)))).Query("error").ShouldBe("invalid_request");
        (await people.AuthorizeAsync(people.Request(("code_challenge", null)))).Query("error").ShouldBe("invalid_request");
    }

    private static async Task IssIsThere(CodeHost people, bool value)
    {
        value.ShouldBeTrue();
        BrowserAnswer answer = await people.AuthorizeAsync(people.Request());
        (answer.IsConsent ? await people.DecideAsync(answer) : answer).Query("iss").ShouldBe(IssuerHost.Issuer);
    }

    private static async Task PromptsAreKnown(CodeHost people, string[] prompts)
    {
        prompts.ShouldBe(["none", "login", "consent", "select_account"], ignoreOrder: true);
        await people.CodeAsync();
        (await people.AuthorizeAsync(people.Request(("prompt", "none")))).Query("code").ShouldNotBeNull();
        (await people.AuthorizeAsync(people.Request(("prompt", "consent")))).IsConsent.ShouldBeTrue();
        foreach (string prompt in new[] { "login", "select_account" })
            (await people.AuthorizeAsync(people.Request(("prompt", prompt)))).Location.ShouldNotBeNull().ShouldContain(prompt);
        (await people.AuthorizeAsync(people.Request(("prompt", "unlisted")))).Query("code").ShouldBeNull();
    }

    private static async Task<string> IdTokenAsync(CodeHost people) => (await people.RedeemAsync(await people.CodeAsync())).Member("id_token").ShouldNotBeNull();

    private static async Task SubjectsArePublic(CodeHost people, string[] types)
    {
        types.ShouldBe(["public"]);
        CallerKey.Payload(await IdTokenAsync(people)).GetProperty("sub").GetString().ShouldBe(people.User);
    }

    private static async Task IdTokensAreSigned(CodeHost people, string[] algorithms) =>
        algorithms.ShouldContain(CallerKey.Header(await IdTokenAsync(people)).GetProperty("alg").GetString()!);

    // OpenID Connect Core §6.2: by reference to somewhere else. Those of RFC 9126 are of this server itself.
    private static async Task RequestUrisAreRefused(CodeHost people, bool value)
    {
        value.ShouldBeFalse();
        (await people.AuthorizePushedAsync("https://shop.example/request.jwt", CodeHost.Shop)).Query("code").ShouldBeNull();
        (await people.AuthorizePushedAsync(await people.PushedAsync())).Status.ShouldNotBe(HttpStatusCode.BadRequest);
    }
}
