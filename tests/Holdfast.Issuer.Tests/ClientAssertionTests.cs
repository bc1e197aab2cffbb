using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Issuer.Tests;

public class ClientAssertionTests
{
    // AT-94, AT-95, FAPI-04
    public static TheoryData<string, VerificationFailure, Action<JsonObject, JsonObject>> Faults => new()
    {
        { "a proof's typ", VerificationFailure.AssertionTypeWrong, (header, _) => header["typ"] = "dpop+jwt" },
        { "a token's typ", VerificationFailure.AssertionTypeWrong, (header, _) => header["typ"] = "at+jwt" },
        { "alg none", VerificationFailure.AssertionAlgorithmNotAllowed, (header, _) => header["alg"] = "none" },
        { "alg HS256", VerificationFailure.AssertionAlgorithmNotAllowed, (header, _) => header["alg"] = "HS256" },
        { "alg of another key", VerificationFailure.AssertionSignatureInvalid, (header, _) => header["alg"] = "PS256" },
        { "crit", VerificationFailure.AssertionMalformed, (header, _) => header["crit"] = new JsonArray("exp") },
        { "no alg", VerificationFailure.AssertionMalformed, (header, _) => header.Remove("alg") },
        { "kid as number", VerificationFailure.AssertionMalformed, (header, _) => header["kid"] = 1 },
        { "no iss", VerificationFailure.AssertionMalformed, (_, payload) => payload.Remove("iss") },
        { "iss of another", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["iss"] = "another" },
        { "unknown client", VerificationFailure.ClientUnknown, (_, payload) => (payload["iss"], payload["sub"]) = ("another", "another") },
        { "client in other case", VerificationFailure.ClientUnknown, (_, payload) => (payload["iss"], payload["sub"]) = ("Orders-client", "Orders-client") },
        { "no aud", VerificationFailure.AssertionAudienceWrong, (_, payload) => payload.Remove("aud") },
        { "token endpoint with slash as aud", VerificationFailure.AssertionAudienceWrong, (_, payload) => payload["aud"] = IssuerHost.TokenEndpoint + "/" },
        { "aud with slash", VerificationFailure.AssertionAudienceWrong, (_, payload) => payload["aud"] = IssuerHost.Issuer + "/" },
        { "aud in other case", VerificationFailure.AssertionAudienceWrong, (_, payload) => payload["aud"] = IssuerHost.Issuer.ToUpperInvariant() },
        { "aud as array", VerificationFailure.AssertionAudienceWrong, (_, payload) => payload["aud"] = new JsonArray(IssuerHost.Issuer) },
        { "no jti", VerificationFailure.AssertionClaimWrong, (_, payload) => payload.Remove("jti") },
        { "empty jti", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["jti"] = "" },
        { "long jti", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["jti"] = new string('a', 257) },
        { "jti as number", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["jti"] = 7 },
        { "no iat", VerificationFailure.AssertionClaimWrong, (_, payload) => payload.Remove("iat") },
        { "no exp", VerificationFailure.AssertionClaimWrong, (_, payload) => payload.Remove("exp") },
        { "exp as text", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["exp"] = "4102444800" },
        { "negative iat", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["iat"] = -1 },
        { "enormous exp", VerificationFailure.AssertionClaimWrong, (_, payload) => payload["exp"] = 1e300 },
        { "malformed nbf", VerificationFailure.AssertionNotYetValid, (_, payload) => payload["nbf"] = "now" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Refuses_a_faulty_assertion(string fault, VerificationFailure failure, Action<JsonObject, JsonObject> change)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        fault.ShouldNotBeEmpty();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(issuer.Assertion(change))), failure, "invalid_client");
    }

    // AT-94: −1, 0 and +1 second of every boundary.
    [Theory]
    [InlineData(9, 60, null)]
    [InlineData(10, 60, null)]
    [InlineData(11, 60, VerificationFailure.AssertionNotYetValid)]
    [InlineData(0, 299, null)]
    [InlineData(0, 300, null)]
    [InlineData(0, 301, VerificationFailure.AssertionLifetimeTooLong)]
    [InlineData(-59, 60, null)]
    [InlineData(-60, 60, VerificationFailure.AssertionExpired)]
    [InlineData(-61, 60, VerificationFailure.AssertionExpired)]
    [InlineData(-299, 300, null)]
    [InlineData(-300, 300, VerificationFailure.AssertionExpired)]
    [InlineData(-301, 300, VerificationFailure.AssertionExpired)]
    [InlineData(-301, 400, VerificationFailure.AssertionLifetimeTooLong)]
    public async Task Judges_the_times_of_an_assertion(int iat, int lifetime, VerificationFailure? failure)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        long created = issuer.Clock.UtcNow.ToUnixTimeSeconds() + iat;
        TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(issuer.Assertion((_, payload) => (payload["iat"], payload["exp"]) = (created, created + lifetime))));
        if (failure is { } expected)
            issuer.ShouldRefuse(answer, expected, "invalid_client");
        else
            answer.ShouldBeToken();
    }

    // AT-94
    [Theory]
    [InlineData(9, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task Judges_nbf(int nbf, bool accepted)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        long from = issuer.Clock.UtcNow.ToUnixTimeSeconds() + nbf;
        TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(issuer.Assertion((_, payload) => payload["nbf"] = from)));
        (answer.Token is not null).ShouldBe(accepted);
    }

    // AT-94: a clock that is set back does not make an old assertion young again.
    [Fact]
    public async Task Refuses_an_expired_assertion_after_the_wall_clock_was_set_back()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string old = issuer.Assertion();
        issuer.Clock.Advance(TimeSpan.FromMinutes(2));
        (await issuer.AskAsync()).ShouldBeToken();
        issuer.Clock.StepWall(TimeSpan.FromMinutes(-2));
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(old)), VerificationFailure.AssertionExpired, "invalid_client");
    }

    // AT-94
    [Fact]
    public async Task Refuses_an_assertion_signed_with_another_key()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        var thief = new CallerKey();
        string assertion = thief.Assertion(IssuerHost.ClientId, IssuerHost.Issuer, issuer.Clock.UtcNow, (header, _) => header["jwk"] = thief.Jwk);
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(assertion)), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
    }

    // AT-94: another client's key does not speak for this client.
    [Fact]
    public async Task Refuses_an_assertion_signed_with_the_key_of_another_client()
    {
        var neighbour = new CallerKey();
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Clients.Add(
            new() { ClientId = "neighbour", Jwks = neighbour.Jwks(), Scopes = ["orders.read"], Resources = [IssuerHost.Orders] }));
        string assertion = neighbour.Assertion(IssuerHost.ClientId, IssuerHost.Issuer, issuer.Clock.UtcNow);
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(assertion)), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
    }

    // AT-94
    [Fact]
    public async Task Picks_the_key_by_kid_and_tries_all_without_one()
    {
        var first = new CallerKey();
        var second = new CallerKey();
        JsonObject Named(CallerKey key, string kid)
        {
            JsonObject jwk = key.Jwk;
            jwk["kid"] = kid;
            return jwk;
        }
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
            o.Clients[0].Jwks = new JsonObject { ["keys"] = new JsonArray(Named(first, "one"), Named(second, "two")) }.ToJsonString());
        string By(CallerKey key, string? kid) => key.Assertion(IssuerHost.ClientId, IssuerHost.Issuer, issuer.Clock.UtcNow, (header, _) => header["kid"] = kid);
        (await issuer.AskAsync(form: issuer.Form(By(first, "one")))).ShouldBeToken();
        (await issuer.AskAsync(form: issuer.Form(By(second, "two")))).ShouldBeToken();
        (await issuer.AskAsync(form: issuer.Form(second.Assertion(IssuerHost.ClientId, IssuerHost.Issuer, issuer.Clock.UtcNow)))).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(By(second, "one"))), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(By(first, "three"))), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
    }

    // AT-95: a proof is not an assertion, even where the claims are there.
    [Fact]
    public async Task Refuses_a_proof_as_assertion()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string proof = issuer.Proof(change: (_, payload) =>
        {
            (payload["iss"], payload["sub"]) = (IssuerHost.ClientId, IssuerHost.ClientId);
            payload["aud"] = IssuerHost.Issuer;
            payload["exp"] = issuer.Clock.UtcNow.ToUnixTimeSeconds() + 60;
        });
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(proof)), VerificationFailure.AssertionTypeWrong, "invalid_client");
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("application/jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData(null)]
    public async Task Accepts_the_types_that_assertions_have(string? typ)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.AskAsync(form: issuer.Form(issuer.Assertion((header, _) =>
        {
            header.Remove("typ");
            if (typ is not null)
                header["typ"] = typ;
        })))).ShouldBeToken();
    }

    public static TheoryData<string, Func<IssuerHost, string>> Malformed => new()
    {
        { "words", _ => "not an assertion" },
        { "two parts", issuer => issuer.Assertion()[..issuer.Assertion().LastIndexOf('.')] },
        { "four parts", issuer => issuer.Assertion() + ".AAAA" },
        { "padding", issuer => issuer.Assertion() + "=" },
        { "no signature", issuer => issuer.Assertion()[..(issuer.Assertion().LastIndexOf('.') + 1)] },
        { "other alphabet", issuer => issuer.Assertion().Replace('_', '/').Replace('-', '+') + "+/" },
        { "duplicate member", issuer => issuer.Key.Sign("""{"alg":"ES256"}""", """{"iss":"orders-client","iss":"orders-client","sub":"orders-client"}""") },
        { "escaped duplicate", issuer => issuer.Key.Sign("""{"alg":"ES256"}""", """{"iss":"orders-client","\u0069ss":"orders-client","sub":"orders-client"}""") },
        { "array", issuer => issuer.Key.Sign("""{"alg":"ES256"}""", "[]") },
        { "trailing text", issuer => issuer.Key.Sign("""{"alg":"ES256"}""", """{"iss":"orders-client","sub":"orders-client"} x""") },
        { "lone surrogate", issuer => issuer.Key.Sign("""{"alg":"ES256"}""", """{"iss":"\ud800","sub":"\ud800"}""") },
        { "deep JSON", issuer => issuer.Key.Sign("""{"alg":"ES256"}""", $$"""{"iss":"orders-client","sub":"orders-client","a":{{new string('[', 1000)}}{{new string(']', 1000)}}}""") },
        { "invalid UTF-8", _ => $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""{"alg":"ES256"}"""))}.{Base64Url.EncodeToString([.. "{\"iss\":\""u8, 0xFF, .. "\"}"u8])}.AAAA" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Refuses_a_malformed_assertion(string fault, Func<IssuerHost, string> make)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        fault.ShouldNotBeEmpty();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(make(issuer))), VerificationFailure.AssertionMalformed, "invalid_client");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(256)]
    public async Task Refuses_a_signature_of_another_length(int length)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string assertion = issuer.Assertion();
        string altered = assertion[..(assertion.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(new byte[length]);
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(altered)), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
    }

    // RFC 7521 §4.2
    [Fact]
    public async Task Takes_a_client_id_that_agrees_and_refuses_one_that_does_not()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.AskAsync(form: issuer.Form(null, ("client_id", IssuerHost.ClientId)))).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(null, ("client_id", "another"))), VerificationFailure.AssertionClaimWrong, "invalid_client");
    }

    [Fact]
    public async Task Refuses_an_assertion_of_another_kind()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(null, ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"))),
            VerificationFailure.ClientMethodNotAllowed, "invalid_client");
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(null, ("client_assertion_type", null))), VerificationFailure.ClientMethodNotAllowed, "invalid_client");
    }
}
