using System.Net;
using System.Security.Cryptography.X509Certificates;
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

    // MTLS-31
    [Fact]
    public void Says_everything_that_is_wrong_with_the_certificate()
    {
        using X509Certificate2 certificate = TestPki.Client();
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        string[] problems = Problems(o =>
        {
            (o.ClientCertificate, o.ClientCertificateSource) = (bare, new ManualCertificateSource(certificate));
            (o.ClientCertificateKeyFile, o.ProofKeyFile) = ("/nowhere/tls.key", "/nowhere/proof.pem");
            (o.ClientKeyFile, o.ClientSecret) = (null, null);
        });
        problems.Length.ShouldBe(5, string.Join('\n', problems));
        foreach (string setting in new[] { "ClientCertificateSource", "no private key", "/nowhere/tls.key", "belong together", "Tokens are bound to the certificate" })
            problems.ShouldContain(problem => problem.Contains(setting));
    }

    // MTLS-31: without a key or a secret the certificate says who the client is; beside one of them it binds.
    [Theory]
    [InlineData(false, null, null, null, 1)]
    [InlineData(false, "s", null, null, 0)]
    [InlineData(true, null, null, null, 0)]
    [InlineData(true, "s", null, null, 0)]
    [InlineData(true, null, TokenBinding.Certificate, null, 0)]
    [InlineData(true, null, TokenBinding.Certificate, "p", 1)]
    [InlineData(true, null, null, "p", 1)]
    [InlineData(true, null, TokenBinding.Both, "p", 0)]
    [InlineData(true, null, TokenBinding.DPoP, "p", 0)]
    [InlineData(true, null, (TokenBinding)0, "p", 1)]
    [InlineData(true, null, (TokenBinding)4, null, 1)]
    [InlineData(false, "s", TokenBinding.Certificate, null, 1)]
    [InlineData(false, "s", TokenBinding.Both, null, 1)]
    [InlineData(false, "s", TokenBinding.DPoP, null, 0)]
    public void Takes_certificate_secret_and_binding_that_fit_together(bool certificate, string? secret, TokenBinding? binding, string? proofKey, int problems)
    {
        using X509Certificate2 own = TestPki.Client();
        Problems(o => (o.ClientCertificate, o.ClientSecret, o.Binding, o.ProofKeyFile) = (certificate ? own : null, secret, binding, proofKey))
            .Length.ShouldBe(problems);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("None")]
    [InlineData("DPoP, Certificate")]
    public async Task Refuses_a_binding_that_does_not_exist(string value)
    {
        await using World world = await World.CreateAsync();
        HttpClient client = world.Client(services: services =>
            services.AddSingleton<IConfiguration>(Configuration(new() { ["Holdfast:Clients:orders-client:Binding"] = value })));
        (await Should.ThrowAsync<OptionsValidationException>(() => client.GetAsync("/orders"))).Message.ShouldContain("orders-client:Binding");
    }

    private static string[] Problems(Action<HoldfastClientOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddHoldfastClient("c", o =>
        {
            (o.Issuer, o.ClientId) = ("https://issuer.example", "c");
            configure(o);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    private static IConfigurationRoot Configuration(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();
}
