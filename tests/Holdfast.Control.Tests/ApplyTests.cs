using System.Net;
using System.Text.Json.Nodes;

namespace Holdfast.Control.Tests;

public sealed class ApplyTests
{
    private static readonly Caller Machine = new("stock");

    private static string Set => $$"""
        { "resources": [{"identifier":"https://stock.example","scopes":["stock.read"]}],
          "clients": [{"client_id":"stock","jwks":{{Machine.Jwks}},"scopes":["stock.read"],"resources":["https://stock.example"]}] }
        """;

    [Fact]
    public async Task A_dry_run_writes_nothing_and_the_same_again_changes_nothing()
    {
        await using ControlHost host = await ControlHost.StartAsync();

        ControlReply dry = await host.PostAsync("/apply?dry_run=true", Set);
        ControlReply audit = await host.GetAsync("/audit?kind=client");
        ControlReply first = await host.PostAsync("/apply", Set);
        ControlReply second = await host.PostAsync("/apply", Set);

        dry.Body!["changes"]!.AsArray().Count.ShouldBe(2);
        audit.Body!["records"]!.AsArray().ShouldBeEmpty();
        JsonNode.DeepEquals(first.Body!["changes"], dry.Body["changes"]).ShouldBeTrue();
        first.Body["outcome"]!.ToString().ShouldBe("done");
        second.Body!["outcome"]!.ToString().ShouldBe("unchanged");
        (await host.GetAsync("/audit?kind=client")).Body!["records"]!.AsArray().Count.ShouldBe(1);
        (await host.GetAsync("/audit?kind=resource")).Body!["records"]!.AsArray().Count.ShouldBe(1);
        (await host.AskAsync(Machine, "https://stock.example"))["access_token"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Touches_what_it_does_not_name_only_to_prune()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        await host.RegisterAsync("machine");

        await host.PostAsync("/apply", Set);
        (await host.GetAsync("/client?client_id=machine")).Body!["client"]!["state"]!.ToString().ShouldBe("active");
        await host.PostAsync("/apply?prune=true", Set);

        (await host.GetAsync("/client?client_id=machine")).Body!["client"]!["state"]!.ToString().ShouldBe("offboarded");
        (await host.GetAsync("/client?client_id=stock")).Body!["client"]!["state"]!.ToString().ShouldBe("active");
    }

    [Fact]
    public async Task Problems_say_where_and_nothing_is_written()
    {
        await using ControlHost host = await ControlHost.StartAsync();

        ControlReply shape = await host.PostAsync("/apply", """{"clients":[{"client_id":"x","colour":"red"}]}""");
        ControlReply rules = await host.PostAsync("/apply", Set.Replace("\"scopes\":[\"stock.read\"],\"resources\"", "\"scopes\":[\"a b\"],\"resources\""));

        shape.Status.ShouldBe(HttpStatusCode.BadRequest);
        shape.Problems.Single().ShouldStartWith("clients[0].colour:");
        rules.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        rules.Problems.ShouldAllBe(problem => problem.StartsWith("clients[0]."));
        (await host.GetAsync("/resources")).Body!["resources"]!.AsArray().ShouldBeEmpty();
    }
}
