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

    /// <summary>Where both servers speak TLS: then the client has a certificate and no key.</summary>
    public TestPki? Pki { get; private init; }
    public ManualCertificateSource Certificate { get; } = new(TestPki.Client());

    public Action<LogLevel, string> Logged { get; set; } = (_, _) => { };

    private World() => (Issuer, Api) = (new(Time), new(Time));

    /// <summary>An issuer that binds tokens to certificates, an API that asks for them, and a client with one.</summary>
    public static async Task<World> WithCertificatesAsync(System.Security.Authentication.SslProtocols? versions = null)
    {
        World world = await CreateAsync(versions is { } only ? new() { Versions = only } : new());
        (world.Issuer.TokenType, world.Issuer.ExtraMetadata) = ("Bearer", world.Issuer.MutualTlsMetadata);
        return world;
    }

    public static async Task<World> CreateAsync(TestPki? pki = null)
    {
        var world = new World { Pki = pki };
        await world.Issuer.StartAsync(pki);
        await world.Api.StartAsync(pki);
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
        IHttpClientBuilder builder = collection.AddHttpClient("orders", client => client.BaseAddress = new Uri(Pki is null ? Api.Origin : Api.MtlsOrigin));
        if (Pki is { } pki)
        {
            builder.ConfigurePrimaryHttpMessageHandler(pki.Handler);
            collection.AddHttpClient(HoldfastClientDefaults.BackchannelName).ConfigurePrimaryHttpMessageHandler(pki.Handler);
        }
        builder.AddHoldfast("orders-client", o =>
        {
            o.Issuer = Issuer.Issuer;
            o.ClientId = "orders-client";
            if (Pki is null)
                (o.ClientKeyFile, o.ProofKeyFile) = (ClientKeyFile, ProofKeyFile);
            else
                o.ClientCertificateSource = Certificate;
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
        Pki?.Dispose();
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
