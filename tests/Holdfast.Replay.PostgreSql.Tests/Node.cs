using Holdfast.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>A node as far as replay is concerned: a store, its nonces, its clock.</summary>
internal sealed class Node : IAsyncDisposable
{
    private Node(PostgreSqlReplayOptions options, TimeProvider time, ListLogger log)
    {
        Clock = new(time);
        Log = log;
        Store = new(Options.Create(options), Clock, log);
        Nonces = new Internal.PostgreSqlReplayNonces(Store, VerifierRole.ResourceServer, Clock);
    }

    public VerifierClock Clock { get; }
    public ListLogger Log { get; }
    public PostgreSqlReplayStore Store { get; }
    public IDPoPNonces Nonces { get; }

    /// <summary>One that has been started and may not have reached its database.</summary>
    public static Node Start(string connectionString, Action<PostgreSqlReplayOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new PostgreSqlReplayOptions { ConnectionString = connectionString, Connections = 1 };
        // A time that the test moves is told to the database a moment after, and nobody may look in between.
        if (time is not null)
            options.HouseInterval = TimeSpan.FromHours(1);
        configure?.Invoke(options);
        new PostgreSqlReplayOptionsValidator().Validate(null, options).Succeeded.ShouldBeTrue();
        return new(options, time ?? TimeProvider.System, new ListLogger());
    }

    /// <summary>One that works.</summary>
    public static async Task<Node> StartedAsync(string connectionString, Action<PostgreSqlReplayOptions>? configure = null, TimeProvider? time = null)
    {
        Node node = Start(connectionString, configure, time);
        await node.AvailableAsync();
        return node;
    }

    public Task AvailableAsync() => Eventually.IsSoAsync(() => Store.IsAvailable, () => $"The store does not become available: {Store.WhyNotReady}");

    public Task UnavailableAsync() => Eventually.IsSoAsync(() => !Store.IsAvailable, () => "The store stays available.");

    public async Task<ReplayResult> AddAsync(ReplayRecord record) => await Store.TryAddAsync(record, CancellationToken.None);

    /// <summary>A proof without a nonce, created now.</summary>
    public ReplayRecord Record(UInt128 key, double secondsAgo = 0) => new(new(key), 7, new(Clock.Now - TimeSpan.FromSeconds(secondsAgo), FromNonce: false));

    /// <summary>A proof with the nonce that this node offers now, as this node files it.</summary>
    public ReplayRecord WithNonce(UInt128 key) => WithNonce(key, Nonces.Current!);

    public ReplayRecord WithNonce(UInt128 key, string nonce)
    {
        Nonces.Check(nonce, out FreshnessAnchor anchor).ShouldBeOneOf(NonceStatus.Current, NonceStatus.Previous);
        return new(new(key), 7, anchor);
    }

    public async ValueTask DisposeAsync() => await Store.DisposeAsync();
}
