namespace Holdfast.Integration.Tests;

/// <summary>Several processes on one database: one of them accepts a proof, once, and whatever becomes of the database none accepts it again.</summary>
public sealed class SharedReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // DPOP-V-27, DPOP-V-29, DPOP-V-32
    [PostgresTheory]
    [InlineData(PostgresStop.Fast)]
    [InlineData(PostgresStop.Immediate)]
    public async Task Up_and_two_more_nodes_accept_a_proof_once_and_come_back_with_the_database(PostgresStop stop)
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using Up up = await Up.StartAsync(_folder.Path, postgres: server.ConnectionString);
        await using OtherNode second = await OtherNode.StartAsync(up, server.ConnectionString, isBearer: false);
        await using OtherNode third = await OtherNode.StartAsync(up, server.ConnectionString, isBearer: true);
        using var caller = new Caller(up);
        string token = await caller.TokenAsync();
        string captured = await caller.CallUntilAcceptedAsync(token);

        foreach (OtherNode node in (OtherNode[])[second, third])
        {
            (await StatusAsync(node.CallAsync(token, captured))).ShouldBe(401);
            node.Failures.ShouldBe([VerificationFailure.ProofReplayed]);
            (await node.HealthAsync()).ShouldBe(200);
            // And the other way round.
            string spent = await AcceptedAsync(proof => node.CallAsync(token, proof), caller, up, token);
            (await StatusAsync(caller.CallAsync(token, spent))).ShouldBe(401);
        }

        await server.StopAsync(stop);
        using (HttpResponseMessage refused = await caller.CallAsync(token, caller.ProofFor("GET", up.Orders, token)))
        {
            ((int)refused.StatusCode).ShouldBe(503);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }
        using (HttpResponseMessage refused = await caller.RequestTokenAsync(await caller.AssertionAsync(), nonce: null))
        {
            ((int)refused.StatusCode).ShouldBe(503);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }
        await EventuallyAsync(async () => await second.HealthAsync() == 503 && await third.HealthAsync() == 503);
        foreach (OtherNode node in (OtherNode[])[second, third])
            (await StatusAsync(node.CallAsync(token, captured))).ShouldBe(503);

        await server.StartAsync();
        await AcceptedAsync(proof => caller.CallAsync(token, proof), caller, up, token);
        await AcceptedAsync(proof => second.CallAsync(token, proof), caller, up, token);
        await AcceptedAsync(proof => third.CallAsync(token, proof), caller, up, token);
        (await StatusAsync(caller.CallAsync(token, captured))).ShouldBe(401);
        (await StatusAsync(second.CallAsync(token, captured))).ShouldBe(401);
        (await StatusAsync(third.CallAsync(token, captured))).ShouldBe(401);
        await EventuallyAsync(async () => await second.HealthAsync() == 200 && await third.HealthAsync() == 200);
        await caller.TokenAsync();
    }

    // DPOP-V-27, DPOP-V-29, DPOP-V-32, FWD-59
    [PostgresFact]
    public async Task Two_guards_accept_a_proof_once_and_are_not_ready_without_the_database()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using Up up = await Up.StartAsync(_folder.Path);
        using var guards = new TemporaryFolder();
        await using SharedGuard first = await SharedGuard.StartAsync(guards, "first", up, server.ConnectionString);
        await using SharedGuard second = await SharedGuard.StartAsync(guards, "second", up, server.ConnectionString);
        using var caller = new Caller(up);
        string token = await caller.TokenAsync();
        await EventuallyAsync(async () => await first.ReadyAsync() == 200 && await second.ReadyAsync() == 200);

        string captured = await AcceptedAsync(proof => first.AskAsync(token, proof), caller, up, token);
        (await FailureAsync(second.AskAsync(token, captured))).ShouldBe((401, "proof_replayed"));

        await server.StopAsync(PostgresStop.Immediate);
        (await FailureAsync(second.AskAsync(token, caller.ProofFor("GET", up.Orders, token)))).ShouldBe((503, "replay_store_unavailable"));
        await EventuallyAsync(async () => await first.ReadyAsync() == 503 && await second.ReadyAsync() == 503);

        await server.StartAsync();
        await EventuallyAsync(async () => await first.ReadyAsync() == 200 && await second.ReadyAsync() == 200);
        (await FailureAsync(first.AskAsync(token, captured))).Status.ShouldBe(401);
        (await FailureAsync(second.AskAsync(token, captured))).Status.ShouldBe(401);
        await AcceptedAsync(proof => second.AskAsync(token, proof), caller, up, token);
    }

    // DPOP-V-27
    [PostgresFact]
    public async Task The_drill_gets_in_nowhere()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using Up up = await Up.StartAsync(_folder.Path, postgres: server.ConnectionString);

        (int code, string output, string error) = await ProcessRun.ToEndAsync("dotnet", [Up.Program, "drill", "--up", _folder.Path, "--json"], _folder.Path);

        code.ShouldBe(0, $"{output}\n{error}");
        (await server.ScalarAsync("SELECT count(*) > 0 FROM holdfast_replay.record")).ShouldBe("True");
    }

    // As a client that does not give up: each attempt is a new proof, with the newest nonce that was offered. Returns the one that was accepted.
    private static async Task<string> AcceptedAsync(Func<string, Task<HttpResponseMessage>> send, Caller caller, Up up, string token)
    {
        string? nonce = null;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            string proof = caller.ProofFor("GET", up.Orders, token, nonce);
            using HttpResponseMessage response = await send(proof);
            if (response.IsSuccessStatusCode)
                return proof;
            ((int)response.StatusCode).ShouldBeOneOf(401, 503);
            nonce = Caller.NonceOf(response) ?? nonce;
            limit.IsCancellationRequested.ShouldBeFalse($"Still {(int)response.StatusCode}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static async Task<int> StatusAsync(Task<HttpResponseMessage> sending)
    {
        using HttpResponseMessage response = await sending;
        return (int)response.StatusCode;
    }

    private static async Task<(int Status, string Failure)> FailureAsync(Task<HttpResponseMessage> asking)
    {
        using HttpResponseMessage response = await asking;
        return ((int)response.StatusCode, response.Headers.TryGetValues("Holdfast-Failure", out IEnumerable<string>? values) ? values.Single() : "");
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await isSo())
        {
            limit.IsCancellationRequested.ShouldBeFalse("It does not become so.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
