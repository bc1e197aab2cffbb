using System.Text.Json;
using Holdfast.Testing.Vectors;

namespace Holdfast.Guard.Tests.Vectors;

/// <summary>The same files as in the core's tests and at the API door, told by a proxy, with the same expectations.</summary>
public sealed class GuardVectorTests(GuardVectorTests.Guards guards) : IClassFixture<GuardVectorTests.Guards>
{
    // What this door answers otherwise, and why. The status and the code that the client sees are the same.
    private static readonly Dictionary<string, (string Expect, string Reason)> Otherwise = new(StringComparer.Ordinal)
    {
        ["dpop-proof/proof-twice-in-one-line"] = ("proof_repeated", "FWD-63: a proxy may have joined two fields by a comma."),
        ["dpop-proof/proof-json-serialized"] = ("proof_repeated", "FWD-63: no proof has a comma, so this is taken for two."),
    };

    public static TheoryData<string> Names => [.. VectorFiles.All.Values.Where(vector => !vector.Policy.IsTokenEndpoint).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Decides_as_the_vector_expects(string name)
    {
        TestVector vector = VectorFiles.All[name];
        VectorGuard guard = await guards.ForAsync(vector);
        foreach (VectorPrevious earlier in vector.Policy.Previous ?? [])
            (await guard.RunAsync(earlier.Now, earlier.Request)).Expect.ShouldBe(earlier.Expect, "before");
        (await guard.RunAsync(vector.Now, vector.Request)).ShouldBe(Expected(vector));
    }

    [Fact]
    public void Nothing_but_the_token_endpoint_is_left_out()
    {
        Otherwise.Keys.ShouldBeSubsetOf(VectorFiles.All.Keys);
        Names.Count.ShouldBe(VectorFiles.All.Values.Count(vector => vector.Policy.Role == "resource-server"));
    }

    private static VectorOutcome Expected(TestVector vector)
    {
        // FWD-51: whoever is not the proxy is not heard at all, where an API would go on without his fields.
        if (!vector.Policy.IsPeerTrusted)
            return new("proxy_untrusted", null, 403);
        return Otherwise.TryGetValue(vector.Name, out (string Expect, string Reason) other) ? vector.Outcome with { Expect = other.Expect } : vector.Outcome;
    }

    /// <summary>One guard for all vectors with equal policy, origin and time. What has a past has a guard of its own.</summary>
    public sealed class Guards : IAsyncLifetime
    {
        private readonly Dictionary<string, VectorGuard> _started = [];

        internal async Task<VectorGuard> ForAsync(TestVector vector)
        {
            string key = vector.Policy.Previous is null
                ? JsonSerializer.Serialize(vector.Policy) + vector.Request.Origin + vector.Now + (vector.Request.Certificate is not null)
                : vector.Name;
            if (!_started.TryGetValue(key, out VectorGuard? guard))
                _started[key] = guard = await VectorGuard.StartAsync(vector, vector.Policy.Previous is [var first, ..] ? first.Now : vector.Now);
            return guard;
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (VectorGuard guard in _started.Values)
                await guard.DisposeAsync();
        }
    }
}
