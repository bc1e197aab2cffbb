using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Issuer.Tests.Keys;

public class KeyOptionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static IReadOnlyList<string> Problems(Action<IssuerKeyOptions> change)
    {
        var services = new ServiceCollection();
        services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, new CallerKey(), "unused");
            change(options.Keys);
        });
        return ProblemsOf(services);
    }

    private static IReadOnlyList<string> ProblemsOf(ServiceCollection services)
    {
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

    // AT-16, AT-25, FAPI-26: a closed list; Ed25519 is not signed with here, by neither name.
    [Theory]
    [InlineData("ES256", true)]
    [InlineData("PS256", true)]
    [InlineData("RS256", true)]
    [InlineData("es256", false)]
    [InlineData("ES384", false)]
    [InlineData("EdDSA", false)]
    [InlineData("Ed25519", false)]
    [InlineData("HS256", false)]
    [InlineData("none", false)]
    [InlineData("", false)]
    public void Takes_these_algorithms(string algorithm, bool isTaken)
    {
        IReadOnlyList<string> problems = Problems(keys => keys.Algorithm = algorithm);
        if (isTaken)
            problems.ShouldBeEmpty();
        else
            problems.ShouldHaveSingleItem().ShouldStartWith("Keys:Algorithm: ");
    }

    // FAPI-26
    [Fact]
    public void Refuses_RS256_under_fapi2()
    {
        var services = new ServiceCollection();
        services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, new CallerKey(), "unused");
            options.Profile = Registry.SecurityProfile.Fapi2;
            options.Keys.Algorithm = "RS256";
            options.Keys.External = [new() { Location = "provider:default:file:/a", Algorithm = "RS256" }];
        });
        ProblemsOf(services).ShouldHaveSingleItem().ShouldStartWith("Keys: fapi2");
    }

    // LIFE-16
    [Theory]
    [InlineData(1, -1, false)]
    [InlineData(1, 0, true)]
    [InlineData(1, 1, true)]
    [InlineData(90, -1, true)]
    [InlineData(90, 0, true)]
    [InlineData(90, 1, false)]
    public void Rotates_every_1_to_90_days(int days, int seconds, bool isTaken)
    {
        IReadOnlyList<string> problems = Problems(keys => (keys.RotationInterval, keys.StagingPeriod) = (TimeSpan.FromDays(days) + (seconds * Second), TimeSpan.FromHours(2)));
        problems.Any(problem => problem.StartsWith("Keys:RotationInterval: ", StringComparison.Ordinal)).ShouldBe(!isTaken);
    }

    // LIFE-04
    [Theory]
    [InlineData(10, -1, false)]
    [InlineData(10, 0, true)]
    [InlineData(120, 0, true)]
    [InlineData(120, 1, false)]
    public void Publishes_for_10_minutes_to_the_staging_period(int minutes, int seconds, bool isTaken)
    {
        IReadOnlyList<string> problems = Problems(keys => (keys.StagingPeriod, keys.PublishBeforeUse) = (TimeSpan.FromHours(2), TimeSpan.FromMinutes(minutes) + (seconds * Second)));
        problems.Any(problem => problem.StartsWith("Keys:PublishBeforeUse: ", StringComparison.Ordinal)).ShouldBe(!isTaken);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Stages_for_half_of_the_rotation_at_most(int seconds, bool isTaken)
    {
        IReadOnlyList<string> problems = Problems(keys => (keys.RotationInterval, keys.StagingPeriod) = (TimeSpan.FromDays(2), TimeSpan.FromDays(1) + (seconds * Second)));
        problems.Any(problem => problem.StartsWith("Keys:StagingPeriod: ", StringComparison.Ordinal)).ShouldBe(!isTaken);
    }

    // LIFE-14: what is refused is not repeated, because a PIN may be in it.
    [Theory]
    [InlineData("engine:pkcs11:pkcs11:token=issuer;object=a?pin-value=4711")]
    [InlineData("engine:pkcs11:pkcs11:token=issuer;object=a?PIN-VALUE=4711")]
    [InlineData("engine:pkcs11:pkcs11:token=issuer;object=a?pin%2Dvalue=4711")]
    [InlineData("pkcs11:token=4711")]
    [InlineData("engine:pkcs11:")]
    [InlineData("engine::4711")]
    [InlineData("engine:a/b:4711")]
    [InlineData("Engine:pkcs11:4711")]
    [InlineData("")]
    public void Refuses_a_location(string location)
    {
        string problem = Problems(keys => keys.External = [new() { Location = location }]).ShouldHaveSingleItem();
        problem.ShouldStartWith("Keys:External:0:Location: ");
        problem.ShouldNotContain("4711");
    }

    [Fact]
    public void Refuses_an_external_key_that_is_there_twice() =>
        Problems(keys => keys.External = [new() { Location = "provider:default:file:/a" }, new() { Location = "provider:default:file:/a" }])
            .ShouldHaveSingleItem().ShouldStartWith("Keys:External:1:Location: ");

    [Fact]
    public void Can_be_read_from_settings()
    {
        var services = new ServiceCollection();
        services.AddHoldfastIssuer(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Issuer"] = IssuerHost.Issuer,
            ["DataDirectory"] = "unused",
            ["Keys:Algorithm"] = "PS256",
            ["Keys:RotationInterval"] = "14.00:00:00",
            ["Keys:External:0:Location"] = "provider:default:file:/etc/holdfast/key.pem",
            ["Keys:External:0:Algorithm"] = "HS256",
            ["Keys:Rotation"] = "1",
        }).Build());
        ProblemsOf(services).Order().ToArray().ShouldSatisfyAllConditions(
            problems => problems.Length.ShouldBe(2),
            problems => problems[0].ShouldStartWith("Keys:External:0:Algorithm: 'HS256'"),
            problems => problems[1].ShouldContain("'Keys:Rotation'"));
    }
}
