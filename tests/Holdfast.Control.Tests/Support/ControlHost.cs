using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.AspNetCore;
using Holdfast.Issuer;
using Holdfast.Registry;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Control.Tests;

/// <summary>A real issuer with its registry in SQLite and the admin API, and administrators with keys of their own.</summary>
public sealed class ControlHost : IAsyncDisposable
{
    public const string IssuerUrl = "https://id.example";
    public const string Admin = IssuerUrl + "/admin";
    public const string Orders = "https://orders.example";

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private ControlHost(WebApplication app, TemporaryFolder folder, ManualTimeProvider clock, Caller administrator, Caller reader)
    {
        (_app, _folder, Clock, Administrator, Reader) = (app, folder, clock, administrator, reader);
        Client = app.GetTestClient();
        Client.BaseAddress = new Uri(IssuerUrl);
    }

    public ManualTimeProvider Clock { get; }

    /// <summary>Has the scope to change.</summary>
    public Caller Administrator { get; }

    /// <summary>Has the scope to read, and may call the orders too.</summary>
    public Caller Reader { get; }

    public HttpClient Client { get; }

    public IRegistryStore Store => _app.Services.GetRequiredService<IRegistryStore>();

    public BreakableStore Breakable => (BreakableStore)(object)Store;

    public static async Task<ControlHost> StartAsync(Action<IServiceCollection>? services = null, Action<HoldfastControlOptions>? configure = null, bool allowSecrets = false)
    {
        var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider();
        (var administrator, var reader) = (new Caller("admin"), new Caller("reader"));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddHoldfastIssuer(options =>
        {
            options.Issuer = IssuerUrl;
            options.DataDirectory = folder.Path;
            options.SingleInstance = true;
            options.NoPredecessor = true;
            options.AllowClientSecrets = allowSecrets;
            options.Resources.Add(new() { Identifier = Admin, Scopes = ["holdfast.admin", "holdfast.admin.read"] });
            options.Resources.Add(new() { Identifier = Orders, Scopes = ["orders.read"] });
            options.Clients.Add(new() { ClientId = "admin", Jwks = administrator.Jwks, Scopes = ["holdfast.admin"], Resources = [Admin] });
            options.Clients.Add(new() { ClientId = "reader", Jwks = reader.Jwks, Scopes = ["holdfast.admin.read", "orders.read"], Resources = [Admin, Orders] });
            options.Clients.Add(new() { ClientId = "unbound", Jwks = administrator.Jwks, Scopes = ["holdfast.admin"], Resources = [Admin], DPoPBoundAccessTokens = false });
        });
        builder.Services.AddHoldfastStorage(options => options.DataDirectory = folder.Path);
        ServiceDescriptor store = builder.Services.Last(service => service.ServiceType == typeof(IRegistryStore));
        builder.Services.AddSingleton(provider => BreakableStore.Around((IRegistryStore)ActivatorUtilities.CreateInstance(provider, store.ImplementationType!)));
        builder.Services.AddSingleton<IReplayStore>(provider => new EmbeddedReplayStore(
            new EmbeddedReplayStoreOptions { SingleInstance = true, NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
        builder.Services.AddHoldfastControl(options =>
        {
            options.Issuer = IssuerUrl;
            options.SingleInstance = true;
            configure?.Invoke(options);
        });
        WebApplication? app = null;
        builder.Services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => app!.GetTestServer().CreateHandler());
        services?.Invoke(builder.Services);
        app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHoldfastIssuer();
        app.MapHoldfastControl();
        await app.StartAsync();
        return new ControlHost(app, folder, clock, administrator, reader);
    }

    /// <summary>A token request of a client that does everything right; without a proof where it is not wanted.</summary>
    public async Task<JsonObject> AskAsync(Caller caller, string resource = Admin, bool isBound = true, string? clientId = null)
    {
        string id = clientId ?? caller.ClientId;
        // The issuer reads the registry again when what it knows is a second old.
        Clock.Advance(TimeSpan.FromSeconds(1));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["resource"] = resource,
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = caller.Assertion(id, IssuerUrl, Clock.UtcNow),
            }),
        };
        if (isBound)
            request.Headers.Add("DPoP", new TestProof(caller.Key, "POST", IssuerUrl + "/token", Clock.UtcNow).Sign());
        using HttpResponseMessage response = await Client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    /// <summary>A request to the admin API with a fresh token and proof; of the administrator unless another is named.</summary>
    public async Task<ControlReply> SendAsync(HttpMethod method, string path, string? json = null, Caller? caller = null, Action<HttpRequestMessage>? change = null)
    {
        Caller by = caller ?? Administrator;
        string token = (await AskAsync(by))["access_token"]!.ToString();
        using var request = new HttpRequestMessage(method, "/admin" + path);
        if (json is not null)
            request.Content = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.TryAddWithoutValidation("DPoP", new TestProof(by.Key, method.Method, Admin + path.Split('?')[0], Clock.UtcNow, token).Sign());
        change?.Invoke(request);
        return await ReplyAsync(request);
    }

    public async Task<ControlReply> ReplyAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return new ControlReply(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers.ETag?.Tag,
            response.Content.Headers.ContentType?.MediaType, response.Headers.WwwAuthenticate.ToString(), response.Headers.RetryAfter?.ToString());
    }

    public Task<ControlReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ControlReply> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, path, json);

    public Task<ControlReply> AddAsync(string json) => SendAsync(HttpMethod.Put, "/client", json, change: request => request.Headers.TryAddWithoutValidation("If-None-Match", "*"));

    /// <summary>Registers a machine that may call the orders, and returns it.</summary>
    public async Task<Caller> RegisterAsync(string clientId = "machine/1")
    {
        var caller = new Caller(clientId);
        (await AddAsync(Registration(caller))).Status.ShouldBe(HttpStatusCode.Created);
        return caller;
    }

    public static string Registration(Caller caller) =>
        $$"""{"client_id":"{{caller.ClientId}}","jwks":{{caller.Jwks}},"scopes":["orders.read"],"resources":["{{Orders}}"]}""";

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A client with a key, for assertions and for proofs.</summary>
public sealed class Caller(string clientId)
{
    public string ClientId => clientId;

    public TestKey Key { get; } = TestKey.Es256();

    public string Jwks => new JsonObject { ["keys"] = new JsonArray(Key.RequiredMembers()) }.ToJsonString();

    public string Assertion(string id, string audience, DateTimeOffset now) => Key.Sign("""{"typ":"JWT","alg":"ES256"}""", new JsonObject
    {
        ["iss"] = id, ["sub"] = id, ["aud"] = audience, ["jti"] = TestKey.Encode(RandomNumberGenerator.GetBytes(12)), ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.ToUnixTimeSeconds() + 60,
    }.ToJsonString());
}

/// <summary>What the admin API answered.</summary>
public sealed record ControlReply(HttpStatusCode Status, JsonNode? Body, string? ETag, string? ContentType, string Challenge, string? RetryAfter)
{
    public string[] Problems => [.. Body!["problems"]!.AsArray().Select(problem => problem!.ToString())];
}
