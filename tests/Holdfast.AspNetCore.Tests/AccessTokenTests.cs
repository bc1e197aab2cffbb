using System.Net;
using System.Text.Json.Nodes;
using Holdfast.Testing;

namespace Holdfast.AspNetCore.Tests;

public class AccessTokenTests
{
    private static async Task<VerificationFailure?> FailureOf(TestApi api, string token)
    {
        HttpResponseMessage response = await api.GetAsync("/orders", token);
        if (response.StatusCode == HttpStatusCode.OK)
            return null;
        // AT-11
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"invalid_token\"");
        return api.Recorded.Failure;
    }

    private static async Task<VerificationFailure?> FailureOf(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, Action<HoldfastOptions>? options = null)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options });
        JsonObject good = api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint);
        claims?.Invoke(good);
        return await FailureOf(api, api.Issuer.Sign(good, header));
    }

    // AT-02, AT-23
    [Theory]
    [InlineData("at+jwt", null)]
    [InlineData("AT+JWT", null)]
    [InlineData("application/at+jwt", null)]
    [InlineData("JWT", VerificationFailure.TokenTypeWrong)]
    [InlineData("dpop+jwt", VerificationFailure.TokenTypeWrong)]
    [InlineData(null, VerificationFailure.TokenTypeWrong)]
    public async Task Takes_access_tokens_by_their_type_only(string? typ, VerificationFailure? expected) =>
        (await FailureOf(header: header => { if (typ is null) header.Remove("typ"); else header["typ"] = typ; })).ShouldBe(expected);

    // AT-01, AT-16
    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("ES512")]
    public async Task Refuses_algorithms_that_are_not_on_the_list(string alg) =>
        (await FailureOf(header: header => header["alg"] = alg)).ShouldBe(VerificationFailure.TokenAlgorithmNotAllowed);

    // AT-17
    [Fact]
    public async Task Refuses_an_allowed_algorithm_that_is_not_that_of_the_key() =>
        (await FailureOf(header: header => header["alg"] = "ES384")).ShouldBe(VerificationFailure.TokenAlgorithmNotAllowed);

    // AT-07, AT-20
    [Theory]
    [InlineData("https://issuer.example/")]
    [InlineData("https://Issuer.example")]
    [InlineData("https://other.example")]
    public async Task Refuses_another_issuer_though_only_a_slash_or_case_differs(string issuer) =>
        (await FailureOf(claims => claims["iss"] = issuer)).ShouldBe(VerificationFailure.TokenIssuerWrong);

    // AT-07, AT-20
    [Fact]
    public async Task A_foreign_token_never_makes_the_keys_be_fetched()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonObject claims = api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint);
        claims["iss"] = "https://other.example";

        (await FailureOf(api, api.Issuer.Sign(claims))).ShouldBe(VerificationFailure.TokenIssuerWrong);

        api.Issuer.KeySetRequests.ShouldBe(0);
    }

    // AT-08
    [Theory]
    [InlineData("""["https://other.example","https://api.example.com"]""", null)]
    [InlineData("""["https://other.example"]""", VerificationFailure.TokenAudienceWrong)]
    [InlineData("\"https://api.example.com/\"", VerificationFailure.TokenAudienceWrong)]
    [InlineData("\"https://API.example.com\"", VerificationFailure.TokenAudienceWrong)]
    [InlineData("\"https://api.example.co\"", VerificationFailure.TokenAudienceWrong)]
    [InlineData("\"https://api.example.com https://other.example\"", VerificationFailure.TokenAudienceWrong)]
    [InlineData("[]", VerificationFailure.TokenClaimMissing)]
    [InlineData("7", VerificationFailure.TokenClaimMissing)]
    public async Task Wants_itself_among_the_audiences(string aud, VerificationFailure? expected) =>
        (await FailureOf(claims => claims["aud"] = JsonNode.Parse(aud))).ShouldBe(expected);

    // AT-03
    [Theory]
    [InlineData("iss")]
    [InlineData("exp")]
    [InlineData("aud")]
    [InlineData("sub")]
    [InlineData("client_id")]
    [InlineData("iat")]
    [InlineData("jti")]
    public async Task Refuses_a_token_that_lacks_a_claim_or_has_it_of_another_kind(string claim)
    {
        (await FailureOf(claims => claims.Remove(claim))).ShouldBe(VerificationFailure.TokenClaimMissing);
        (await FailureOf(claims => claims[claim] = true)).ShouldBe(VerificationFailure.TokenClaimMissing);
    }

    // AT-10
    [Theory]
    [InlineData(9, null)]
    [InlineData(10, VerificationFailure.TokenExpired)]
    [InlineData(11, VerificationFailure.TokenExpired)]
    public async Task Expires_at_its_end_and_a_small_leeway(int secondsPast, VerificationFailure? expected)
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonObject claims = api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint);
        claims["exp"] = api.Clock.UtcNow.AddSeconds(60).ToUnixTimeSeconds();
        string token = api.Issuer.Sign(claims);
        (await FailureOf(api, token)).ShouldBeNull();

        // Also where the token is remembered.
        api.Clock.Advance(TimeSpan.FromSeconds(60 + secondsPast));

        (await FailureOf(api, token)).ShouldBe(expected);
    }

    // AT-10
    [Theory]
    [InlineData("exp", 253_402_300_799, null)]
    [InlineData("exp", 253_402_300_800, VerificationFailure.TokenClaimMissing)]
    [InlineData("exp", 0, VerificationFailure.TokenExpired)]
    [InlineData("iat", 0, null)]
    [InlineData("nbf", 0, null)]
    [InlineData("nbf", 253_402_300_799, VerificationFailure.TokenNotYetValid)]
    public async Task Times_at_the_ends_of_the_calendar_are_times(string claim, long seconds, VerificationFailure? expected) =>
        (await FailureOf(claims => claims[claim] = seconds)).ShouldBe(expected);

    // AT-10
    [Theory]
    [InlineData("nbf", 10, null)]
    [InlineData("nbf", 11, VerificationFailure.TokenNotYetValid)]
    [InlineData("iat", 10, null)]
    [InlineData("iat", 11, VerificationFailure.TokenNotYetValid)]
    public async Task Refuses_a_token_before_its_time(string claim, int seconds, VerificationFailure? expected)
    {
        DateTimeOffset now = new ManualTimeProvider().UtcNow;
        (await FailureOf(claims => claims[claim] = now.AddSeconds(seconds).ToUnixTimeSeconds())).ShouldBe(expected);
    }

    // DPOP-RS-23
    [Theory]
    [InlineData("{}", VerificationFailure.ConfirmationMalformed)]
    [InlineData("null", VerificationFailure.ConfirmationMalformed)]
    [InlineData("\"jkt\"", VerificationFailure.ConfirmationMalformed)]
    [InlineData("""{"jkt":"short"}""", VerificationFailure.ConfirmationMalformed)]
    [InlineData("""{"kid":"k"}""", VerificationFailure.ConfirmationUnsupported)]
    [InlineData("""{"x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", VerificationFailure.UnboundTokenWithDPoP)]
    public async Task Refuses_a_binding_that_it_cannot_enforce(string cnf, VerificationFailure expected) =>
        (await FailureOf(claims => claims["cnf"] = JsonNode.Parse(cnf))).ShouldBe(expected);

    // DPOP-RS-23
    [Fact]
    public async Task Wants_the_certificate_as_well_where_a_token_is_bound_to_both() =>
        (await FailureOf(claims => claims["cnf"]!["x5t#S256"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).ShouldBe(VerificationFailure.CertificateMissing);

    // AT-09, AT-18
    [Fact]
    public async Task Refuses_a_token_whose_signature_or_content_was_changed()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestKey thief = TestKey.Es256("k1");
        JsonObject claims = api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint);

        (await FailureOf(api, api.Issuer.Sign(claims, key: thief))).ShouldBe(VerificationFailure.TokenSignatureInvalid);
    }

    // AT-22
    [Fact]
    public async Task Looks_at_no_key_that_the_token_itself_brings()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestKey thief = TestKey.Es256("thief");
        string token = api.Issuer.Sign(api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint), header =>
        {
            header["jwk"] = thief.PublicJwk();
            header["jku"] = "https://attacker.example/jwks";
        }, thief);

        (await FailureOf(api, token)).ShouldBe(VerificationFailure.TokenKeyUnknown);
    }

    // AT-24
    [Theory]
    [InlineData("abc")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    [InlineData("e31.e30.AAAA")]
    [InlineData("WzFd.e30.AAAA")]
    [InlineData("e30.e30.AA+A")]
    public async Task Confirms_the_compact_form_before_anything_else(string token)
    {
        await using TestApi api = await TestApi.StartAsync();

        VerificationFailure? failure = await FailureOf(api, token);

        failure.ShouldBe(token == "e30.e30.AAAA" ? VerificationFailure.TokenTypeWrong : VerificationFailure.TokenMalformed);
    }

    // AT-24
    [Theory]
    [InlineData("""{"typ":"at+jwt","alg":"ES256","kid":"k1","alg":"ES256"}""", null)]
    [InlineData("""{"typ":"at+jwt","alg":"ES256","kid":"k1","\u0061lg":"ES256"}""", null)]
    [InlineData("""{"typ":"at+jwt","alg":"ES256","kid":"k1","crit":["exp"]}""", null)]
    [InlineData("""{"typ":"at+jwt","alg":["ES256"],"kid":"k1"}""", null)]
    [InlineData("""{"typ":"at+jwt","alg":"ES256","kid":"\ud800"}""", null)]
    [InlineData("""{"typ":"at+jwt","alg":"ES256","kid":"k1"} x""", null)]
    [InlineData(null, """{"sub":"a","sub":"b"}""")]
    [InlineData(null, """{"cnf":{"jkt":"a"},"cn\u0066":{"jkt":"b"}}""")]
    [InlineData(null, """{"a":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""")]
    [InlineData(null, "[]")]
    [InlineData(null, "")]
    public async Task Refuses_JSON_that_two_readers_could_read_differently(string? header, string? payload)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.Issuer.Key.Sign(header ?? """{"typ":"at+jwt","alg":"ES256","kid":"k1"}""", payload ?? "{}");

        (await FailureOf(api, token)).ShouldBe(VerificationFailure.TokenMalformed);
    }

    [Fact]
    public async Task Refuses_a_token_past_the_limit()
    {
        await using TestApi api = await TestApi.StartAsync();

        (await FailureOf(api, new string('a', 16 * 1024 + 1))).ShouldBe(VerificationFailure.TokenTooLarge);
    }

    // AT-01, AT-09, AT-19
    [Theory]
    [InlineData("RS256", 2048, null)]
    [InlineData("PS256", 2048, null)]
    [InlineData("PS384", 2048, null)]
    [InlineData("RS256", 1024, VerificationFailure.TokenKeyUnknown)]
    public async Task Verifies_RSA_keys_of_a_sound_size(string alg, int bits, VerificationFailure? expected)
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Issuer.Key = TestKey.Rsa(alg, "rsa", bits);
        api.Issuer.Publish(api.Issuer.Key);

        (await FailureOf(api, api.BoundToken())).ShouldBe(expected);
    }

    // AT-19
    [Fact]
    public async Task Leaves_out_a_published_point_that_is_not_on_its_curve_and_uses_the_others()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonObject broken = TestKey.Es256("broken").PublicJwk();
        broken["x"] = TestKey.Encode(new byte[32]);
        api.Issuer.KeySetText = new JsonObject { ["keys"] = new JsonArray(broken, api.Issuer.Key.PublicJwk()) }.ToJsonString();

        (await FailureOf(api, api.BoundToken())).ShouldBeNull();
    }

    // AT-09
    [Fact]
    public async Task A_token_without_kid_is_verified_where_exactly_one_key_fits()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.Issuer.Sign(api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint), header => header.Remove("kid"));
        (await FailureOf(api, token)).ShouldBeNull();

        await using TestApi two = await TestApi.StartAsync();
        two.Issuer.Publish(two.Issuer.Key, TestKey.Es256("k2"));
        token = two.Issuer.Sign(two.Issuer.Claims(TestApi.Url, two.Clock.UtcNow, two.Key.Thumbprint), header => header.Remove("kid"));
        (await FailureOf(two, token)).ShouldBe(VerificationFailure.TokenKeyUnknown);
    }
}
