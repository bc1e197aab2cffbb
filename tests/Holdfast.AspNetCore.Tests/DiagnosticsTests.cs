using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.AspNetCore.Tests.Certificates;
using Holdfast.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests;

public class DiagnosticsTests
{
    private const string Path = HoldfastDefaults.DiagnosticsPath;

    private static Task<TestApi> StartAsync(Action<HoldfastOptions>? options = null, Action<WebApplication>? map = null, Action<IServiceCollection>? services = null) =>
        TestApi.StartAsync(new() { Kestrel = true, Options = options, Services = services, Endpoints = map ?? (app => app.MapHoldfastDiagnostics()) });

    private static string Token(TestApi api, string? jkt, string scope = "orders.read holdfast:diagnose", int lifetime = 300)
    {
        JsonObject claims = api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, jkt);
        claims["scope"] = scope;
        claims["exp"] = api.Clock.UtcNow.AddSeconds(lifetime).ToUnixTimeSeconds();
        return api.Issuer.Sign(claims);
    }

    private static Task<string> CallAsync(TestApi api, string token, params string[] lines) =>
        RawHttp.SendAsync(api.Port, $"GET {Path}?x=1 HTTP/1.1", [$"Authorization: DPoP {token}", .. lines]);

    private static string Body(string answer) => answer.Split("\r\n\r\n", 2)[1];

    private static JsonElement Json(string answer)
    {
        string body = Body(answer);
        return JsonDocument.Parse(body[body.IndexOf('{')..(body.LastIndexOf('}') + 1)]).RootElement;
    }

    // DPOP-V-21
    [Fact]
    public async Task Tells_a_caller_with_the_scope_how_its_request_arrived()
    {
        await using TestApi api = await StartAsync(options => options.PublicOrigins = [TestApi.Url, "https://api.example.net/svc"]);
        string token = Token(api, api.Key.Thumbprint), proof = api.Proof("GET", Path, token).Sign();

        string answer = await CallAsync(api, token, $"DPoP: {proof}", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Host: api.example.com", "Forwarded: for=secret-host", "Cookie: session=secret");

        RawHttp.Status(answer).ShouldBe(200);
        answer.ShouldContain("Cache-Control: no-store");
        JsonElement told = Json(answer);
        told.GetProperty("accepted").GetBoolean().ShouldBeTrue();
        told.GetProperty("server_time").GetDateTimeOffset().ShouldBe(api.Clock.UtcNow);
        told.GetProperty("request").GetProperty("method").GetString().ShouldBe("GET");
        told.GetProperty("request").GetProperty("raw_target").GetString().ShouldBe(Path + "?x=1");
        told.GetProperty("request").GetProperty("host").GetString().ShouldBe("attacker.example");
        told.GetProperty("public_urls").EnumerateArray().Select(url => url.GetString()).ShouldBe([TestApi.Url + Path, "https://api.example.net/svc" + Path]);
        JsonElement line = told.GetProperty("dpop").EnumerateArray().ShouldHaveSingleItem();
        line.GetProperty("length").GetInt32().ShouldBe(proof.Length);
        line.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(proof))));
        told.GetProperty("authorization_schemes").EnumerateArray().Select(scheme => scheme.GetString()).ShouldBe(["DPoP"]);
        told.GetProperty("bound_by").EnumerateArray().Select(member => member.GetString()).ShouldBe(["jkt"]);
        told.GetProperty("peer").GetString().ShouldBe("127.0.0.1");
        told.GetProperty("proxy").ValueKind.ShouldBe(JsonValueKind.Null);
        told.GetProperty("certificate").ValueKind.ShouldBe(JsonValueKind.Null);
        told.GetProperty("nonce_mode").GetString().ShouldBe("on-demand");
        told.GetProperty("forwarded_fields").EnumerateArray().Select(field => field.ToString()).ShouldBe(
            ["""{"name":"X-Forwarded-For","lines":["192.0.2.7"]}""", """{"name":"X-Forwarded-Host","lines":["api.example.com"]}""", """{"name":"Forwarded","lines":null}"""], ignoreOrder: true);
        Body(answer).ShouldNotContain(token);
        Body(answer).ShouldNotContain(proof);
        Body(answer).ShouldNotContain("secret");
    }

    // FWD-09, FWD-20
    [Fact]
    public async Task Tells_which_certificate_came_and_by_which_way_and_what_was_dropped()
    {
        using X509Certificate2 certificate = TestCertificates.SelfSigned();
        await using ProxiedApi api = await ProxiedApi.StartAsync(endpoints: app => app.MapHoldfastDiagnostics());
        JsonObject claims = api.Api.Issuer.Claims(TestApi.Url, api.Api.Clock.UtcNow);
        claims["scope"] = "holdfast:diagnose";
        claims["cnf"] = new JsonObject { ["x5t#S256"] = TestCertificates.Thumbprint(certificate) };
        string token = api.Api.Issuer.Sign(claims);
        string[] lines = [$"Authorization: Bearer {token}", "Client_Cert: forged", "X-Forwarded-Tls-Client-Cert-Info: subject"];

        JsonElement forwarded = Json(await RawHttp.SendAsync(new IPEndPoint(IPAddress.Loopback, api.ProxyPort), null, $"GET {Path} HTTP/1.0",
            [.. lines, ProxiedApi.SecretLine, .. ForwardedLines.Of("rfc9440", certificate)]));
        using HttpClient client = TlsClient.Create($"https://127.0.0.1:{api.TlsPort}", certificate, HttpVersion.Version20);
        JsonElement direct = JsonDocument.Parse(await (await client.GetAsync(Path, $"Bearer {token}")).Content.ReadAsStringAsync()).RootElement;

        forwarded.GetProperty("bound_by").ToString().ShouldBe("""["x5t#S256"]""");
        forwarded.GetProperty("certificate").GetProperty("x5t#S256").GetString().ShouldBe(TestCertificates.Thumbprint(certificate));
        forwarded.GetProperty("certificate").GetProperty("forwarded").GetBoolean().ShouldBeTrue();
        forwarded.GetProperty("proxy").GetProperty("trusted").GetBoolean().ShouldBeTrue();
        forwarded.GetProperty("proxy").GetProperty("format").GetString().ShouldBe("rfc9440");
        forwarded.GetProperty("dropped_certificate_fields").ToString().ShouldBe("""["Client_Cert"]""");
        forwarded.GetProperty("forwarded_fields").ToString().ShouldBe("""[{"name":"X-Forwarded-Tls-Client-Cert-Info","lines":null}]""");
        forwarded.ToString().ShouldNotContain(ProxiedApi.Secret);
        direct.GetProperty("certificate").GetProperty("forwarded").GetBoolean().ShouldBeFalse();
        direct.GetProperty("request").GetProperty("protocol").GetString().ShouldBe("HTTP/2");
        direct.GetProperty("proxy").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Is_not_there_unless_it_is_mapped()
    {
        await using TestApi api = await StartAsync(map: _ => { });
        string token = Token(api, api.Key.Thumbprint);

        RawHttp.Status(await CallAsync(api, token, $"DPoP: {api.Proof("GET", Path, token)}")).ShouldBe(404);
    }

    [Theory]
    [InlineData(true, "orders.read", 403)]
    [InlineData(true, "holdfast:diagnose2 xholdfast:diagnose", 403)]
    [InlineData(true, "holdfast:diagnose", 200)]
    [InlineData(false, "holdfast:diagnose", 401)]
    public async Task Wants_a_bound_token_with_the_scope_in_observe_mode_too(bool bound, string scope, int status)
    {
        await using TestApi api = await StartAsync(options => options.Mode = SenderConstraintMode.Observe);
        string token = Token(api, bound ? api.Key.Thumbprint : null, scope);
        string[] lines = bound ? [$"Authorization: DPoP {token}", $"DPoP: {api.Proof("GET", Path, token)}"] : [$"Authorization: Bearer {token}"];

        string answer = await RawHttp.SendAsync(api.Port, $"GET {Path} HTTP/1.1", lines);

        RawHttp.Status(answer).ShouldBe(status);
        if (status != 200)
            Body(answer).ShouldBeEmpty();
    }

    // DPOP-V-21
    [Theory]
    [InlineData("https://gw.example.com/svc" + Path, "host differs")]
    [InlineData("http://api.example.com" + Path, "scheme differs")]
    [InlineData("https://api.example.com/svc" + Path, "path prefix differs")]
    public async Task Tells_the_holder_of_the_key_which_part_of_the_URL_is_not_the_public_one(string htu, string difference)
    {
        await using TestApi api = await StartAsync();
        string token = Token(api, api.Key.Thumbprint), proof = new TestProof(api.Key, "GET", htu, api.Clock.UtcNow, token).Sign();

        string answer = await CallAsync(api, token, $"DPoP: {proof}", "X-Forwarded-For: 192.0.2.7");

        RawHttp.Status(answer).ShouldBe(401);
        answer.ShouldContain("WWW-Authenticate: DPoP error=\"invalid_dpop_proof\"");
        JsonElement told = Json(answer);
        told.GetProperty("accepted").GetBoolean().ShouldBeFalse();
        told.GetProperty("failure").GetString().ShouldBe("target_mismatch");
        told.GetProperty("expected").GetString().ShouldBe(TestApi.Url + Path);
        told.GetProperty("seen").GetString().ShouldBe($"{htu} ({difference})");
        told.GetProperty("public_urls").ToString().ShouldBe($"[\"{TestApi.Url + Path}\"]");
        told.GetProperty("request").GetProperty("raw_target").GetString().ShouldBe(Path);
        told.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["server_time", "accepted", "failure", "expected", "seen", "fix", "request", "public_urls", "uses_forwarded_headers"]);
        Body(answer).ShouldNotContain("192.0.2.7");
    }

    // DPOP-V-21
    [Fact]
    public async Task Tells_it_where_no_public_URL_fits_at_all()
    {
        await using TestApi api = await StartAsync(options => options.PublicOrigins = [new PublicOrigin { Url = TestApi.Url, StripPrefix = "/internal" }]);
        string token = Token(api, api.Key.Thumbprint);

        string answer = await CallAsync(api, token, $"DPoP: {api.Proof("GET", Path, token)}");

        RawHttp.Status(answer).ShouldBe(400);
        Json(answer).GetProperty("failure").GetString().ShouldBe("target_unknown");
        Json(answer).GetProperty("public_urls").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Offers_the_nonce_without_which_nothing_could_be_told()
    {
        await using TestApi api = await StartAsync(options => options.NonceMode = NonceMode.Always);
        string token = Token(api, api.Key.Thumbprint);
        string Proof(string? nonce) => "DPoP: " + new TestProof(api.Key, "GET", "https://gw.example.com" + Path, api.Clock.UtcNow, token, nonce).Sign();

        string first = await CallAsync(api, token, Proof(null));
        Body(first).ShouldBeEmpty();
        string nonce = first.Split("\r\n").Single(line => line.StartsWith("DPoP-Nonce: "))["DPoP-Nonce: ".Length..];

        Json(await CallAsync(api, token, Proof(nonce))).GetProperty("failure").GetString().ShouldBe("target_mismatch");
    }

    // What a thief tries, with the victim's token and all that travels in the open.
    [Theory]
    [InlineData("no proof")]
    [InlineData("a key of its own")]
    [InlineData("the victim's public key and no signature of it")]
    [InlineData("a proof that was used")]
    [InlineData("a proof that was used here")]
    [InlineData("a proof from an hour ago")]
    [InlineData("a proof for another token")]
    [InlineData("a proof for another method")]
    [InlineData("a token without the scope")]
    [InlineData("an expired token")]
    [InlineData("the token in the query besides")]
    public async Task Tells_a_thief_nothing(string trick)
    {
        await using TestApi api = await StartAsync();
        string token = Token(api, api.Key.Thumbprint, trick == "a token without the scope" ? "orders.read" : "holdfast:diagnose", trick == "an expired token" ? -60 : 300);
        const string elsewhere = "https://api.example.com/orders";
        TestKey thief = TestKey.Es256();
        string good = new TestProof(api.Key, "GET", elsewhere, api.Clock.UtcNow, token).Sign();
        string[] lines = trick switch
        {
            "no proof" => [],
            "a key of its own" => ["DPoP: " + new TestProof(thief, "GET", elsewhere, api.Clock.UtcNow, token).Sign()],
            "the victim's public key and no signature of it" => [$"DPoP: {good[..(good.LastIndexOf('.') + 1)]}{new TestProof(thief, "GET", elsewhere, api.Clock.UtcNow, token).Sign().Split('.')[2]}"],
            "a proof from an hour ago" => ["DPoP: " + new TestProof(api.Key, "GET", elsewhere, api.Clock.UtcNow.AddHours(-1), token).Sign()],
            "a proof for another token" => ["DPoP: " + new TestProof(api.Key, "GET", elsewhere, api.Clock.UtcNow, token + "x").Sign()],
            "a proof for another method" => ["DPoP: " + new TestProof(api.Key, "POST", elsewhere, api.Clock.UtcNow, token).Sign()],
            _ => ["DPoP: " + good],
        };
        if (trick == "a proof that was used")
            RawHttp.Status(await RawHttp.SendAsync(api.Port, "GET /orders HTTP/1.1", [$"Authorization: DPoP {token}", .. lines])).ShouldBe(200);
        if (trick == "a proof that was used here")
            Body(await CallAsync(api, token, lines)).ShouldNotBeEmpty();

        string answer = trick == "the token in the query besides"
            ? await RawHttp.SendAsync(api.Port, $"GET {Path}?access_token={token} HTTP/1.1", [$"Authorization: DPoP {token}", .. lines])
            : await CallAsync(api, token, lines);

        RawHttp.Status(answer).ShouldBeOneOf(400, 401);
        Body(answer).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fallback_policy_goes_first_unless_the_endpoint_is_left_to_itself(bool anonymous)
    {
        await using TestApi api = await StartAsync(
            services: services => services.Configure<AuthorizationOptions>(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            map: app =>
            {
                IEndpointConventionBuilder endpoint = app.MapHoldfastDiagnostics(scope: "ops");
                if (anonymous)
                    endpoint.AllowAnonymous();
            });
        string token = Token(api, api.Key.Thumbprint, "ops");

        string wrong = await CallAsync(api, token, "DPoP: " + new TestProof(api.Key, "GET", "https://gw.example.com/", api.Clock.UtcNow, token).Sign());
        string right = await CallAsync(api, token, $"DPoP: {api.Proof("GET", Path, token)}");

        RawHttp.Status(wrong).ShouldBe(401);
        (Body(wrong).Length > 0).ShouldBe(anonymous);
        RawHttp.Status(right).ShouldBe(200);
        RawHttp.Status(await RawHttp.SendAsync(api.Port, $"GET {Path} HTTP/1.1")).ShouldBe(401);
    }

    [Fact]
    public async Task Cannot_be_mapped_for_a_scheme_that_is_not_there() =>
        await Should.ThrowAsync<InvalidOperationException>(async () => await (await StartAsync(map: app => app.MapHoldfastDiagnostics(authenticationScheme: "Other"))).DisposeAsync());
}
