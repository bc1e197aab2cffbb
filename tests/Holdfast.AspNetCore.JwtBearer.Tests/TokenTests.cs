using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>The binding is read from the validated token's own payload, whatever kind of object the handler made of it; where it cannot be read, the token is refused.</summary>
public class TokenTests
{
    // DPOP-RS-01
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Reads_the_binding_whatever_kind_of_handler_and_mapping_the_application_uses(bool oldHandlers, bool mapClaims)
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.Observe(),
            Bearer = options =>
            {
                options.UseSecurityTokenValidators = oldHandlers;
                options.MapInboundClaims = mapClaims;
            },
        });

        (await api.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {api.UnboundToken()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {api.Token()}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Signals.Select(signal => signal.Failure.Failure).ShouldBe([VerificationFailure.UnboundToken, VerificationFailure.BoundTokenAsBearer]);
    }

    // DPOP-RS-01
    [Fact]
    public async Task Claims_that_the_application_removes_or_adds_change_no_binding()
    {
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.Observe(),
            Bearer = options => options.TokenValidationParameters.TransformBeforeSignatureValidation = (token, _) => token,
            Pipeline = _ => { },
        });
        // A claim whose name only looks like the binding.
        string lookalike = api.Token(toKey: false, change: claims => claims["CNF"] = new JsonObject { ["jkt"] = api.Key.Thumbprint });

        (await api.SendAsync("/orders", $"Bearer {lookalike}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-RS-01
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reads_the_binding_of_the_signed_token_within_an_encrypted_one(bool oldHandlers)
    {
        var encryption = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Constraint = options => options.Observe(),
            Bearer = options =>
            {
                options.UseSecurityTokenValidators = oldHandlers;
                options.TokenValidationParameters.TokenDecryptionKey = encryption;
            },
        });
        string Encrypted(string token) => new JsonWebTokenHandler().EncryptToken(token,
            new EncryptingCredentials(encryption, JwtConstants.DirectKeyUseAlg, SecurityAlgorithms.Aes128CbcHmacSha256));
        string bound = Encrypted(api.Token()), unbound = Encrypted(api.UnboundToken());

        bound.Split('.').Length.ShouldBe(5);
        (await api.GetAsync("/orders", bound)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {unbound}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {bound}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private sealed class OpaqueToken : SecurityToken
    {
        public override string Id => "7";
        public override string Issuer => "https://issuer.example";
        public override SecurityKey? SecurityKey => null;
        public override SecurityKey? SigningKey { get; set; }
        public override DateTime ValidFrom => DateTime.MinValue;
        public override DateTime ValidTo => DateTime.MaxValue;
    }

    private sealed class OwnHandler(Func<string, SecurityToken> read) : TokenHandler
    {
        public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters) => Task.FromResult(new TokenValidationResult
        {
            IsValid = true, SecurityToken = read(token), ClaimsIdentity = new ClaimsIdentity([new Claim("sub", "somebody")], "own"),
        });
    }

    private static BearerApiSetup With(Func<string, SecurityToken> read, SenderConstraintMode mode) => new()
    {
        Constraint = options => options.Mode = mode,
        Bearer = options =>
        {
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new OwnHandler(read));
        },
    };

    // DPOP-RS-03
    [Theory]
    [InlineData(SenderConstraintMode.Require)]
    [InlineData(SenderConstraintMode.Observe)]
    public async Task Refuses_by_name_a_token_whose_payload_nobody_can_read(SenderConstraintMode mode)
    {
        await using BearerApi api = await BearerApi.StartAsync(With(_ => new OpaqueToken(), mode));

        (await api.SendAsync("/orders", "Bearer opaque")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ConfirmationUnreadable);
        api.Recorded.Signals.Single().Seen.ShouldBe(nameof(OpaqueToken));
    }

    // DPOP-RS-03
    [Fact]
    public async Task Refuses_by_name_where_another_token_was_validated_than_the_one_presented()
    {
        var issuer = new TestIssuer();
        // A reference token that stands for a JWT: its hash is not what a proof names, and its binding was not the caller's to present.
        string referred = issuer.Token(BearerApi.Url, new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        await using BearerApi api = await BearerApi.StartAsync(With(_ => new JsonWebToken(referred), SenderConstraintMode.Observe));

        (await api.SendAsync("/orders", "Bearer reference-7")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ConfirmationUnreadable);
    }

    // DPOP-RS-01, DPOP-RS-23
    [Theory]
    [InlineData("""{"iss":"https://issuer.example","aud":"https://api.example.com","exp":1900000000,"sub":"a","cnf":{"jkt":"x"},"cnf":null}""")]
    [InlineData("""{"iss":"https://issuer.example","aud":"https://api.example.com","exp":1900000000,"sub":"a","sub":"b"}""")]
    public async Task Refuses_by_name_a_payload_that_means_different_things_to_different_readers(string payload)
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing);
        string token = api.Issuer.Key.Sign("""{"alg":"ES256","typ":"at+jwt","kid":"k1"}""", payload);

        (await api.SendAsync("/orders", $"Bearer {token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Failure.ShouldBe(VerificationFailure.ConfirmationUnreadable);
    }

    [Fact]
    public async Task Keeps_the_token_where_the_application_asked_for_it()
    {
        string? saved = null;
        await using BearerApi api = await BearerApi.StartAsync(new()
        {
            Bearer = options => options.SaveToken = true,
            Endpoints = app => app.MapGet("/saved", async (HttpContext context) => { saved = await context.GetTokenAsync("access_token"); }).RequireAuthorization(),
        });
        string token = api.Token();

        (await api.GetAsync("/saved", token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        saved.ShouldBe(token);
    }

    [Fact]
    public async Task Demands_no_more_of_a_token_than_the_application_does()
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing);
        // No sub, no client, no jti, another typ: nothing that RFC 9068 asks for, and the API never did.
        var claims = new JsonObject { ["iss"] = api.Issuer.Url, ["aud"] = BearerApi.Url, ["exp"] = api.Clock.UtcNow.AddMinutes(5).ToUnixTimeSeconds() };
        string token = api.Issuer.Sign(claims, header => header["typ"] = "JWT");

        (await api.SendAsync("/orders", $"Bearer {token}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        api.Recorded.Failure.ShouldBe(VerificationFailure.UnboundToken);
    }

    // AT-10, AT-08, AT-07
    [Theory]
    [InlineData("expired", VerificationFailure.TokenExpired)]
    [InlineData("audience", VerificationFailure.TokenAudienceWrong)]
    [InlineData("issuer", VerificationFailure.TokenIssuerWrong)]
    [InlineData("signature", VerificationFailure.TokenSignatureInvalid)]
    [InlineData("key", VerificationFailure.TokenKeyUnknown)]
    [InlineData("form", VerificationFailure.TokenMalformed)]
    public async Task Names_what_the_bearer_handler_refused_a_token_for_and_spends_no_proof(string fault, VerificationFailure expected)
    {
        await using BearerApi api = await BearerApi.StartAsync();
        string token = fault switch
        {
            "audience" => api.Token(change: claims => claims["aud"] = "https://elsewhere.example"),
            "issuer" => api.Token(change: claims => claims["iss"] = "https://other.example"),
            "signature" => api.Token() is var good ? good[..^6] + "AAAAAA" : "",
            "key" => api.Issuer.Sign(api.Issuer.Claims(BearerApi.Url, api.Clock.UtcNow, api.Key.Thumbprint), key: TestKey.Es256("another")),
            "form" => "a.b.c",
            _ => api.Token(change: claims => claims["exp"] = api.Clock.UtcNow.ToUnixTimeSeconds()),
        };

        HttpResponseMessage response = await api.GetAsync("/orders", token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("DPoP error=\"invalid_token\"");
        api.Recorded.Failure.ShouldBe(expected);
    }
}
