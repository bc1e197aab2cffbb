using System.Collections.Concurrent;
using System.Diagnostics;
using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>PostgreSQL goes and comes: what was acknowledged stays, what is asked meanwhile is refused, and it comes back by itself.</summary>
public sealed class LostDatabaseTests
{
    private static readonly DateTimeOffset Now = new ManualTimeProvider().UtcNow;

    // "kill -9 of PostgreSQL in the middle of traffic: nothing acknowledged is lost, nothing single-use works twice" (AT-94, AT-83)
    [PostgresFact]
    public async Task Loses_nothing_acknowledged_where_the_server_crashes_under_traffic()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        string database = server.ConnectionStringOf(await server.CreateDatabaseAsync());
        await using TestStore store = await TestStore.StartAsync(options => (options.PostgreSql, options.Deadline) = (database, TimeSpan.FromSeconds(3)));
        Spending none = await store.DecidedAsync();
        ConcurrentDictionary<string, bool> acknowledged = [];
        int unavailable = 0;
        using var stop = new CancellationTokenSource();
        Task[] clients = [.. Enumerable.Range(0, 8).Select(async client =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string jti = $"{client}-{i}";
                try
                {
                    Spending spending = none with { Assertion = AssertionOf(jti) };
                    StoreAnswer answer = i % 2 == 0 ? await store.Issuer.SpendAsync(spending, default) : await store.Issuer.AddPushedRequestAsync(PushedOf(jti), spending, default);
                    answer.ShouldBe(StoreAnswer.Done);
                    acknowledged[jti] = i % 2 == 1;
                }
                catch (StateUnavailableException)
                {
                    Interlocked.Increment(ref unavailable);
                    await Task.Delay(20);
                }
            }
        })];
        for (int round = 0; round < 2; round++)
        {
            int before = acknowledged.Count;
            await Eventually.IsSoAsync(() => acknowledged.Count > before + 100, () => "Nothing is written.");
            int refused = unavailable;
            await server.StopAsync(PostgresStop.Immediate);
            await Eventually.IsSoAsync(() => unavailable > refused + 20, () => "Nothing is refused.");
            await server.StartAsync();
        }
        int after = acknowledged.Count;
        await Eventually.IsSoAsync(() => acknowledged.Count > after + 100, () => "It does not come back.");
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        foreach ((string jti, bool isPushed) in acknowledged)
        {
            (await store.Issuer.SpendAsync(none with { Assertion = AssertionOf(jti) }, default)).ShouldBe(StoreAnswer.AssertionReplayed, jti);
            if (isPushed)
                (await store.Issuer.FindPushedRequestAsync(SecretHash.Of(jti), default)).ShouldNotBeNull(jti);
        }
        // Told when it goes and when it is back, not for each of the many that noticed. Connections do not end at the same moment, so some may tell twice.
        store.Log.CountOf(3).ShouldBeInRange(2, 6);
        store.Log.CountOf(4).ShouldBe(store.Log.CountOf(3));
        unavailable.ShouldBeGreaterThan(40);
        store.Log.CountOf(7).ShouldBe(0);
    }

    // A server that says nothing, and does not close either.
    [PostgresFact]
    public async Task Refuses_within_the_deadline_where_the_server_is_silent()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        string database = server.ConnectionStringOf(await server.CreateDatabaseAsync());
        await using TestStore store = await TestStore.StartAsync(options => (options.PostgreSql, options.Deadline) = (database, TimeSpan.FromSeconds(1)));
        Spending none = await store.DecidedAsync();
        await server.PauseAsync();
        long start = Stopwatch.GetTimestamp();
        Task[] calls = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0
            ? store.Issuer.SpendAsync(none with { Assertion = AssertionOf($"{i}") }, default).AsTask() : store.Issuer.AddPushedRequestAsync(PushedOf($"{i}"), none, default).AsTask())];
        foreach (Task call in calls)
            await Should.ThrowAsync<StateUnavailableException>(call);
        // Generous: it bounds a hang, and says that no call waits for the ones before it.
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(8));
        store.Log.CountOf(3).ShouldBe(1);
        await server.ResumeAsync();
        await Eventually.IsSoAsync(async () => await TryAsync(store, none with { Assertion = AssertionOf("after") }), () => "It does not come back.");
    }

    [PostgresFact]
    public async Task Refuses_at_once_where_too_many_wait()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        string database = server.ConnectionStringOf(await server.CreateDatabaseAsync());
        await using TestStore store = await TestStore.StartAsync(options => (options.PostgreSql, options.QueueCapacity, options.Deadline) = (database, 1, TimeSpan.FromSeconds(30)));
        Spending none = await store.DecidedAsync();
        await server.PauseAsync();
        Task<StoreAnswer>[] calls = [.. Enumerable.Range(0, 600).Select(i => store.Issuer.SpendAsync(none with { Assertion = AssertionOf($"{i}") }, default).AsTask())];
        // Long before the deadline.
        await Eventually.IsSoAsync(() => calls.Any(call => call.IsFaulted), () => "All of them wait.");
        await Should.ThrowAsync<StateUnavailableException>(calls.First(call => call.IsFaulted));
        await server.ResumeAsync();
        (await Task.WhenAll(calls.Where(call => !call.IsFaulted))).ShouldAllBe(answer => answer == StoreAnswer.Done);
    }

    [PostgresFact]
    public async Task Refuses_to_start_without_a_server_and_says_why()
    {
        int port = FreePort.Take(1)[0];
        StorageStartupException failure = await Should.ThrowAsync<StorageStartupException>(() => TestStore.StartAsync(options =>
            options.PostgreSql = $"Host=127.0.0.1;Port={port};Database=holdfast;Username=somebody;Password=very-secret"));
        failure.ToString().ShouldNotContain("very-secret");
    }

    // The file is damaged or gone: the same.
    [Fact]
    public async Task Refuses_while_the_file_cannot_be_opened()
    {
        using var folder = new TemporaryFolder();
        await using TestStore store = await TestStore.StartAsync(options => (options.DataDirectory, options.PulseInterval) = (folder.Path, TimeSpan.FromDays(1)));
        Spending none = await store.DecidedAsync();
        (await store.Issuer.SpendAsync(none with { Assertion = AssertionOf("a") }, default)).ShouldBe(StoreAnswer.Done);
        string file = folder.At("holdfast.db");
        File.Move(file, folder.At("away"));
        await store.Database.RenewAsync(default);
        await Should.ThrowAsync<StateUnavailableException>(async () => await store.Issuer.SpendAsync(none with { Assertion = AssertionOf("b") }, default));
        await Should.ThrowAsync<StateUnavailableException>(async () => await store.Issuer.FindCodeAsync(SecretHash.Of("c"), default));
        store.Log.CountOf(3).ShouldBe(1);
        File.Move(folder.At("away"), file);
        (await store.Issuer.SpendAsync(none with { Assertion = AssertionOf("a") }, default)).ShouldBe(StoreAnswer.AssertionReplayed);
        store.Log.CountOf(4).ShouldBe(1);
    }

    private static async Task<bool> TryAsync(TestStore store, Spending spending)
    {
        try
        {
            return await store.Issuer.SpendAsync(spending, default) is StoreAnswer.Done or StoreAnswer.AssertionReplayed;
        }
        catch (StateUnavailableException)
        {
            return false;
        }
    }

    private static SpentAssertion AssertionOf(string jti) => new("client", jti, Now, Now.AddMinutes(5));

    private static PushedRequest PushedOf(string reference) => new() { Reference = SecretHash.Of(reference), ClientId = "client", Parameters = "{}", ExpiresAt = Now.AddMinutes(1) };
}
