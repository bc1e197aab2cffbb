using System.Text.Json;

namespace Holdfast.Registry.Tests;

public sealed class RegistryDocumentTests
{
    [Fact]
    public void Says_everything_that_is_unknown_missing_or_of_another_kind_and_where()
    {
        List<string> problems = Problems("""
            { "clients": [ { "client_idd": "a", "scopes": "x", "requires_consent": "yes", "owners": { "identity": { "team": "t" }, "boss": {} }, "state": 1 } ], "users": [] }
            """);

        problems.Select(problem => problem.Split(':')[0]).ShouldBe(["clients[0].client_idd", "clients[0].scopes", "clients[0].requires_consent", "clients[0].owners.identity.contact",
            "clients[0].owners.boss", "clients[0].state", "clients[0].client_id", "users"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"clients":[{"client_id":"a","client_id":"b"}]}""", "clients[0].client_id")]
    [InlineData("""{"clients":[{"client_id":null}]}""", "clients[0].client_id")]
    [InlineData("""{"clients":[{"client_id":"a","scopes":[null]}]}""", "clients[0].scopes[0]")]
    [InlineData("""{"clients":[{"client_id":"a","state":"gone"}]}""", "clients[0].state")]
    [InlineData("""{"clients":null}""", "clients")]
    public void Refuses(string json, string place) => Problems(json).Single().ShouldStartWith(place + ":");

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    public void Refuses_what_is_no_object(string json) => Problems(json).Count.ShouldBe(1);

    [Fact]
    public void Refuses_more_than_one_set_may_name()
    {
        string clients = string.Join(',', Enumerable.Range(0, RegistryDocuments.MaxEntries + 1).Select(i => $$"""{"client_id":"c{{i}}"}"""));
        Problems($$"""{"clients":[{{clients}}]}""").Count.ShouldBe(1);
    }

    [Fact]
    public void Reads_what_is_written()
    {
        List<string> problems = [];
        Client client = EditorGround.Client() with { PathKind = PathKind.BehindGateway, Profile = SecurityProfile.Fapi2, State = ClientState.Disabled };
        Client read = RegistryDocuments.ReadClient(JsonDocument.Parse(RegistryJson.Write(client)).RootElement, problems)!;
        problems.ShouldBeEmpty();
        RegistryJson.Write(read).ShouldBe(RegistryJson.Write(client));
    }

    // Version N and N+1 run on one schema: a document may lack what a later version has added.
    [Fact]
    public void What_is_not_there_has_its_default()
    {
        List<string> problems = [];
        string expected = RegistryJson.Write(new Client { ClientId = "a" });
        RegistryJson.Write(RegistryJson.ReadClient("""{"client_id":"a"}""")).ShouldBe(expected);
        RegistryJson.Write(RegistryDocuments.ReadClient(JsonDocument.Parse("""{"client_id":"a"}""").RootElement, problems)!).ShouldBe(expected);
        RegistryJson.ReadClient("""{"client_id":"a"}""").RequiresConsent.ShouldBeTrue();
        RegistryJson.ReadResource("""{"identifier":"a"}""").Scopes.ShouldBeEmpty();
    }

    private static List<string> Problems(string json)
    {
        List<string> problems = [];
        RegistryDocuments.ReadDesired(JsonDocument.Parse(json).RootElement, problems).ShouldBeNull();
        return problems;
    }
}
