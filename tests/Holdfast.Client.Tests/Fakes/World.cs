using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests.Fakes;

/// <summary>An issuer, an API, a folder for keys and a client between them.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly List<ServiceProvider> _providers = [];

    public ManualTimeProvider Time { get; } = new();
    public FakeIssuer Issuer { get; }
    public FakeApi Api { get; }
    public string Folder { get; } = Directory.CreateTempSubdirectory("holdfast-client-").FullName;
    public string ClientKeyFile => Path.Combine(Folder, "client.pem");
    public string ProofKeyFile => Path.Combine(Folder, "keys", "proof.pem");
    public ECDsa ClientKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public ConcurrentQueue<(LogLevel Level, string Text)> Logs { get; } = new();

    public Action<LogLevel, string> Logged { get; set; } = (_, _) => { };

    private World() => (Issuer, Api) = (new(Time), new(Time));

    public static async Task<World> CreateAsync()
    {
        var world = new World();
        await world.Issuer.StartAsync();
        await world.Api.StartAsync();
        WriteKey(world.ClientKeyFile, world.ClientKey.ExportPkcs8PrivateKeyPem());
        return world;
    }

    public static void WriteKey(string path, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
    }

    public ServiceProvider Provider(Action<HoldfastClientOptions>? options = null, Action<IHttpClientBuilder>? http = null, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Recorder(this)));
        services?.Invoke(collection);
        IHttpClientBuilder builder = collection.AddHttpClient("orders", client => client.BaseAddress = new Uri(Api.Origin));
        builder.AddHoldfast("orders-client", o =>
        {
            o.Issuer = Issuer.Issuer;
            o.ClientId = "orders-client";
            o.ClientKeyFile = ClientKeyFile;
            o.ProofKeyFile = ProofKeyFile;
            options?.Invoke(o);
        });
        http?.Invoke(builder);
        ServiceProvider provider = collection.BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }

    public HttpClient Client(Action<HoldfastClientOptions>? options = null, Action<IHttpClientBuilder>? http = null, Action<IServiceCollection>? services = null) =>
        Provider(options, http, services).GetRequiredService<IHttpClientFactory>().CreateClient("orders");

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider provider in _providers)
            await provider.DisposeAsync();
        await Issuer.DisposeAsync();
        await Api.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        ClientKey.Dispose();
    }

    private sealed class Recorder(World world) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Dispose() { }

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string text = formatter(state, exception) + exception;
            world.Logs.Enqueue((level, text));
            world.Logged(level, text);
        }
    }
}
