using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests.Load;

/// <summary>Floods of what is refused, larger than anything that is kept: the honest caller's token and records stay, and he is served.</summary>
public class FloodTests
{
    private const int TokensKept = 4;
    private const int Flood = 10 * TokensKept;

    private readonly List<AccessToken> _seen = [];

    private Task<TestApi> StartAsync(int capacity = 1_000_000, int? quota = null) => TestApi.StartAsync(new()
    {
        Options = options => options.TokenCacheCapacity = TokensKept,
        ServicesBefore = services => services.AddSingleton<IReplayStore>(provider => new EmbeddedReplayStore(
            new EmbeddedReplayStoreOptions { NoPredecessor = true, Capacity = capacity, QuotaPerKey = quota }, provider.GetRequiredService<VerifierClock>())),
        Endpoints = app => app.MapGet("/seen", (HttpContext context) => _seen.Add(context.Features.Get<IHoldfastFeature>()!.Verdict.Token!)).RequireAuthorization(),
    });

    public static TheoryData<string, Func<TestApi, string, int, Task<HttpResponseMessage>>> Kinds => new()
    {
        { "garbage", (api, _, i) => api.GetAsync("/seen", $"garbage-{i}") },
        { "a token of an invented key", (api, _, i) => api.GetAsync("/seen", Sign(api, TestKey.Es256($"invented-{i}"))) },
        { "a token under the issuer's key identifier, by another key", (api, _, i) => api.GetAsync("/seen", Sign(api, TestKey.Es256(api.Issuer.Key.Kid))) },
        { "a token of another issuer", (api, _, i) => api.GetAsync("/seen", new TestIssuer($"https://issuer-{i}.example").Token(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint)) },
        { "the honest caller's token with a proof of a fresh key", (api, token, _) =>
            api.GetAsync("/seen", token, new TestProof(TestKey.Es256(), "GET", TestApi.Url + "/seen", api.Clock.UtcNow, token)) },
        { "the honest caller's token without a proof", (api, token, _) => api.SendAsync(HttpMethod.Get, "/seen", $"DPoP {token}") },
        { "the honest caller's token as a bearer token", (api, token, _) => api.SendAsync(HttpMethod.Get, "/seen", $"Bearer {token}") },
    };

    private static string Sign(TestApi api, TestKey key) => api.Issuer.Sign(api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint), key: key);

    // DPOP-V-29, AT-35
    [Theory, MemberData(nameof(Kinds))]
    public async Task Costs_the_honest_caller_neither_his_remembered_token_nor_his_record(string what, Func<TestApi, string, int, Task<HttpResponseMessage>> hostile)
    {
        await using TestApi api = await StartAsync();
        string token = api.BoundToken();
        TestProof captured = api.Proof("GET", "/seen", token);
        (await api.GetAsync("/seen", token, captured)).StatusCode.ShouldBe(HttpStatusCode.OK);

        for (int i = 0; i < Flood; i++)
            (await hostile(api, token, i)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, what);

        (await api.GetAsync("/seen", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _seen.Count.ShouldBe(2);
        _seen[1].ShouldBeSameAs(_seen[0], "the token is verified again");
        api.Issuer.KeySetRequests.ShouldBeLessThanOrEqualTo(2);
        api.Recorded.Signals.Clear();
        (await api.GetAsync("/seen", token, captured)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Recorded.Failure.ShouldBe(VerificationFailure.ProofReplayed);
    }

    // DPOP-V-29: a quota for each key, and a live record is never dropped for a new one.
    [Fact]
    public async Task A_valid_client_that_fills_the_store_is_refused_and_nobody_else()
    {
        await using TestApi api = await StartAsync(capacity: 80, quota: 20);
        string token = api.BoundToken();
        TestProof captured = api.Proof("GET", "/seen", token);
        (await api.GetAsync("/seen", token, captured)).StatusCode.ShouldBe(HttpStatusCode.OK);
        TestKey greedy = TestKey.Es256();
        string greedyToken = api.Issuer.Token(TestApi.Url, api.Clock.UtcNow, greedy.Thumbprint, "greedy");

        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 100; i++)
            answers.Add((await api.GetAsync("/seen", greedyToken, new TestProof(greedy, "GET", TestApi.Url + "/seen", api.Clock.UtcNow, greedyToken))).StatusCode);

        answers.Count(status => status == HttpStatusCode.OK).ShouldBe(20);
        answers[20..].ShouldAllBe(status => status == HttpStatusCode.ServiceUnavailable);
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.ReplayStoreFull && signal.ClientId == "greedy");
        (await api.GetAsync("/seen", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Recorded.Signals.Clear();
        await api.GetAsync("/seen", token, captured);
        api.Recorded.Failure.ShouldBe(VerificationFailure.ProofReplayed);
    }

    // What a stranger wrote into a token is not turned into claims before its signature holds.
    [Fact]
    public async Task A_token_stuffed_with_claims_costs_no_more_than_its_length()
    {
        await using TestApi api = await StartAsync();
        string stuffed = Stuffed(api.Issuer.Url, 5_000);
        string keys = new JsonObject { ["keys"] = new JsonArray(api.Issuer.Key.PublicJwk()) }.ToJsonString();
        var verifier = new JwtAccessTokenVerifier(new FixedIssuerKeys(IssuerKeySet.Parse(keys, JwtAccessTokenPolicy.DefaultAlgorithms)), new(), new VerifierClock(api.Clock));
        var resource = new ResourceConfig { Name = "orders", Issuer = api.Issuer.Url, Audience = TestApi.Url };
        AccessTokenResult Verify() => verifier.VerifyAsync(stuffed, resource, CancellationToken.None).Result;
        Verify().TryGet(out _, out Refusal? refusal).ShouldBeFalse();
        refusal!.Failure.ShouldBe(VerificationFailure.TokenKeyUnknown);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Verify();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(6 * stuffed.Length);
    }

    private static string Stuffed(string issuer, int claims)
    {
        string payload = $$"""{"iss":"{{issuer}}","roles":[{{string.Join(',', Enumerable.Repeat("1", claims))}}]}""";
        string header = """{"typ":"at+jwt","alg":"ES256","kid":"invented"}""";
        return $"{TestKey.Encode(Encoding.UTF8.GetBytes(header))}.{TestKey.Encode(Encoding.UTF8.GetBytes(payload))}.{TestKey.Encode(new byte[64])}";
    }
}
