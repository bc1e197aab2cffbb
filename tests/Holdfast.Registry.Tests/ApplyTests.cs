namespace Holdfast.Registry.Tests;

public sealed class ApplyTests
{
    private const string Set = """
        {
          "resources": [{ "identifier": "https://orders.example", "scopes": ["orders.read"] }, { "identifier": "https://stock.example", "scopes": ["stock.read"] }],
          "clients": [{ "client_id": "stock", "jwks": {"keys": []}, "scopes": ["stock.read"], "resources": ["https://stock.example"] }]
        }
        """;

    [Fact]
    public async Task Makes_it_so_once_and_then_changes_nothing()
    {
        EditorGround ground = await EditorGround.StartAsync();

        EditResult first = await ground.ApplyAsync(Set);
        int writes = ground.Store.Writes;
        EditResult second = await ground.ApplyAsync(Set);

        first.Outcome.ShouldBe(EditOutcome.Done);
        first.Changes.Select(change => (change.Action, change.Id)).ShouldBe([("resource.add", "https://stock.example"), ("client.add", "stock")]);
        second.Outcome.ShouldBe(EditOutcome.Unchanged);
        ground.Store.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_writes_nothing()
    {
        EditorGround ground = await EditorGround.StartAsync();
        int writes = ground.Store.Writes;

        EditResult dry = await ground.ApplyAsync(Set, dryRun: true);

        dry.Outcome.ShouldBe(EditOutcome.Done);
        dry.Changes.Count.ShouldBe(2);
        ground.Store.Writes.ShouldBe(writes);
        (await ground.ReadAsync("stock")).ShouldBeNull();
    }

    [Fact]
    public async Task Leaves_alone_what_it_does_not_name()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        await ground.ApplyAsync(Set);

        (await ground.ReadAsync())!.State.ShouldBe(ClientState.Active);
    }

    [Fact]
    public async Task Pruning_offboards_and_removes_what_it_does_not_name()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        EditResult result = await ground.ApplyAsync("""{"resources":[]}""", prune: true);

        result.Changes.Select(change => change.Action).ShouldBe(["client.offboard", "resource.remove"], ignoreOrder: true);
        (await ground.ReadAsync())!.State.ShouldBe(ClientState.Offboarded);
        ground.Store.Revocations.Count.ShouldBe(1);
        (await ground.ApplyAsync("""{"resources":[]}""", prune: true)).Outcome.ShouldBe(EditOutcome.Unchanged);
    }

    [Fact]
    public async Task Does_not_bring_back_a_disabled_client_unless_it_says_so()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.ApplyAsync(Set);
        await ground.Editor.DisableClientAsync("stock", default, EditorGround.Actor, default);

        (await ground.ApplyAsync(Set)).Outcome.ShouldBe(EditOutcome.Unchanged);
        (await ground.ReadAsync("stock"))!.State.ShouldBe(ClientState.Disabled);
        (await ground.ApplyAsync(Set.Replace("\"client_id\": \"stock\"", "\"client_id\": \"stock\", \"state\": \"active\""))).Outcome.ShouldBe(EditOutcome.Done);
        (await ground.ReadAsync("stock"))!.State.ShouldBe(ClientState.Active);
    }

    [Fact]
    public async Task All_problems_are_told_with_their_place_and_nothing_is_written()
    {
        EditorGround ground = await EditorGround.StartAsync();
        int writes = ground.Store.Writes;

        EditResult result = await ground.ApplyAsync("""
            {
              "resources": [{ "identifier": "nowhere" }],
              "clients": [{ "client_id": "a b" , "jwks": {"keys": []} }, { "client_id": "good", "jwks": {"keys": []}, "scopes": ["x y"] }]
            }
            """);

        result.Outcome.ShouldBe(EditOutcome.Invalid);
        result.Problems.Select(problem => problem.Split(':')[0]).ShouldBe(["resources[0].identifier", "clients[0].client_id", "clients[1].scopes"], ignoreOrder: true);
        ground.Store.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task Refuses_what_is_there_twice_and_who_was_offboarded()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();
        await ground.Editor.OffboardClientAsync("orders", default, EditorGround.Actor, default);

        (await ground.ApplyAsync("""{"clients":[{"client_id":"x","jwks":{"keys":[]}},{"client_id":"x","jwks":{"keys":[]}}]}""")).Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.ApplyAsync("""{"clients":[{"client_id":"orders","jwks":{"keys":[]}}]}""")).Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.ApplyAsync("""{"clients":[{"client_id":"x","state":"offboarded","jwks":{"keys":[]}}]}""")).Outcome.ShouldBe(EditOutcome.Invalid);
    }

    [Fact]
    public async Task Shows_no_secret_and_so_makes_none()
    {
        EditorGround ground = await EditorGround.StartAsync();

        EditResult result = await ground.ApplyAsync("""{"clients":[{"client_id":"x","token_endpoint_auth_method":"client_secret_basic"}]}""");

        result.Outcome.ShouldBe(EditOutcome.Invalid);
        result.Problems.Single().ShouldStartWith("clients[0].token_endpoint_auth_method:");
    }

    [Fact]
    public async Task Refuses_to_take_a_resource_from_a_client_that_it_does_not_name()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        EditResult result = await ground.ApplyAsync("""{"clients":[{"client_id":"other","jwks":{"keys":[]},"resources":["https://orders.example"]}]}""", prune: true);

        result.Outcome.ShouldBe(EditOutcome.Invalid);
        result.Problems.Single().ShouldStartWith("clients[0].resources:");
    }
}
