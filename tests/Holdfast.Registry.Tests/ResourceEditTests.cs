namespace Holdfast.Registry.Tests;

public sealed class ResourceEditTests
{
    [Fact]
    public async Task Refuses_to_remove_a_resource_that_a_client_may_call()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync();

        EditResult inUse = await ground.Editor.RemoveResourceAsync(EditorGround.Orders, default, EditorGround.Actor, default);
        await ground.Editor.OffboardClientAsync("orders", default, EditorGround.Actor, default);
        EditResult free = await ground.Editor.RemoveResourceAsync(EditorGround.Orders, default, EditorGround.Actor, default);

        inUse.Outcome.ShouldBe(EditOutcome.Invalid);
        inUse.Problems.Single().ShouldContain("'orders'");
        free.Outcome.ShouldBe(EditOutcome.Done);
    }

    [Fact]
    public async Task Refuses_to_remove_a_resource_that_a_client_names_otherwise()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.AddAsync(EditorGround.Client() with { Introspects = ["https://orders.example/"] });

        (await ground.Editor.RemoveResourceAsync(EditorGround.Orders, default, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Invalid);
    }

    [Fact]
    public async Task A_resource_may_come_back_under_its_name()
    {
        EditorGround ground = await EditorGround.StartAsync();
        await ground.Editor.RemoveResourceAsync(EditorGround.Orders, default, EditorGround.Actor, default);

        (await ground.Editor.PutResourceAsync(new Resource { Identifier = EditorGround.Orders }, EditCondition.MustBeNew, EditorGround.Actor, default)).Outcome.ShouldBe(EditOutcome.Done);
    }

    // AT-12
    [Theory]
    [InlineData("https://orders.example/")]
    [InlineData("https://second.example", "https://orders.example")]
    public async Task Refuses_a_name_that_another_resource_has(string identifier, params string[] alternates)
    {
        EditorGround ground = await EditorGround.StartAsync();

        (await ground.Editor.PutResourceAsync(new Resource { Identifier = identifier, AlternateIdentifiers = alternates }, default, EditorGround.Actor, default)).Outcome
            .ShouldBe(EditOutcome.Invalid);
    }
}
