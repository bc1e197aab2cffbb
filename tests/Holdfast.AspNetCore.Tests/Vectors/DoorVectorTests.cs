using System.Text.Json;
using Holdfast.Testing.Vectors;

namespace Holdfast.AspNetCore.Tests.Vectors;

/// <summary>The same files as in the core's tests, over HTTP, with the same expectations.</summary>
public sealed class DoorVectorTests(DoorVectorTests.Apis apis) : IClassFixture<DoorVectorTests.Apis>
{
    // What this door cannot be asked, and why.
    private static readonly Dictionary<string, string> Skipped = new(StringComparer.Ordinal)
    {
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
        (await api.RunAsync(vector.Now, vector.Request)).ShouldBe(vector.Outcome);
    }

    [Fact]
    public void Only_the_token_endpoint_and_what_has_a_reason_is_left_out()
    {
        int tokenEndpoint = VectorFiles.All.Values.Count(vector => vector.Policy.IsTokenEndpoint);
        Names.Count.ShouldBe(VectorFiles.All.Count - tokenEndpoint - Skipped.Count);
        Skipped.Keys.ShouldBeSubsetOf(VectorFiles.All.Keys);
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
                _started[key] = api = await VectorApi.StartAsync(vector, vector.Policy.Previous is [var first, ..] ? first.Now : vector.Now);
            return api;
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (VectorApi api in _started.Values)
                await api.DisposeAsync();
        }
    }
}
