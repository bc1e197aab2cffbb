using Holdfast.AspNetCore;
using Holdfast.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>One line shares the memory of proofs, whatever else is registered and in whatever order.</summary>
public sealed class RegistrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=holdfast;Username=holdfast;Password=never-shown";

    // DPOP-V-29
    [Theory]
    [InlineData(true, null, NonceMode.OnDemand)]
    [InlineData(false, null, NonceMode.OnDemand)]
    [InlineData(true, NonceMode.Always, NonceMode.Always)]
    public async Task Asks_for_nonces_on_demand_unless_told_otherwise(bool doorFirst, NonceMode? told, NonceMode expected)
    {
        await using ServiceProvider provider = Services(Nowhere, told, doorFirst).BuildServiceProvider();

        provider.GetRequiredService<IOptionsMonitor<HoldfastOptions>>().Get(HoldfastDefaults.AuthenticationScheme).NonceMode.ShouldBe(expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_the_one_store_of_the_process_with_nonces_for_both_roles(bool doorFirst)
    {
        await using ServiceProvider provider = Services(Nowhere, null, doorFirst).BuildServiceProvider();
        PostgreSqlReplayStore store = provider.GetRequiredService<PostgreSqlReplayStore>();

        provider.GetRequiredService<IReplayStore>().ShouldBeSameAs(store);
        provider.GetRequiredService<ISharedReplayStore>().ShouldBeSameAs(store);
        provider.GetServices<IReplayStore>().Count().ShouldBe(1);
        foreach (VerifierRole role in Enum.GetValues<VerifierRole>())
            provider.GetRequiredKeyedService<IDPoPNonces>(role).Current.ShouldBeNull();
        store.WhyNotReady.ShouldNotBeNull().ShouldNotContain("never-shown");
    }

    [Fact]
    public async Task Refuses_to_start_with_a_connection_string_that_is_none()
    {
        using IHost host = Host("Hots=db.example.com;Password=never-shown");

        OptionsValidationException failure = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        failure.Failures.ShouldHaveSingleItem().ShouldStartWith("ConnectionString:");
        failure.ToString().ShouldNotContain("never-shown");
    }

    // DPOP-V-27, DPOP-V-29: several replicas and no warning; the start waits for the database, and a proof is accepted once.
    [PostgresTheory]
    [InlineData(NonceMode.OnDemand, HealthStatus.Healthy)]
    [InlineData(NonceMode.Always, HealthStatus.Healthy)]
    public async Task Starts_with_many_replicas_and_passes_its_test(NonceMode nonces, HealthStatus expected)
    {
        var lines = new ListLogger();
        using IHost host = Host(await postgres.CreateDatabaseAsync(), nonces, lines);

        await host.StartAsync();

        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status.ShouldBe(expected);
        lines.Lines.ShouldAllBe(line => line.Level < LogLevel.Warning);
        await host.StopAsync();
    }

    // DPOP-V-28: a proof would be filed by its nonce at one node and by its iat at another.
    [Fact]
    public async Task Refuses_to_start_without_nonces()
    {
        using IHost host = Host(Nowhere, NonceMode.Off);

        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync())).Failures.ShouldHaveSingleItem().ShouldStartWith("NonceMode:");
        await using ServiceProvider provider = Services(Nowhere, null, doorFirst: true).BuildServiceProvider();
        Should.Throw<ArgumentException>(() => new DPoPProofVerifier(VerifierRole.AuthorizationServer, new() { NonceMode = NonceMode.Off },
            provider.GetRequiredService<VerifierClock>(), provider.GetRequiredService<IReplayStore>(), null));
    }

    // DPOP-V-32: an API whose database is away starts, and says so.
    [Fact]
    public async Task Starts_without_its_database_and_is_unhealthy()
    {
        var lines = new ListLogger();
        using IHost host = Host(Nowhere, log: lines);

        // Generous: it only bounds a hang.
        await host.StartAsync().WaitAsync(TimeSpan.FromMinutes(1));

        HealthReportEntry entry = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["holdfast-replay"];
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldNotBeNull().ShouldContain("127.0.0.1:1");
        lines.Lines.ShouldAllBe(line => !line.Text.Contains("never-shown"));
        await host.StopAsync();
    }

    // DPOP-V-32: alone a node goes by nonces and records of its own, and goes on.
    [Fact]
    public async Task Starts_without_its_database_and_is_degraded_where_nonces_take_its_place()
    {
        using IHost host = Host(Nowhere, configure: options => options.WhenUnavailable = ReplayLoss.Nonce);

        await host.StartAsync().WaitAsync(TimeSpan.FromMinutes(1));

        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
        host.Services.GetRequiredKeyedService<IDPoPNonces>(VerifierRole.ResourceServer).AreDemanded.ShouldBeTrue();
        await host.StopAsync();
    }

    private static IHost Host(string database, NonceMode? nonces = null, ListLogger? log = null, Action<PostgreSqlReplayOptions>? configure = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (log is not null)
            builder.Logging.AddProvider(new Only(log));
        foreach (ServiceDescriptor service in Services(database, nonces, doorFirst: true, configure))
            builder.Services.Add(service);
        builder.Services.AddHealthChecks().AddHoldfastReplay();
        return builder.Build();
    }

    private static ServiceCollection Services(string database, NonceMode? nonces, bool doorFirst, Action<PostgreSqlReplayOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        AuthenticationBuilder authentication = services.AddAuthentication();
        if (!doorFirst)
            authentication.UsePostgreSqlReplay(database, configure);
        authentication.AddHoldfast(options =>
        {
            options.Issuer = "https://issuer.example";
            options.Audience = "https://api.example.com";
            options.Replicas = 3;
            options.NonceMode = nonces;
        });
        if (doorFirst)
            authentication.UsePostgreSqlReplay(database, configure);
        return services;
    }

    private sealed class Only(ListLogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Holdfast", StringComparison.Ordinal) ? log : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
