namespace Holdfast.Issuer.Tests;

public class ResourceAndScopeTests
{
    private const string Stock = "https://stock.example/v1";

    private static Task<IssuerHost> StartWithTwoAsync() => IssuerHost.StartAsync(o =>
    {
        o.Clients[0].Resources = [IssuerHost.Orders, Stock];
        o.Clients[0].Scopes = ["orders.read", "orders.write", "stock.read"];
    });

    private static async Task<TokenAnswer> AskAsync(IssuerHost issuer, string? scope, params string[] resources)
    {
        var form = issuer.Form().Concat(resources.Select(resource => KeyValuePair.Create("resource", resource)));
        return await issuer.AskAsync(form: scope is null ? form : form.Append(new("scope", scope)));
    }

    // AT-05, AT-12: the audience is the resource asked for, as it was registered.
    [Theory]
    [InlineData("https://orders.example", IssuerHost.Orders)]
    [InlineData("https://orders.example/", IssuerHost.Orders)]
    [InlineData(Stock, Stock)]
    public async Task Issues_for_the_resource_asked_for(string resource, string audience)
    {
        await using IssuerHost issuer = await StartWithTwoAsync();
        string token = (await AskAsync(issuer, null, resource)).ShouldBeToken();
        CallerKey.Payload(token).GetProperty("aud").GetString().ShouldBe(audience);
    }

    // AT-06, AT-12: one resource, one audience, whichever of its URLs was named, and however many of them.
    [Theory]
    [InlineData("https://mtls.orders.example")]
    [InlineData("https://mtls.orders.example/")]
    [InlineData("https://mtls.orders.example", IssuerHost.Orders)]
    public async Task Issues_for_a_resource_by_any_of_its_names(params string[] resources)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Resources[0].AlternateIdentifiers.Add("https://mtls.orders.example"));
        string token = (await AskAsync(issuer, null, resources)).ShouldBeToken();
        CallerKey.Payload(token).GetProperty("aud").GetString().ShouldBe(IssuerHost.Orders);
    }

    [Fact]
    public async Task A_name_of_another_resource_is_no_way_around_the_client_s_own()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.Resources[1].AlternateIdentifiers.Add("https://stock.internal"));
        issuer.ShouldRefuse(await AskAsync(issuer, null, "https://stock.internal"), VerificationFailure.ResourceNotAllowed, "invalid_target");
        issuer.ShouldRefuse(await AskAsync(issuer, null, "https://stock.internal", IssuerHost.Orders), VerificationFailure.ResourceNotAllowed, "invalid_target");
    }

    // AT-04: each scope means something to the audience.
    [Fact]
    public async Task Gives_only_scopes_that_the_resource_knows()
    {
        await using IssuerHost issuer = await StartWithTwoAsync();
        (await AskAsync(issuer, null, IssuerHost.Orders)).Member("scope").ShouldBe("orders.read orders.write");
        (await AskAsync(issuer, null, Stock)).Member("scope").ShouldBe("stock.read");
        issuer.ShouldRefuse(await AskAsync(issuer, "stock.read", IssuerHost.Orders), VerificationFailure.ScopeNotAllowed, "invalid_scope");
    }

    // AT-06
    [Fact]
    public async Task Refuses_to_guess_between_two_resources()
    {
        await using IssuerHost issuer = await StartWithTwoAsync();
        issuer.ShouldRefuse(await AskAsync(issuer, "orders.read"), VerificationFailure.ResourceNotAllowed, "invalid_target");
        issuer.ShouldRefuse(await AskAsync(issuer, null, IssuerHost.Orders, Stock), VerificationFailure.ResourceNotAllowed, "invalid_target");
    }

    [Fact]
    public async Task Takes_one_resource_named_twice() =>
        await WithOne(async issuer => (await AskAsync(issuer, null, "https://orders.example", "https://orders.example/")).ShouldBeToken());

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData(Stock)]
    [InlineData("https://orders.example/v1")]
    [InlineData("https://orders.example#f")]
    [InlineData("https://ORDERS.example")]
    [InlineData("orders")]
    public Task Refuses_a_resource_that_is_not_the_clients(string resource) => WithOne(async issuer =>
        issuer.ShouldRefuse(await AskAsync(issuer, null, resource), VerificationFailure.ResourceNotAllowed, "invalid_target"));

    [Theory]
    [InlineData("orders.read", "orders.read")]
    [InlineData("orders.write orders.read", "orders.write orders.read")]
    [InlineData("orders.read orders.read", "orders.read")]
    public Task Gives_the_scopes_asked_for(string asked, string given) => WithOne(async issuer =>
    {
        TokenAnswer answer = await AskAsync(issuer, asked);
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("scope").GetString().ShouldBe(given);
        answer.Member("scope").ShouldBe(given);
    });

    [Theory]
    [InlineData("orders.admin")]
    [InlineData("orders.read orders.admin")]
    [InlineData("ORDERS.READ")]
    [InlineData("orders.read ")]
    [InlineData(" orders.read")]
    [InlineData("orders.read  orders.write")]
    [InlineData("orders.\"read\"")]
    [InlineData("orders.réad")]
    public Task Refuses_scopes_that_are_not_the_clients_or_malformed(string scope) => WithOne(async issuer =>
        issuer.ShouldRefuse(await AskAsync(issuer, scope), VerificationFailure.ScopeNotAllowed, "invalid_scope"));

    [Fact]
    public async Task Issues_without_scope_for_a_resource_that_has_none()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
        {
            o.Resources.Add(new() { Identifier = "urn:example:plain" });
            o.Clients[0].Resources = ["urn:example:plain"];
        });
        TokenAnswer answer = await AskAsync(issuer, null);
        CallerKey.Payload(answer.ShouldBeToken()).TryGetProperty("scope", out _).ShouldBeFalse();
        answer.Member("scope").ShouldBeNull();
        CallerKey.Payload(answer.Token!).GetProperty("aud").GetString().ShouldBe("urn:example:plain");
    }

    private static async Task WithOne(Func<IssuerHost, Task> test)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        await test(issuer);
    }
}
