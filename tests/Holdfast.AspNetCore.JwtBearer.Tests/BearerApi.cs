using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Holdfast.AspNetCore.Tests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>What a test changes about the API it starts.</summary>
public sealed record BearerApiSetup
{
    public Action<JwtBearerOptions>? Bearer { get; init; }
    public Action<SenderConstraintOptions>? Constraint { get; init; }
    public Action<IServiceCollection>? ServicesBefore { get; init; }
    public Action<AuthenticationBuilder>? Schemes { get; init; }
    public Action<IServiceCollection>? Services { get; init; }
    public Action<WebApplication>? Pipeline { get; init; }
    public Action<WebApplication>? Endpoints { get; init; }
    public TestIssuer? Issuer { get; init; }
    public X509Certificate2? Certificate { get; init; }
    public bool Unconstrained { get; init; }
    public bool Kestrel { get; init; }

    public static BearerApiSetup Observing { get; } = new() { Constraint = options => options.Observe() };
}

/// <summary>An API as its team left it, with <c>AddJwtBearer</c>, and the one line more; its issuer; one honest caller. On a clock that stands still.</summary>
public sealed class BearerApi : IAsyncDisposable
{
    public const string Url = "https://api.example.com";

    private readonly WebApplication _app;

    private BearerApi(WebApplication app, TestIssuer issuer, ManualTimeProvider clock) => (_app, Issuer, Clock) = (app, issuer, clock);

    public TestIssuer Issuer { get; }
    public ManualTimeProvider Clock { get; }
    public TestKey Key { get; } = TestKey.Es256();
    public Recorder Recorded { get; private init; } = null!;
    public HttpClient Client { get; private init; } = null!;
    public int Port { get; private init; }
    public IServiceProvider Services => _app.Services;

    public static async Task<BearerApi> StartAsync(BearerApiSetup? setup = null)
    {
        setup ??= new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        TestIssuer issuer = setup.Issuer ?? new();
        var clock = new ManualTimeProvider();
        var recorder = new Recorder();
        if (setup.Kestrel)
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        builder.Logging.AddProvider(recorder).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRouting().AddAuthorization();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IVerificationObserver>(recorder);
        builder.Services.AddSingleton<IReplayStore>(provider =>
            new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
        if (setup.Certificate is { } certificate)
            builder.Services.AddSingleton<IStartupFilter>(new Connection(certificate));
        setup.ServicesBefore?.Invoke(builder.Services);
        AuthenticationBuilder authentication = builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            Configure(options, issuer, clock);
            setup.Bearer?.Invoke(options);
        });
        setup.Schemes?.Invoke(authentication);
        if (!setup.Unconstrained)
        {
            authentication.AddSenderConstraint(options =>
            {
                options.NonceMode = NonceMode.OnDemand;
                setup.Constraint?.Invoke(options);
            });
        }
        setup.Services?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        setup.Pipeline?.Invoke(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/open", () => "open");
        app.MapMethods("/orders", ["GET", "HEAD", "POST"], (ClaimsPrincipal user) => user.FindFirst("sub")?.Value ?? "").RequireAuthorization();
        app.MapGet("/orders/{id}", (string id) => id).RequireAuthorization();
        setup.Endpoints?.Invoke(app);
        await app.StartAsync();
        return new BearerApi(app, issuer, clock)
        {
            Client = setup.Kestrel ? new HttpClient() : app.GetTestClient(),
            Port = setup.Kestrel ? new Uri(app.Urls.First()).Port : 0,
            Recorded = recorder,
        };
    }

    /// <summary>What the API's team wrote, before anybody spoke of proofs.</summary>
    public static void Configure(JwtBearerOptions options, TestIssuer issuer, TimeProvider clock)
    {
        options.Audience = Url;
        options.MapInboundClaims = false;
        options.TokenValidationParameters.ValidIssuer = issuer.Url;
        options.TokenValidationParameters.IssuerSigningKey = new Microsoft.IdentityModel.Tokens.JsonWebKey(issuer.Key.PublicJwk().ToJsonString());
        options.TokenValidationParameters.LifetimeValidator = (notBefore, expires, _, _) => expires > clock.GetUtcNow()
            ? true : throw new SecurityTokenExpiredException { Expires = expires ?? default };
    }

    /// <summary>A good token bound to the caller's key, to a certificate, to both or to nothing.</summary>
    public string Token(bool toKey = true, X509Certificate2? certificate = null, string client = "orders-client", Action<JsonObject>? change = null)
    {
        JsonObject claims = Issuer.Claims(Url, Clock.UtcNow, toKey ? Key.Thumbprint : null, client);
        if (certificate is not null)
            (claims["cnf"] ??= new JsonObject())["x5t#S256"] = TestKey.Encode(SHA256.HashData(certificate.RawData));
        change?.Invoke(claims);
        return Issuer.Sign(claims);
    }

    public string UnboundToken(string client = "orders-client") => Token(toKey: false, client: client);

    public TestProof Proof(string method, string path, string token, string? nonce = null) => new(Key, method, Url + path, Clock.UtcNow, token, nonce);

    /// <summary>Sends as the honest caller with a key does, unless the test hands in other credentials.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, string? token = null, TestProof? proof = null)
    {
        token ??= Token();
        return SendAsync(path, $"DPoP {token}", (proof ?? Proof("GET", path, token)).Sign());
    }

    public Task<HttpResponseMessage> SendAsync(string path, string? authorization, string? proof = null, HttpContent? content = null, string? cookie = null)
    {
        var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, (Port == 0 ? Url : $"http://127.0.0.1:{Port}") + path) { Content = content };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        if (cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    // The connection is the server's to tell, before the first middleware.
    private sealed class Connection(X509Certificate2 certificate) : IStartupFilter, ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; } = certificate;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, pipeline) => { context.Features.Set<ITlsConnectionFeature>(this); return pipeline(context); });
            next(app);
        };
    }
}
