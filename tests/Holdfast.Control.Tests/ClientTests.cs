using System.Net;
using System.Text.Json.Nodes;
using Holdfast.Registry;

namespace Holdfast.Control.Tests;

public sealed class ClientTests
{
    [Fact]
    public async Task A_client_that_is_added_gets_a_token_and_one_that_is_offboarded_gets_none()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        Caller machine = await host.RegisterAsync();
        JsonObject before = await host.AskAsync(machine, ControlHost.Orders);

        ControlReply reply = await host.PostAsync("/client/offboard?client_id=machine%2F1");
        JsonObject after = await host.AskAsync(machine, ControlHost.Orders);

        before["access_token"].ShouldNotBeNull(before.ToJsonString());
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Body!["client"]!["client"]!["state"]!.ToString().ShouldBe("offboarded");
        reply.Body["client"]!["client"]!.AsObject().ContainsKey("jwks").ShouldBeFalse();
        after["error"]!.ToString().ShouldBe("invalid_client");
        (await host.Store.ReadRevocationsAsync(0, 10, default)).Single().Revocation.ShouldBe(new Revocation(RevocationKind.Client, "machine/1", null, "offboarded"));
    }

    [Fact]
    public async Task A_disabled_client_gets_no_token_until_it_is_enabled()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        Caller machine = await host.RegisterAsync();

        await host.PostAsync("/client/disable?client_id=machine%2F1");
        (await host.AskAsync(machine, ControlHost.Orders))["error"].ShouldNotBeNull();
        await host.PostAsync("/client/enable?client_id=machine%2F1");
        (await host.AskAsync(machine, ControlHost.Orders))["access_token"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_entity_tag_decides_who_changes_first()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        Caller machine = await host.RegisterAsync();
        ControlReply read = await host.GetAsync("/client?client_id=machine%2F1");
        Task<ControlReply> Put(string name, string? match) => host.SendAsync(HttpMethod.Put, "/client", Named(machine, name),
            change: request => { if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match); });

        ControlReply without = await Put("Zero", null);
        ControlReply first = await Put("One", read.ETag);
        ControlReply late = await Put("Two", read.ETag);
        ControlReply whatever = await Put("Three", "*");
        ControlReply broken = await Put("Four", "W/\"1\"");

        without.Status.ShouldBe(HttpStatusCode.PreconditionRequired);
        first.Status.ShouldBe(HttpStatusCode.OK);
        first.ETag.ShouldNotBe(read.ETag);
        late.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        whatever.Status.ShouldBe(HttpStatusCode.OK);
        broken.Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.AddAsync(Named(machine, "Five"))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await host.SendAsync(HttpMethod.Post, "/client/disable?client_id=machine%2F1", change: request => request.Headers.TryAddWithoutValidation("If-Match", read.ETag))).Status
            .ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task An_identifier_is_never_used_again()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        Caller machine = await host.RegisterAsync("machine");

        (await host.SendAsync(HttpMethod.Delete, "/client?client_id=machine")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await host.PostAsync("/client/offboard?client_id=machine");
        (await host.SendAsync(HttpMethod.Delete, "/client?client_id=machine")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.GetAsync("/client?client_id=machine")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.AddAsync(ControlHost.Registration(machine))).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_the_issuer_could_not_serve_is_refused_with_all_its_problems()
    {
        await using ControlHost host = await ControlHost.StartAsync();

        ControlReply reply = await host.AddAsync("""{"client_id":"x","token_endpoint_auth_method":"client_secret_basic","scopes":["a b"],"resources":["https://nowhere.example"]}""");
        ControlReply settings = await host.AddAsync(ControlHost.Registration(new Caller("admin")));

        reply.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        reply.ContentType.ShouldBe("application/problem+json");
        reply.Problems.Length.ShouldBeGreaterThanOrEqualTo(3, string.Join('\n', reply.Problems));
        settings.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_works_and_its_successor_ends_it()
    {
        await using ControlHost host = await ControlHost.StartAsync(allowSecrets: true);
        string registration = $$"""{"client_id":"legacy","token_endpoint_auth_method":"client_secret_basic","scopes":["orders.read"],"resources":["{{ControlHost.Orders}}"]}""";

        ControlReply added = await host.AddAsync(registration);
        string first = added.Body!["client_secret"]!.ToString();
        ControlReply rotated = await host.PostAsync("/client/secret?client_id=legacy");
        string second = rotated.Body!["client_secret"]!.ToString();
        ControlReply shown = await host.GetAsync("/client?client_id=legacy");

        second.ShouldNotBe(first);
        shown.Body!["has_secret"]!.GetValue<bool>().ShouldBeTrue();
        shown.Body["debt"]!.AsArray().Select(debt => debt!.ToString()).ShouldContain("shared_secret");
        foreach (string text in new[] { shown.Body.ToJsonString(), (await host.GetAsync("/audit")).Body!.ToJsonString() })
        {
            text.ShouldNotContain(first);
            text.ShouldNotContain(second);
        }
        RegistryEntry entry = (await host.Store.ReadSinceAsync(RegistryPosition.Start, default)).Entries.Single(entry => entry.Id == "legacy");
        new Pbkdf2ClientSecretHasher().Verify(second, entry.Secret).ShouldBeTrue();
        (await host.PostAsync("/client/secret?client_id=admin")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Lists_by_state_team_and_dormancy_page_by_page()
    {
        await using ControlHost host = await ControlHost.StartAsync();
        foreach (string id in new[] { "a", "b", "c" })
            await host.RegisterAsync(id);
        await host.AddAsync(ControlHost.Registration(new Caller("d")).Replace("\"scopes\"", "\"owners\":{\"platform\":{\"team\":\"Gateways\",\"contact\":\"#gateways\"}},\"scopes\""));
        await host.PostAsync("/client/disable?client_id=b");
        host.Clock.Advance(TimeSpan.FromDays(31));
        await host.Store.WriteUsesAsync([new ClientUse("c", host.Clock.UtcNow.AddDays(-1), "client_credentials", ControlHost.Orders, "dpop", "192.0.2.7")], default);

        (await Ids(host, "/clients?limit=2")).ShouldBe(["a", "b"]);
        (await host.GetAsync("/clients?limit=2")).Body!["next"]!.ToString().ShouldBe("b");
        (await Ids(host, "/clients?limit=2&after=b")).ShouldBe(["c", "d"]);
        (await Ids(host, "/clients?state=disabled")).ShouldBe(["b"]);
        (await Ids(host, "/clients?team=gateways")).ShouldBe(["d"]);
        (await Ids(host, "/clients?dormant=30d")).ShouldBe(["a", "b", "d"]);
        JsonNode used = (await host.GetAsync("/client?client_id=c")).Body!;
        used["last_use"]!["address"]!.ToString().ShouldBe("192.0.2.7");
        used["debt"]!.AsArray().Single()!.ToString().ShouldBe("no_owner");
    }

    private static async Task<string[]> Ids(ControlHost host, string path) =>
        [.. (await host.GetAsync(path)).Body!["clients"]!.AsArray().Select(client => client!["client"]!["client_id"]!.ToString())];

    private static string Named(Caller caller, string name) => ControlHost.Registration(caller).Replace("\"scopes\"", $"\"client_name\":\"{name}\",\"scopes\"");
}
