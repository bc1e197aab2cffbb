namespace Holdfast.Registry.Tests;

public sealed class ClientEditTests
{
    [Fact]
    public async Task Adds_a_client_once()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        EditResult again = await ground.Editor.PutClientAsync(EditorGround.Client(), EditCondition.MustBeNew, EditorGround.Actor, default);

        again.Outcome.ShouldBe(EditOutcome.Conflict);
        again.IsStale.ShouldBeTrue();
        ground.Store.Audit.Count(record => record.Action == "client.add").ShouldBe(1);
    }

    [Fact]
    public async Task Refuses_an_edit_of_what_has_changed_since()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();
        long revision = (await ground.Editor.ReadAsync(default)).FindClient("orders")!.Entry.Revision;

        EditResult current = await ground.Editor.PutClientAsync(EditorGround.Client() with { Name = "One" }, EditCondition.MustBe(revision), EditorGround.Actor, default);
        EditResult late = await ground.Editor.PutClientAsync(EditorGround.Client() with { Name = "Two" }, EditCondition.MustBe(revision), EditorGround.Actor, default);

        current.Outcome.ShouldBe(EditOutcome.Done);
        late.Outcome.ShouldBe(EditOutcome.Conflict);
        late.IsStale.ShouldBeTrue();
        (await ground.ReadAsync())!.Name.ShouldBe("One");
    }

    [Fact]
    public async Task Decides_again_when_another_was_faster()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();
        ground.Store.Meanwhile = () => ground.Editor.PutClientAsync(EditorGround.Client() with { Name = "Faster" }, default, new("other"), default).AsTask();

        EditResult result = await ground.Editor.DisableClientAsync("orders", default, EditorGround.Actor, default);

        result.Outcome.ShouldBe(EditOutcome.Done);
        Client client = (await ground.ReadAsync())!;
        client.Name.ShouldBe("Faster");
        client.State.ShouldBe(ClientState.Disabled);
    }

    [Fact]
    public async Task Gives_up_when_others_keep_being_faster()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();
        int round = 0;
        Task Again()
        {
            Task done = ground.Editor.PutClientAsync(EditorGround.Client() with { Name = $"Round {round++}" }, default, new("other"), default).AsTask();
            ground.Store.Meanwhile = Again;
            return done;
        }
        ground.Store.Meanwhile = Again;

        EditResult result = await ground.Editor.DisableClientAsync("orders", default, EditorGround.Actor, default);

        result.Outcome.ShouldBe(EditOutcome.Conflict);
        result.IsStale.ShouldBeFalse();
    }

    // LIFE-MAP-01
    [Fact]
    public async Task Offboarding_drops_keys_and_revokes_what_the_client_has()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        EditResult result = await ground.Editor.OffboardClientAsync("orders", default, EditorGround.Actor, default);

        result.Outcome.ShouldBe(EditOutcome.Done);
        Client client = (await ground.ReadAsync())!;
        client.State.ShouldBe(ClientState.Offboarded);
        client.Jwks.ShouldBeNull();
        ground.Store.Revocations.ShouldBe([new Revocation(RevocationKind.Client, "orders", null, "offboarded")]);
        (await ground.Editor.EnableClientAsync("orders", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.Editor.PutClientAsync(EditorGround.Client(), default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
    }

    [Fact]
    public async Task Removes_only_what_was_offboarded_and_never_gives_the_identifier_away()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        (await ground.Editor.RemoveClientAsync("orders", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
        await ground.Editor.OffboardClientAsync("orders", default, EditorGround.Actor, default);
        (await ground.Editor.RemoveClientAsync("orders", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Done);

        (await ground.ReadAsync()).ShouldBeNull();
        int writes = ground.Store.Writes;
        EditResult again = await ground.Editor.PutClientAsync(EditorGround.Client(), EditCondition.MustBeNew, EditorGround.Actor, default);
        again.Outcome.ShouldBe(EditOutcome.Conflict);
        // Decided before anything is tried: the store would refuse it as well.
        ground.Store.Writes.ShouldBe(writes);
        (await ground.Editor.RemoveClientAsync("orders", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.NotFound);
    }

    [Fact]
    public async Task An_edit_does_not_bring_back_what_was_disabled()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();
        await ground.Editor.DisableClientAsync("orders", default, EditorGround.Actor, default);

        EditResult result = await ground.Editor.PutClientAsync(EditorGround.Client() with { Name = "New" }, default, EditorGround.Actor, default);

        result.Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.ReadAsync())!.State.ShouldBe(ClientState.Disabled);
        (await ground.Editor.PutClientAsync(EditorGround.Client() with { Name = "New", State = ClientState.Disabled }, default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Done);
    }

    [Fact]
    public async Task Nobody_ends_itself()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync(EditorGround.Client("admin"));

        (await ground.Editor.DisableClientAsync("admin", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.Editor.OffboardClientAsync("admin", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.ApplyAsync("""{"resources":[{"identifier":"https://orders.example","scopes":["orders.read"]}]}""", prune: true)).Outcome.ShouldBe(EditOutcome.Invalid);
        (await ground.ReadAsync("admin"))!.State.ShouldBe(ClientState.Active);
    }

    [Fact]
    public async Task Makes_a_secret_where_the_method_needs_one_and_drops_it_with_the_method()
    {
        EditorGround ground = await EditorGround.StartAsync();
        Client client = EditorGround.Client() with { Jwks = null, AuthenticationMethod = "client_secret_basic" };

        EditResult added = await ground.Editor.PutClientAsync(client, EditCondition.MustBeNew, EditorGround.Actor, default);
        byte[] stored = (await ground.Editor.ReadAsync(default)).FindClient("orders")!.Entry.Secret!;
        EditResult rotated = await ground.Editor.RotateSecretAsync("orders", default, EditorGround.Actor, default);
        byte[] other = (await ground.Editor.ReadAsync(default)).FindClient("orders")!.Entry.Secret!;

        var hasher = new Pbkdf2ClientSecretHasher();
        hasher.Verify(added.Secret!, stored).ShouldBeTrue();
        hasher.Verify(rotated.Secret!, other).ShouldBeTrue();
        hasher.Verify(added.Secret!, other).ShouldBeFalse();
        added.Changes.Single().Members.ShouldAllBe(member => member.After == null || !member.After.Contains(added.Secret!));
        (await ground.Editor.PutClientAsync(EditorGround.Client(), default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Done);
        (await ground.Editor.ReadAsync(default)).FindClient("orders")!.HasSecret.ShouldBeFalse();
        (await ground.Editor.RotateSecretAsync("orders", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
    }

    [Fact]
    public async Task Writes_nothing_where_nothing_changes()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();
        int writes = ground.Store.Writes;

        (await ground.Editor.PutClientAsync(EditorGround.Client(), default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Unchanged);
        (await ground.Editor.EnableClientAsync("orders", default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Unchanged);

        ground.Store.Writes.ShouldBe(writes);
    }
}
