using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Holdfast.AspNetCore.Tests.Certificates;
using Holdfast.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests;

/// <summary>What a test changes about the API it starts.</summary>
public sealed record TestApiSetup
{
    public Action<HoldfastOptions>? Options { get; init; }
    public Action<IServiceCollection>? Services { get; init; }
    public Action<IServiceCollection>? ServicesBefore { get; init; }
    public Action<WebApplication>? Pipeline { get; init; }
    public Action<WebApplication>? Endpoints { get; init; }
    public bool Kestrel { get; init; }

    /// <summary>Listeners of its own, for Kestrel.</summary>
    public Action<KestrelServerOptions>? Listen { get; init; }

    public TestIssuer? Issuer { get; init; }

    /// <summary>The client certificate that the server in memory claims each request came with.</summary>
    public X509Certificate2? Certificate { get; init; }
}

/// <summary>A small protected API, its issuer and one honest caller, on a clock that stands still.</summary>
public sealed class TestApi : IAsyncDisposable
{
    public const string Url = "https://api.example.com";

    private readonly WebApplication _app;

    private TestApi(WebApplication app, TestIssuer issuer, ManualTimeProvider clock) => (_app, Issuer, Clock) = (app, issuer, clock);

    public TestIssuer Issuer { get; }
    public ManualTimeProvider Clock { get; }
    public TestKey Key { get; } = TestKey.Es256();
    public Recorder Recorded { get; private init; } = null!;
    public HttpClient Client { get; private set; } = null!;
    public int Port { get; private set; }

    /// <summary>Where it listens, in the order of its listeners; empty in memory.</summary>
    public IReadOnlyList<string> Urls { get; private set; } = [];

    public IServiceProvider Services => _app.Services;

    public static async Task<TestApi> StartAsync(TestApiSetup? setup = null)
    {
        setup ??= new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        TestIssuer issuer = setup.Issuer ?? new();
        var clock = new ManualTimeProvider();
        if (setup.Listen is { } listen)
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listen);
        else if (setup.Kestrel)
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        var recorder = new Recorder();
        builder.Logging.AddProvider(recorder).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRouting().AddAuthorization();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IVerificationObserver>(recorder);
        builder.Services.AddSingleton<IReplayStore>(provider =>
            new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
        setup.ServicesBefore?.Invoke(builder.Services);
        builder.Services.AddAuthentication().AddHoldfast(options =>
        {
            options.Issuer = issuer.Url;
            options.Audience = Url;
            options.NonceMode = NonceMode.OnDemand;
            setup.Options?.Invoke(options);
        });
        builder.Services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => issuer.Handler);
        setup.Services?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        setup.Pipeline?.Invoke(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/open", () => "open");
        app.MapMethods("/orders", ["GET", "HEAD", "POST", "PUT", "DELETE"], (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
        app.MapGet("/orders/{id}", (string id) => id).RequireAuthorization();
        setup.Endpoints?.Invoke(app);
        await app.StartAsync();
        return new TestApi(app, issuer, clock)
        {
            Client = setup.Kestrel || setup.Listen is not null ? new HttpClient() : InMemory(app, setup.Certificate),
            Urls = [.. app.Urls],
            Port = Uri.TryCreate(app.Urls.FirstOrDefault(), UriKind.Absolute, out Uri? url) ? url.Port : 0,
            Recorded = recorder,
        };
    }

    private static HttpClient InMemory(WebApplication app, X509Certificate2? certificate)
    {
        var handler = (ClientHandler)app.GetTestServer().CreateHandler(context =>
        {
            if (certificate is not null)
                context.Connection.ClientCertificate = certificate;
        });
        return new HttpClient(handler) { BaseAddress = app.GetTestServer().BaseAddress };
    }

    /// <summary>A good token bound to the caller's key.</summary>
    public string BoundToken(string client = "orders-client") => Issuer.Token(Url, Clock.UtcNow, Key.Thumbprint, client);

    /// <summary>A good token that nothing binds.</summary>
    public string BearerToken(string client = "orders-client") => Issuer.Token(Url, Clock.UtcNow, null, client);

    /// <summary>A good token bound to a certificate, and where <paramref name="jkt"/> is given to a key as well.</summary>
    public string CertificateToken(X509Certificate2 certificate, string? jkt = null, string client = "orders-client")
    {
        JsonObject claims = Issuer.Claims(Url, Clock.UtcNow, jkt, client);
        JsonObject cnf = claims["cnf"] as JsonObject ?? [];
        cnf["x5t#S256"] = TestCertificates.Thumbprint(certificate);
        claims["cnf"] = cnf.Parent is null ? cnf : cnf.DeepClone();
        return Issuer.Sign(claims);
    }

    public TestProof Proof(string method, string path, string token, string? nonce = null) => new(Key, method, Url + path, Clock.UtcNow, token, nonce);

    /// <summary>Sends as the honest caller does, unless the test hands in other credentials.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, string? token = null, TestProof? proof = null)
    {
        token ??= BoundToken();
        return SendAsync(HttpMethod.Get, path, $"DPoP {token}", (proof ?? Proof("GET", path, token)).Sign());
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? authorization, string? proof = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, (Port == 0 ? Url : $"http://127.0.0.1:{Port}") + path) { Content = content };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
