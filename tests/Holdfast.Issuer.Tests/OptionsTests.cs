using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Issuer.Tests;

public class OptionsTests
{
    private static IReadOnlyList<string> Problems(Action<HoldfastIssuerOptions> change)
    {
        var key = new CallerKey();
        var services = new ServiceCollection();
        services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, key, "unused");
            change(options);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            _ = provider.GetRequiredService<IOptions<HoldfastIssuerOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }

    [Fact]
    public void Accepts_the_defaults_of_these_tests() => Problems(_ => { }).ShouldBeEmpty();

    // AT-50
    [Theory]
    [InlineData("https://id.example/")]
    [InlineData("https://id.example/tenant")]
    [InlineData("http://localhost:7100")]
    [InlineData("http://127.0.0.1:7100")]
    public void Accepts_an_issuer(string issuer) => Problems(o => o.Issuer = issuer).ShouldBeEmpty();

    // AT-50
    [Theory]
    [InlineData("")]
    [InlineData("id.example")]
    [InlineData("ftp://id.example")]
    [InlineData("http://id.example")]
    [InlineData("https://id.example?a=b")]
    [InlineData("https://id.example#a")]
    [InlineData("https://user@id.example")]
    [InlineData("https://id.example/a b")]
    [InlineData("https://id.example/{id}")]
    [InlineData("https://id.example/a//b")]
    [InlineData("https://id.example/a/../b")]
    [InlineData("https://id.exämple")]
    public void Refuses_an_issuer(string issuer) =>
        Problems(o => o.Issuer = issuer).ShouldHaveSingleItem().ShouldStartWith("Issuer: ");

    [Fact]
    public void Takes_http_elsewhere_only_where_it_is_called_dangerous() =>
        Problems(o => (o.Issuer, o.DangerouslyAllowHttp) = ("http://id.example", true)).ShouldBeEmpty();

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    public void Bounds_the_lifetime_of_tokens(int seconds, bool allowed) =>
        Problems(o => o.AccessTokenLifetime = TimeSpan.FromSeconds(seconds)).Count.ShouldBe(allowed ? 0 : 1);

    // DPOP-AS-13
    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("EdDSA")]
    public void Refuses_an_algorithm(string algorithm)
    {
        Problems(o => o.Algorithms = [algorithm]).ShouldHaveSingleItem().ShouldStartWith("Algorithms: ");
        Problems(o => o.AssertionAlgorithms = ["ES256", algorithm]).ShouldHaveSingleItem().ShouldStartWith("AssertionAlgorithms: ");
    }

    [Fact]
    public void Refuses_an_empty_list_of_algorithms() => Problems(o => o.Algorithms = []).Count.ShouldBe(1);

    // AT-12
    [Theory]
    [InlineData("https://orders.example")]
    [InlineData("https://orders.example/")]
    [InlineData("/orders")]
    [InlineData("orders")]
    [InlineData("https://x.example/#f")]
    public void Refuses_a_second_resource(string identifier) =>
        Problems(o => o.Resources.Add(new() { Identifier = identifier })).ShouldHaveSingleItem().ShouldStartWith("Resources:2:Identifier");

    // AT-12
    [Theory]
    [InlineData("https://orders.example")]
    [InlineData("https://orders.example/")]
    [InlineData("https://stock.example/v1")]
    [InlineData("orders")]
    public void Refuses_another_name_that_is_taken_or_none(string identifier) =>
        Problems(o => o.Resources[0].AlternateIdentifiers = ["https://mtls.orders.example", identifier])
            .ShouldHaveSingleItem().ShouldStartWith(identifier.StartsWith("https://stock", StringComparison.Ordinal) ? "Resources:1:Identifier" : "Resources:0:AlternateIdentifiers:1");

    [Fact]
    public void Refuses_a_client_with_private_keys()
    {
        var key = new CallerKey();
        Problems(o => o.Clients[0].Jwks = key.PrivateJwk.ToJsonString()).ShouldHaveSingleItem().ShouldContain("private");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[1]}""")]
    [InlineData("not json")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","alg":"HS256"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}""")]
    public void Refuses_keys_it_could_not_verify_with(string jwks) =>
        Problems(o => o.Clients[0].Jwks = jwks).ShouldNotBeEmpty();

    [Fact]
    public void Refuses_a_key_for_encryption_or_for_another_algorithm()
    {
        var key = new CallerKey();
        Problems(o => o.Clients[0].Jwks = key.Jwks(alg: "ES384")).Count.ShouldBe(1);
        var encryption = key.Jwk;
        encryption["use"] = "enc";
        Problems(o => o.Clients[0].Jwks = encryption.ToJsonString()).Count.ShouldBe(1);
    }

    [Fact]
    public void Reads_the_keys_of_a_client_from_a_file_or_from_a_setting_but_not_from_both()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, new CallerKey().Jwks());
            Problems(o => (o.Clients[0].Jwks, o.Clients[0].JwksFile) = (null, file)).ShouldBeEmpty();
            Problems(o => o.Clients[0].JwksFile = file).ShouldHaveSingleItem().ShouldStartWith("Clients:0");
            Problems(o => o.Clients[0].Jwks = null).ShouldHaveSingleItem().ShouldStartWith("Clients:0");
            Problems(o => (o.Clients[0].Jwks, o.Clients[0].JwksFile) = (null, file + ".missing")).ShouldHaveSingleItem().ShouldContain(file + ".missing");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Refuses_a_client_that_could_never_get_a_token()
    {
        Problems(o => o.Clients[0].Resources.Clear()).ShouldHaveSingleItem().ShouldStartWith("Clients:0:Resources");
        Problems(o => o.Clients[0].Resources = ["https://elsewhere.example"]).ShouldHaveSingleItem().ShouldStartWith("Clients:0:Resources");
        Problems(o => o.Clients[0].Scopes = ["stock.read"]).ShouldHaveSingleItem().ShouldStartWith("Clients:0:Scopes");
    }

    [Fact]
    public void Refuses_a_secret_unless_secrets_are_switched_on()
    {
        void UseSecret(HoldfastIssuerOptions o) => o.Clients[0] = new()
        {
            ClientId = "c", AuthenticationMethod = "client_secret_basic", ClientSecretSha256 = IssuerHost.HashOf(IssuerHost.Secret),
            Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        };
        Problems(UseSecret).ShouldHaveSingleItem().ShouldStartWith("Clients:0:AuthenticationMethod");
        Problems(o =>
        {
            UseSecret(o);
            o.AllowClientSecrets = true;
        }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("zz81bc9a6b3f7c6cbfb2f2d5b5c3b4f0e1d2c3b4a5968778695a4b3c2d1e0f00")]
    public void Refuses_a_hash_that_is_none(string? hash) => Problems(o =>
    {
        o.AllowClientSecrets = true;
        o.Clients.Add(new() { ClientId = "c", AuthenticationMethod = "client_secret_basic", ClientSecretSha256 = hash, Scopes = ["orders.read"], Resources = [IssuerHost.Orders] });
    }).ShouldHaveSingleItem().ShouldStartWith("Clients:1:ClientSecretSha256");

    [Fact]
    public void Reports_every_problem_at_once()
    {
        IReadOnlyList<string> problems = Problems(o =>
        {
            o.Issuer = "http://id.example";
            o.DataDirectory = "";
            o.AccessTokenLifetime = TimeSpan.Zero;
            o.Algorithms = ["none"];
            o.Clients[0].ClientId = "";
            o.Clients[0].Scopes.Add("a b");
        });
        problems.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Stops_the_start_of_the_host()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddHoldfastIssuer(o => o.Issuer = "http://id.example");
        await using WebApplication app = builder.Build();
        await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync());
    }

    [Fact]
    public async Task Says_aloud_what_is_switched_off()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
        {
            o.Issuer = "http://id.example";
            o.DangerouslyAllowHttp = o.AllowClientSecrets = true;
            o.Clients[0].DPoPBoundAccessTokens = false;
        });
        foreach (string setting in new[] { "DangerouslyAllowHttp", "AllowClientSecrets", "DPoPBoundAccessTokens" })
            issuer.Log.Lines.ShouldContain(line => line.Contains(setting));
    }

    [Theory]
    [InlineData(NonceMode.OnDemand, false, true)]
    [InlineData(NonceMode.OnDemand, true, false)]
    [InlineData(NonceMode.Off, false, true)]
    [InlineData(NonceMode.Always, false, false)]
    public async Task Warns_where_a_second_instance_would_accept_a_proof_again(NonceMode mode, bool singleInstance, bool warns)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => (o.NonceMode, o.SingleInstance) = (mode, singleInstance));
        issuer.Log.Lines.Any(line => line.Contains("a second instance")).ShouldBe(warns);
    }

    // DPOP-V-29
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Warns_where_nonces_may_outlive_the_memory_of_proofs(bool ownNonces)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.SingleInstance = true, services: services =>
        {
            if (ownNonces)
                services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.AuthorizationServer,
                    (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.AuthorizationServer, new byte[32]));
        });
        issuer.Log.Lines.Any(line => line.Contains("the host's nonces")).ShouldBe(ownNonces);
    }

    [Fact]
    public void Is_read_from_configuration()
    {
        var key = new CallerKey();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Issuer"] = "https://id.example",
            ["DataDirectory"] = "data",
            ["AccessTokenLifetime"] = "00:02:00",
            ["NonceMode"] = "Always",
            ["Algorithms:0"] = "ES256",
            ["Resources:0:Identifier"] = "https://orders.example",
            ["Resources:0:Scopes:0"] = "orders.read",
            ["Clients:0:ClientId"] = "c",
            ["Clients:0:Jwks"] = key.Jwks(),
            ["Clients:0:DPoPBoundAccessTokens"] = "false",
            ["Clients:0:Scopes:0"] = "orders.read",
            ["Clients:0:Resources:0"] = "https://orders.example",
        }).Build();
        using ServiceProvider provider = new ServiceCollection().AddHoldfastIssuer(configuration).Services.BuildServiceProvider();
        HoldfastIssuerOptions options = provider.GetRequiredService<IOptions<HoldfastIssuerOptions>>().Value;
        options.AccessTokenLifetime.ShouldBe(TimeSpan.FromMinutes(2));
        options.NonceMode.ShouldBe(NonceMode.Always);
        options.Algorithms.ShouldBe(["ES256"]);
        options.Clients.ShouldHaveSingleItem().DPoPBoundAccessTokens.ShouldBe(false);
    }

    [Fact]
    public void Tells_all_that_is_wrong_with_a_configuration_together()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Issuer:Isuer"] = "x",
            ["Issuer:SingleInstance"] = "perhaps",
            ["Issuer:AccessTokenLifetime"] = "soon",
            ["Issuer:NonceMode"] = "sometimes",
            ["Issuer:DataDirectory:Path"] = "nested",
            ["Issuer:Resources"] = "https://orders.example",
            ["Issuer:Clients:0:ClientId"] = "orders-client",
            ["Issuer:Clients:0:Secret"] = "x",
            ["Issuer:Clients:0:DPoPBoundAccessTokens"] = "maybe",
        }).Build();
        using ServiceProvider provider = new ServiceCollection().AddHoldfastIssuer(configuration.GetSection("Issuer")).Services.BuildServiceProvider();

        string[] problems = [.. Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<HoldfastIssuerOptions>>().Value).Failures];

        foreach (string setting in new[] { "Isuer", "SingleInstance", "AccessTokenLifetime", "NonceMode", "DataDirectory", "Resources", "Clients:0:Secret", "Clients:0:DPoPBoundAccessTokens" })
            problems.ShouldContain(problem => problem.StartsWith($"The setting 'Issuer:{setting}'", StringComparison.Ordinal), setting);
        // And what was missing all the same.
        problems.ShouldContain(problem => !problem.StartsWith("The setting", StringComparison.Ordinal));
    }
}
