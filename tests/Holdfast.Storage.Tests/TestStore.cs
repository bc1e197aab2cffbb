using Holdfast.Issuer;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Storage.Tests;

/// <summary>One process's stores, started as a host starts them.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _isDisposed;

    private TestStore(IHost host, ManualTimeProvider clock, LogRecorder log) => (_host, Clock, Log) = (host, clock, log);

    public ManualTimeProvider Clock { get; }

    public LogRecorder Log { get; }

    public IIssuerStore Issuer => _host.Services.GetRequiredService<IIssuerStore>();

    public IRegistryStore Registry => _host.Services.GetRequiredService<IRegistryStore>();

    public IServiceProvider Services => _host.Services;

    public IStateDatabase Database => _host.Services.GetRequiredService<IStateDatabase>();

    public static async Task<TestStore> StartAsync(Action<HoldfastStorageOptions> configure, ManualTimeProvider? clock = null)
    {
        clock ??= new();
        var log = new LogRecorder();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddHoldfastStorage(options =>
        {
            // Ten tests share two cores with the database.
            (options.Deadline, options.StartPatience) = (TimeSpan.FromSeconds(20), TimeSpan.Zero);
            configure(options);
        });
        IHost host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
        return new(host, clock, log);
    }

    public async Task<RegistryPosition> PositionAsync() => (await Registry.ReadSinceAsync(RegistryPosition.Start, default)).Position;

    public async Task<Spending> DecidedAsync() => new(null, await PositionAsync());

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
