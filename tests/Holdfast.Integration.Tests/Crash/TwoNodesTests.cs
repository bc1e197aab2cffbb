using System.Buffers.Text;
using System.Text.Json;
using Holdfast.IssuerNode;
using Holdfast.Registry;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Two processes of the issuer on one PostgreSQL are one issuer.</summary>
public sealed class TwoNodesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Rounds = 5, Racers = 64;

    // AT-94
    [PostgresFact]
    public async Task A_code_of_one_node_is_redeemed_at_the_other_and_once_among_both()
    {
        await using Estate estate = await StartAsync();
        var caller = new NodeCaller(estate);
        for (int round = 0; round < Rounds; round++)
        {
            AskedCode code = (await caller.AuthorizeAsync(estate.Nodes[round % 2])).ShouldNotBeNull(estate.Output);

            NodeAnswer[] answers = await RaceAsync(estate, (node, racer) => racer.RedeemAsync(node, code), caller);

            answers.Count(answer => answer.IsOk).ShouldBe(1, $"round {round}");
            answers.Where(answer => !answer.IsOk).Select(answer => answer.Is(VerificationFailure.CodeReplayed) ? "" : $"{answer.Status} {answer.Body}").ShouldAllBe(other => other == "", estate.Output);
            // All had the key and the verifier: what came from the code ends.
            string refreshToken = answers.Single(answer => answer.IsOk).RefreshToken!;
            (await caller.RefreshAsync(estate.Nodes[0], refreshToken)).Error.ShouldBe("invalid_grant");
        }
    }

    // AT-96, MCP-11
    [PostgresFact]
    public async Task A_refresh_token_has_one_successor_among_both()
    {
        await using Estate estate = await StartAsync();
        var caller = new NodeCaller(estate);
        NodeAnswer signedIn = await caller.RedeemAsync(estate.Nodes[1], (await caller.AuthorizeAsync(estate.Nodes[0])).ShouldNotBeNull(estate.Output));
        string current = signedIn.RefreshToken.ShouldNotBeNull(signedIn.Body.ToString());
        for (int round = 0; round < Rounds; round++)
        {
            string presented = current;

            NodeAnswer[] answers = await RaceAsync(estate, (node, racer) => racer.RefreshAsync(node, presented), caller);

            answers.Where(answer => !answer.IsOk).Select(answer => $"{answer.Status} {answer.Body}").ShouldBeEmpty(estate.Output);
            current = answers.Select(answer => answer.RefreshToken).Distinct().ShouldHaveSingleItem()!;
            current.ShouldNotBe(presented);
        }
        (await caller.RefreshAsync(estate.Nodes[0], current)).Status.ShouldBe(200);
    }

    // AT-94
    [PostgresFact]
    public async Task An_assertion_is_spent_once_among_both()
    {
        await using Estate estate = await StartAsync();
        // Each has a key of its own: not the proof, the assertion is what is used once. Fewer losers than the rate limit takes for an attack.
        var caller = new NodeCaller(estate);
        string assertion = caller.Assertion();

        NodeAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => new NodeCaller(estate).TokenAsync(estate.Nodes[i % 2], assertion)));

        answers.Count(answer => answer.IsOk).ShouldBe(1);
        answers.Count(answer => answer.Is(VerificationFailure.AssertionReplayed)).ShouldBe(23);
    }

    [PostgresFact]
    public async Task A_client_that_was_disabled_at_one_node_gets_nothing_at_the_other()
    {
        const string ClientId = "registered-app";
        await using Estate estate = await StartAsync();
        (IssuerNodeProcess first, IssuerNodeProcess second) = (estate.Nodes[0], estate.Nodes[1]);
        await NodeCaller.OperateAsync(first, HttpMethod.Put, $"/operator/clients/{ClientId}", RegistryJson.Write(new Registry.Client
        {
            ClientId = ClientId, AuthenticationMethod = "none", GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = [NodeClients.RedirectUri], RequiresConsent = false,
            Resources = [NodeClients.Resource], Scopes = [NodeClients.Scope],
        }));
        var caller = new NodeCaller(estate);
        AskedCode? code = null;
        // What is new is known everywhere within a second; what has ended at once.
        await Eventually.IsSoAsync(async () => (code = await caller.AuthorizeAsync(second, ClientId)) is not null, () => $"The other node does not learn of the client.\n{estate.Output}");
        string refreshToken = (await caller.RedeemAsync(second, code!)).RefreshToken.ShouldNotBeNull();
        AskedCode waiting = (await caller.AuthorizeAsync(second, ClientId)).ShouldNotBeNull();
        refreshToken = (await caller.RefreshAsync(second, refreshToken, ClientId)).RefreshToken.ShouldNotBeNull();

        await NodeCaller.OperateAsync(first, HttpMethod.Post, $"/operator/clients/{ClientId}/{nameof(ClientState.Disabled)}");

        NodeAnswer refused = await caller.RefreshAsync(second, refreshToken, ClientId);
        refused.Is(VerificationFailure.ClientDisabled).ShouldBeTrue(refused.Body.ToString());
        (await caller.RedeemAsync(second, waiting)).Is(VerificationFailure.ClientDisabled).ShouldBeTrue();
        (await caller.AuthorizeAsync(second, ClientId)).ShouldBeNull();

        // It was a pause: nothing of it has been used up.
        await NodeCaller.OperateAsync(first, HttpMethod.Post, $"/operator/clients/{ClientId}/{nameof(ClientState.Active)}");
        await Eventually.IsSoAsync(async () => (await caller.RefreshAsync(second, refreshToken, ClientId)).IsOk, () => $"The other node does not learn that the client is back.\n{estate.Output}");
    }

    // LIFE-09
    [PostgresFact]
    public async Task A_signing_key_that_was_ended_at_one_node_is_used_by_neither_and_its_successor_by_both()
    {
        await using Estate estate = await StartAsync();
        var caller = new NodeCaller(estate);
        string ended = await KidAsync(caller, estate.Nodes[0]);
        (await KidAsync(caller, estate.Nodes[1])).ShouldBe(ended);

        await NodeCaller.OperateAsync(estate.Nodes[0], HttpMethod.Post, $"/operator/keys/{ended}/end");

        // At once, at the other node too: nothing is written by what it knew before.
        string successor = await KidAsync(caller, estate.Nodes[1]);
        successor.ShouldNotBe(ended);
        (await KidAsync(caller, estate.Nodes[0])).ShouldBe(successor);
        foreach (IssuerNodeProcess node in estate.Nodes)
        {
            string?[] published = [];
            await Eventually.IsSoAsync(async () => !(published = await PublishedAsync(node)).Contains(ended), () => $"The key is still published.\n{estate.Output}");
            published.ShouldContain(successor);
        }
    }

    private static async Task<string> KidAsync(NodeCaller caller, IssuerNodeProcess node)
    {
        NodeAnswer answer = await caller.TokenAsync(node, caller.Assertion());
        answer.Status.ShouldBe(200, answer.Body.ToString());
        return JsonDocument.Parse(Base64Url.DecodeFromChars(answer.AccessToken!.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;
    }

    private static async Task<string?[]> PublishedAsync(IssuerNodeProcess node) =>
        [.. (await NodeCaller.ReadAsync(node, "/jwks")).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString())];

    private async Task<Estate> StartAsync() => await Estate.StartAsync(nodes: 2, await postgres.CreateDatabaseAsync());

    // All by one key, half of them at each node, all at once; each with a proof of its own.
    private static async Task<NodeAnswer[]> RaceAsync(Estate estate, Func<IssuerNodeProcess, NodeCaller, Task<NodeAnswer>> request, NodeCaller caller)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<NodeAnswer>[] racers = [.. Enumerable.Range(0, Racers).Select(async i =>
        {
            var racer = new NodeCaller(estate) { Key = caller.Key };
            await start.Task;
            return await request(estate.Nodes[i % 2], racer);
        })];
        start.SetResult();
        return await Task.WhenAll(racers);
    }
}
