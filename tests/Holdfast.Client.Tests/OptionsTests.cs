using System.Net;
using Holdfast.Client.Tests.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Client.Tests;

public class OptionsTests
{
    [Fact]
    public void Says_everything_that_is_wrong_at_start()
    {
        var services = new ServiceCollection();
        services.AddHoldfastClient("orders-client", o =>
        {
            o.Resource = "relative";
            o.ClientKeyFile = "/nowhere/client.pem";
            o.ClientSecret = "";
            o.MaxBufferedContentBytes = -1;
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        var thrown = Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        string all = string.Join('\n', thrown.Failures);
        foreach (string setting in new[] { "Issuer", "ClientId", "Resource", "ClientKeyFile", "ClientSecret", "MaxBufferedContentBytes", "'orders-client'" })
            all.ShouldContain(setting);
        thrown.Failures.Count().ShouldBe(7);
    }

    [Fact]
    public async Task Says_everything_that_is_wrong_on_first_use()
    {
        await using World world = await World.CreateAsync();
        var thrown = await Should.ThrowAsync<OptionsValidationException>(() => world.Client(o => (o.Issuer, o.ClientId) = (null, null)).GetAsync("/orders"));
        thrown.Failures.Count().ShouldBe(2);
    }

    // AT-50
    [Theory]
    [InlineData("https://issuer.example", true)]
    [InlineData("https://issuer.example/tenants/7", true)]
    [InlineData("http://localhost:7100", true)]
    [InlineData("http://127.0.0.1:7100", true)]
    [InlineData("http://[::1]:7100", true)]
    [InlineData("http://issuer.example", false)]
    [InlineData("https://issuer.example?x", false)]
    [InlineData("https://issuer.example#x", false)]
    [InlineData("https://me@issuer.example", false)]
    [InlineData("issuer.example", false)]
    [InlineData("ftp://issuer.example", false)]
    public void Takes_issuers_that_are_https_or_on_this_machine(string issuer, bool valid)
    {
        var services = new ServiceCollection();
        services.AddHoldfastClient("c", o => (o.Issuer, o.ClientId, o.ClientSecret) = (issuer, "c", "s"));
        using ServiceProvider provider = services.BuildServiceProvider();
        Action validate = () => provider.GetRequiredService<IStartupValidator>().Validate();
        if (valid)
            validate.ShouldNotThrow();
        else
            validate.ShouldThrow<OptionsValidationException>();
    }

    [Fact]
    public async Task Reads_the_configuration_section_of_the_client()
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client(o => o.Issuer = world.Issuer.Issuer, services: services => services.AddSingleton<IConfiguration>(Configuration(new()
        {
            ["Holdfast:Clients:orders-client:Scope"] = "orders",
            ["Holdfast:Clients:orders-client:Issuer"] = "https://code-wins.example",
        })));
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.Requests.ShouldHaveSingleItem().Form["scope"].ShouldBe("orders");
    }

    [Fact]
    public async Task Refuses_settings_that_do_not_exist()
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client(services: services => services.AddSingleton<IConfiguration>(Configuration(new()
        {
            ["Holdfast:Clients:orders-client:Isuer"] = "https://issuer.example",
            ["Holdfast:Clients:orders-client:MaxBufferedContentBytes"] = "many",
        })));
        var thrown = await Should.ThrowAsync<OptionsValidationException>(() => client.GetAsync("/orders"));
        thrown.Failures.Count().ShouldBe(2);
        thrown.Message.ShouldContain("Holdfast:Clients:orders-client:Isuer");
    }

    private static IConfigurationRoot Configuration(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();
}
