using System.Text.Json;
using Holdfast.AspNetCore.Tests.Vectors;
using Holdfast.Testing.Vectors;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>The same files as in the core's tests, over HTTP, through a bearer scheme that was set up as RFC 9068 §4 wants it.</summary>
public sealed class BearerVectorTests(BearerVectorTests.Apis apis) : IClassFixture<BearerVectorTests.Apis>
{
    private const string Opaque = "The token is opaque, and a bearer scheme validates JWTs; TokenTests says what becomes of others.";
    private const string NotAsked = "What a token must say is the application's own set-up, and the bearer handler takes this one.";

    // What this door cannot be asked, and why.
    private static readonly Dictionary<string, string> Skipped = new(StringComparer.Ordinal)
    {
        ["rfc9449/rfc9449-7.1-protected-resource-request"] = Opaque,
        ["rfc9449/rfc9449-7.1-other-token-of-the-same-key"] = Opaque,
        ["rfc9449/rfc9449-7.1-a-minute-and-a-second-later"] = Opaque,
        ["rfc9449/rfc9449-7.1-token-bound-to-another-key"] = Opaque,
        ["rfc9449/rfc9449-7.1-at-another-resource"] = Opaque,
        ["rfc9449/rfc9449-7.2-bound-token-as-bearer"] = Opaque,
        ["rfc9449/rfc9449-9-nonce-required"] = Opaque,
        ["dpop-proof/ath-of-the-whole-field"] = Opaque,
        ["resource/token-without-sub"] = NotAsked,
        ["resource/token-without-jti"] = NotAsked,
        ["resource/token-without-iat"] = NotAsked,
        ["resource/token-without-client-id"] = NotAsked,
        ["resource/token-exp-string"] = NotAsked,
        ["resource/token-with-crit"] = NotAsked,
        ["resource/token-from-the-future"] = "The bearer handler asks no iat, only nbf.",
        ["resource/token-typ-in-capitals"] = "ValidTypes of the bearer handler are compared with case, so it refuses what RFC 9068 lets pass.",
        ["resource/issuer-keys-never-obtained"] = "The bearer handler does not tell an issuer that it cannot reach from a key that it does not know: 401.",
    };

    // The bearer handler refuses these tokens before this door is asked, with the same answer and for a reason that it words in its own way.
    private static readonly HashSet<string> NamedByTheHandler = new(StringComparer.Ordinal)
    {
        "resource/token-alg-none", "resource/token-alg-hs256", "resource/token-alg-of-another-key", "resource/token-with-tilde", "resource/token-in-other-alphabet",
        "resource/token-header-member-twice", "resource/token-with-five-parts", "resource/token-without-iss", "resource/token-without-aud",
        // Taken by the handler, and refused by this door, which cannot read its binding beyond doubt.
        "resource/token-claim-twice", "resource/token-padded", "mtls/x5t-twice",
    };

    public static TheoryData<string> Names => [.. VectorFiles.All.Values.Where(vector => !vector.Policy.IsTokenEndpoint && !Skipped.ContainsKey(vector.Name)).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Decides_as_the_vector_expects(string name)
    {
        TestVector vector = VectorFiles.All[name];
        VectorApi api = await apis.ForAsync(vector);
        foreach (VectorPrevious earlier in vector.Policy.Previous ?? [])
            (await api.RunAsync(earlier.Now, earlier.Request)).Expect.ShouldBe(earlier.Expect, "before");
        VectorOutcome outcome = await api.RunAsync(vector.Now, vector.Request);
        if (NamedByTheHandler.Contains(name))
        {
            outcome.Expect.ShouldNotBe(vector.Outcome.Expect, "it is named alike by now: take it off the list");
            outcome = outcome with { Expect = outcome.Expect == VectorOutcome.Accepted.Expect ? outcome.Expect : vector.Outcome.Expect };
        }
        outcome.ShouldBe(vector.Outcome);
    }

    [Fact]
    public void Only_the_token_endpoint_and_what_has_a_reason_is_left_out()
    {
        int tokenEndpoint = VectorFiles.All.Values.Count(vector => vector.Policy.IsTokenEndpoint);
        Names.Count.ShouldBe(VectorFiles.All.Count - tokenEndpoint - Skipped.Count);
        Skipped.Keys.Concat(NamedByTheHandler).ShouldBeSubsetOf(VectorFiles.All.Keys);
        Skipped.Values.ShouldAllBe(reason => reason.Length > 0);
    }

    /// <summary>One API for all vectors with equal policy, origin and time. What has a past has an API of its own.</summary>
    public sealed class Apis : IAsyncLifetime
    {
        private readonly Dictionary<string, VectorApi> _started = [];

        internal async Task<VectorApi> ForAsync(TestVector vector)
        {
            string key = vector.Policy.Previous is null
                ? JsonSerializer.Serialize(vector.Policy with { Origins = vector.Policy.Origins ?? [vector.Request.Origin] }) + vector.Now
                : vector.Name;
            if (!_started.TryGetValue(key, out VectorApi? api))
                _started[key] = api = await VectorApi.StartAsync(vector, vector.Policy.Previous is [var first, ..] ? first.Now : vector.Now, AddBearer);
            return api;
        }

        // What the API's team wrote: issuer, audience, type and algorithms of RFC 9068 §4, and the issuer's keys.
        private static void AddBearer(IServiceCollection services, TestVector vector)
        {
            VectorPolicy policy = vector.Policy;
            services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TimeProvider>((options, time) =>
            {
                TokenValidationParameters validation = options.TokenValidationParameters;
                (validation.ValidIssuer, validation.ValidAudience) = (policy.Issuer, policy.Audience);
                validation.ValidTypes = ["at+jwt", "application/at+jwt"];
                validation.ValidAlgorithms = ["ES256", "PS256"];
                validation.TryAllIssuerSigningKeys = false;
                validation.IssuerSigningKeys = policy.IssuerKeys is { ValueKind: JsonValueKind.Object } keys ? new JsonWebKeySet(keys.GetRawText()).GetSigningKeys() : [];
                validation.LifetimeValidator = (notBefore, expires, _, _) => IsAlive(time.GetUtcNow(), notBefore, expires);
            });
            services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer().AddSenderConstraint(options =>
            {
                options.PublicOrigins = [.. (policy.Origins ?? [vector.Request.Origin]).Select(PublicOrigin.FromString)];
                options.Mode = policy.ConstraintMode;
                options.UseClientCertificates = true;
                options.NonceMode = policy.Nonces;
                options.Algorithms = [.. policy.Algorithms ?? DPoPAlgorithms.Default];
            });
        }

        private static bool IsAlive(DateTimeOffset now, DateTime? notBefore, DateTime? expires)
        {
            TimeSpan leeway = TimeSpan.FromSeconds(10);
            if (expires is not { } end)
                throw new SecurityTokenNoExpirationException();
            if (now >= end + leeway)
                throw new SecurityTokenExpiredException { Expires = end };
            return now + leeway >= (notBefore ?? DateTime.MinValue) ? true : throw new SecurityTokenNotYetValidException { NotBefore = notBefore ?? default };
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (VectorApi api in _started.Values)
                await api.DisposeAsync();
        }
    }
}
