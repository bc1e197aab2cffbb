namespace Holdfast.Integration.Tests.Crash;

/// <summary><c>kill -9</c> of the issuer, and a database that dies, in the middle of traffic: nothing acknowledged is lost, nothing single-use works twice.</summary>
public sealed class CrashTests
{
    private const int Kills = 3;
    /// <summary>Less than the failures a minute that the rate limit takes for an attack.</summary>
    private const int Replayed = 12;

    // AT-94, AT-96, MCP-11
    [Fact]
    public async Task What_was_acknowledged_before_the_issuer_was_killed_holds_after_it()
    {
        await using Estate estate = await Estate.StartAsync();
        await KillAndVerifyAsync(estate);
    }

    // AT-94, AT-96, MCP-11
    [PostgresFact]
    public async Task The_same_of_two_nodes_of_which_one_is_killed_again_and_again()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using Estate estate = await Estate.StartAsync(nodes: 2, server.ConnectionStringOf(await server.CreateDatabaseAsync()));
        await KillAndVerifyAsync(estate);
    }

    // AT-94, AT-96, MCP-11
    [PostgresTheory]
    [InlineData(PostgresStop.Immediate)]
    [InlineData(PostgresStop.Fast)]
    public async Task Without_its_database_the_issuer_refuses_with_503_and_comes_back_by_itself(PostgresStop stop)
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using Estate estate = await Estate.StartAsync(nodes: 1, server.ConnectionStringOf(await server.CreateDatabaseAsync()), TimeSpan.FromSeconds(2));
        await using IssuerTraffic traffic = await IssuerTraffic.StartAsync(estate);
        await traffic.FlowsAsync(60);
        CodesInHand codes = await CodesInHand.AskAsync(estate);

        await server.StopAsync(stop);
        int before = traffic.Unavailable;
        await Eventually.IsSoAsync(() => traffic.Unavailable > before + 20, () => $"Nobody is refused without a database.\n{estate.Output}");
        // Nothing can be said about what was spent either.
        NodeAnswer unknown = await new NodeCaller(estate).TokenAsync(estate.Nodes[0], traffic.SpentAssertions[^1]);
        (unknown.Status, unknown.HasRetryAfter).ShouldBe((503, true));
        await server.StartAsync();

        await traffic.FlowsAsync(60);
        await codes.CountOnceAsync(estate.Nodes[0]);
        await VerifyAsync(estate, traffic);
    }

    private static async Task KillAndVerifyAsync(Estate estate)
    {
        await using IssuerTraffic traffic = await IssuerTraffic.StartAsync(estate);
        for (int kill = 0; kill < Kills; kill++)
        {
            await traffic.FlowsAsync(60);
            CodesInHand codes = await CodesInHand.AskAsync(estate);
            await estate.Nodes[0].KillAsync();
            await estate.Nodes[0].StartAsync();
            await codes.CountOnceAsync(estate.Nodes[^1]);
        }
        await traffic.FlowsAsync(60);
        await VerifyAsync(estate, traffic);
    }

    private static async Task VerifyAsync(Estate estate, IssuerTraffic traffic)
    {
        await traffic.StopAsync();
        traffic.NothingFailed();
        IssuerNodeProcess first = estate.Nodes[0], second = estate.Nodes[^1];
        foreach (RefreshSession session in traffic.Sessions)
            await session.WorksExactlyOnceMoreAsync(first, second);

        // Those of the whole run, the first and the last among them.
        var caller = new NodeCaller(estate);
        IReadOnlyList<string> assertions = traffic.SpentAssertions;
        foreach (int i in Enumerable.Range(0, Replayed).Select(n => n * (assertions.Count - 1) / (Replayed - 1)))
        {
            NodeAnswer replay = await caller.TokenAsync(i % 2 == 0 ? first : second, assertions[i]);
            replay.Is(VerificationFailure.AssertionReplayed).ShouldBeTrue(replay.Body.ToString());
        }
        (await caller.TokenAsync(first, caller.Assertion())).Status.ShouldBe(200);
    }
}
