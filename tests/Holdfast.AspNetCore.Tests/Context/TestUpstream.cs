using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests.Context;

/// <summary>A service behind a guard that signs what a test tells it, also what no guard should; on a clock that stands still.</summary>
public sealed class TestUpstream : IAsyncDisposable
{
    public const string Guard = "https://guard.example.com";
    public const string Audience = "orders-service";

    private readonly WebApplication _app;

    private TestUpstream(WebApplication app, GuardDocuments guard, ManualTimeProvider clock, Recorder recorded) => (_app, Keys, Clock, Recorded) = (app, guard, clock, recorded);

    public GuardDocuments Keys { get; }
    public ManualTimeProvider Clock { get; }
    public Recorder Recorded { get; }

    public static async Task<TestUpstream> StartAsync(Action<HoldfastContextOptions>? edit = null, Action<IServiceCollection>? services = null, Action<WebApplication>? endpoints = null)
    {
        var keys = new GuardDocuments();
        var clock = new ManualTimeProvider();
        var recorded = new Recorder();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.AddProvider(recorded).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRouting().AddAuthorization().AddSingleton<TimeProvider>(clock).AddSingleton<IVerificationObserver>(recorded);
        builder.Services.AddAuthentication().AddHoldfastContext(options =>
        {
            options.Guards = [Guard];
            options.Audience = Audience;
            edit?.Invoke(options);
        });
        builder.Services.AddHttpClient(HoldfastDefaults.GuardHttpClient).ConfigurePrimaryHttpMessageHandler(() => keys);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = null, ExceptionHandlingPath = "/failed" });
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/failed", (ClaimsPrincipal user) => $"failed for {user.Identity!.Name}").RequireAuthorization();
        app.MapGet("/throws", () => { throw new InvalidOperationException("on purpose"); }).RequireAuthorization();
        app.Map("/{**path}", (ClaimsPrincipal user) => string.Join('\n', user.Claims.Select(claim => $"{claim.Type}={claim.Value}"))).RequireAuthorization();
        await app.StartAsync();
        return new(app, keys, clock, recorded);
    }

    /// <summary>The claims of a good context for <c>GET /orders/7?state=open</c>, for a test to change.</summary>
    public JsonObject Claims(string path = "/orders/7", string query = "state=open", string method = "GET") => new()
    {
        ["iss"] = Guard,
        ["aud"] = Audience,
        ["iat"] = Clock.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = Clock.UtcNow.AddSeconds(10).ToUnixTimeSeconds(),
        ["jti"] = TestKey.Encode(RandomNumberGenerator.GetBytes(16)),
        ["txn"] = "transaction-1",
        ["sub"] = "alice",
        ["client_id"] = "orders-client",
        ["token_issuer"] = "https://login.example.com",
        ["scope"] = "orders.read orders.write",
        ["cnf"] = new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
        ["htm"] = method,
        ["htu"] = "https://api.example.com" + path,
        ["path"] = path,
        ["query_hash"] = TestKey.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(query))),
    };

    public string Sign(JsonObject claims, Action<JsonObject>? header = null, TestKey? key = null)
    {
        TestKey signer = key ?? Keys.Key;
        var head = new JsonObject { ["typ"] = "holdfast-context+jwt", ["alg"] = signer.Alg, ["kid"] = signer.Kid };
        header?.Invoke(head);
        return signer.Sign(head.ToJsonString(), claims.ToJsonString());
    }

    /// <summary>The whole answer of a request with these lines.</summary>
    public Task<string> SendAsync(string requestLine, params string[] lines) => RawHttp.SendAsync(new Uri(_app.Urls.First()).Port, requestLine, lines);

    /// <summary>Sends a context for the request it is for, and tells the failure that was recorded, or null where it passed.</summary>
    public async Task<VerificationFailure?> FailureAsync(string context, string requestLine = "GET /orders/7?state=open HTTP/1.1")
    {
        Recorded.Signals.Clear();
        string answer = await SendAsync(requestLine, $"Holdfast-Context: {context}");
        if (RawHttp.Status(answer) == 200)
        {
            Recorded.Signals.ShouldBeEmpty();
            return null;
        }
        VerificationFailure failure = Recorded.Failure;
        RawHttp.Status(answer).ShouldBe(FailureCatalog.Get(failure).ResourceStatus);
        return failure;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>What the guard publishes.</summary>
    public sealed class GuardDocuments : HttpMessageHandler
    {
        public TestKey Key { get; set; } = TestKey.Es256("g1");
        public List<TestKey> Published { get; } = [];
        public bool IsDown { get; set; }
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            request.RequestUri!.AbsoluteUri.ShouldBe(Guard + "/.well-known/jwks.json");
            if (IsDown)
                throw new HttpRequestException("Connection refused");
            var keys = new JsonArray([.. (Published.Count == 0 ? [Key] : Published).Select(key => key.PublicJwk())]);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(new JsonObject { ["keys"] = keys }.ToJsonString()) });
        }
    }
}
