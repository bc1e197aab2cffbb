using Holdfast.AspNetCore;
using Holdfast.Testing;
using Holdfast.Testing.Vectors;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests.Vectors;

/// <summary>The vectors for the token endpoint, through the real one: each proof comes with a token request that is good otherwise.</summary>
public sealed class IssuerVectorTests
{
    // What this door cannot be asked, and why.
    private static readonly Dictionary<string, string> Skipped = new(StringComparer.Ordinal)
    {
        ["token-endpoint/token-request-without-proof"] = "recorded as binding_required here, because whether a proof is needed depends on the client",
        ["token-endpoint/token-request-empty-proof"] = "HttpClient sends no empty field; the same reader meets one over a socket in the API's door",
        ["token-endpoint/token-request-at-the-alias"] = "the issuer has no alias endpoints yet",
    };

    public static TheoryData<string> Names => [.. VectorFiles.All.Values.Where(vector => vector.Policy.IsTokenEndpoint && !Skipped.ContainsKey(vector.Name)).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Decides_as_the_vector_expects(string name)
    {
        TestVector vector = VectorFiles.All[name];
        VectorPolicy policy = vector.Policy;
        var time = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(policy.Previous is [var first, ..] ? first.Now : vector.Now));
        var observer = new Observer();
        await using IssuerHost host = await IssuerHost.StartAsync(
            options =>
            {
                options.Issuer = vector.Request.Origin;
                options.NonceMode = policy.Nonces;
                options.Algorithms = policy.Algorithms?.ToList();
            },
            services: services =>
            {
                services.AddSingleton<TimeProvider>(time).AddSingleton<IVerificationObserver>(observer);
                if (policy.ReplayStore != "memory")
                    services.AddSingleton(provider => VectorStores.Create(policy.ReplayStore, provider.GetRequiredService<VerifierClock>()));
                if (policy.NonceKey is { } key)
                {
                    services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.AuthorizationServer,
                        (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.AuthorizationServer, Convert.FromHexString(key)));
                }
            });
        foreach (VectorPrevious earlier in policy.Previous ?? [])
            (await RunAsync(host, time, observer, earlier.Now, earlier.Request)).Expect.ShouldBe(earlier.Expect, "before");
        (await RunAsync(host, time, observer, vector.Now, vector.Request)).ShouldBe(vector.Outcome);
    }

    [Fact]
    public void Only_what_has_a_reason_is_left_out()
    {
        Skipped.Keys.ShouldBeSubsetOf(VectorFiles.All.Keys);
        Skipped.Values.ShouldAllBe(reason => reason.Length > 0);
        Names.Count.ShouldBeGreaterThan(20);
    }

    private static async Task<VectorOutcome> RunAsync(IssuerHost host, ManualTimeProvider time, Observer observer, long now, VectorRequest request)
    {
        time.UtcNow = DateTimeOffset.FromUnixTimeSeconds(now);
        observer.Last = null;
        string assertion = host.Key.Assertion(IssuerHost.ClientId, request.Origin, time.UtcNow);
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Url) { Content = new FormUrlEncodedContent(host.Form(assertion)) };
        FieldLines proofs = request.Field("DPoP");
        for (int i = 0; i < proofs.Count; i++)
            message.Headers.TryAddWithoutValidation("DPoP", proofs[i]);
        using HttpResponseMessage response = await host.Client.SendAsync(message);
        TokenAnswer answer = await TokenAnswer.ReadAsync(response);
        if (answer.Token is not null)
        {
            observer.Last.ShouldBeNull();
            answer.Member("token_type").ShouldBe("DPoP");
            return VectorOutcome.Accepted;
        }
        if (answer.Error == "use_dpop_nonce")
            answer.Nonce.ShouldNotBeNullOrEmpty();
        return new VectorOutcome(observer.Last.ShouldNotBeNull().Failure.Name, answer.Error, (int)answer.Status);
    }

    private sealed class Observer : IVerificationObserver
    {
        public VerificationSignal? Last { get; set; }

        public void Observed(VerificationSignal signal) => Last = signal;
    }
}
