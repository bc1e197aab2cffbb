using System.Net;
using System.Text.Json.Nodes;

namespace Holdfast.Control.Tests;

public sealed class AuditTests
{
    // LIFE-01
    [Fact]
    public async Task Every_change_is_recorded_with_who_by_which_key_before_and_after()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        await host.RegisterAsync("machine");
        await host.SendAsync(HttpMethod.Put, "/resource", """{"identifier":"https://stock.example"}""", change: request => request.Headers.TryAddWithoutValidation("If-None-Match", "*"));
        await host.PostAsync("/client/disable?client_id=machine");
        await host.PostAsync("/client/enable?client_id=machine");
        await host.PostAsync("/client/offboard?client_id=machine");
        await host.SendAsync(HttpMethod.Delete, "/client?client_id=machine");
        await host.SendAsync(HttpMethod.Delete, "/resource?identifier=https%3A%2F%2Fstock.example");

        JsonNode?[] all = [.. (await host.GetAsync("/audit")).Body!["records"]!.AsArray()];
        JsonNode?[] records = [.. all.Where(record => record!["actor"]!["name"]!.ToString() != "issuer")];
        // What the issuer does by itself is recorded alike: its first signing key.
        all.Except(records).ShouldHaveSingleItem()!["kind"]!.ToString().ShouldBe("issuer_key");

        records.Select(record => record!["action"]!.ToString()).ShouldBe(
            ["resource.remove", "client.remove", "client.offboard", "client.enable", "client.disable", "resource.add", "client.add"]);
        records.ShouldAllBe(record => record!["actor"]!["name"]!.ToString() == "admin" && record["actor"]!["thumbprint"]!.ToString() == host.Administrator.Key.Thumbprint);
        records[^1]!.AsObject().ContainsKey("before").ShouldBeFalse();
        records[^1]!["after"]!["client_id"]!.ToString().ShouldBe("machine");
        records[4]!["before"]!["state"]!.ToString().ShouldBe("active");
        records[4]!["after"]!["state"]!.ToString().ShouldBe("disabled");
        records[1]!.AsObject().ContainsKey("after").ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_change_is_not_recorded_and_filters_and_pages_find_the_others()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        await host.RegisterAsync("a");
        await host.RegisterAsync("b");
        (await host.AddAsync("""{"client_id":"c"}""")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await host.PostAsync("/client/disable?client_id=a");

        (await Actions(host, "/audit?id=a")).ShouldBe(["client.disable", "client.add"]);
        (await Actions(host, "/audit?kind=resource")).ShouldBeEmpty();
        JsonNode page = (await host.GetAsync("/audit?limit=2")).Body!;
        page["records"]!.AsArray().Count.ShouldBe(2);
        (await Actions(host, $"/audit?kind=client&limit=2&before={page["next"]}")).ShouldBe(["client.add"]);
    }

    private static async Task<string[]> Actions(ControlHost host, string path) =>
        [.. (await host.GetAsync(path)).Body!["records"]!.AsArray().Select(record => record!["action"]!.ToString())];
}
