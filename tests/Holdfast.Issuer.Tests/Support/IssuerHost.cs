using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Storage;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer.Tests;

/// <summary>An issuer with one client and two resources, in a directory of its own, and the requests of a client that does everything right.</summary>
public sealed class IssuerHost : IAsyncDisposable
{
    public const string Issuer = "https://id.example";
    public const string TokenEndpoint = Issuer + "/token";
    public const string ClientId = "orders-client";
    public const string Orders = "https://orders.example";
    public const string Secret = "a-secret-of-many-random-characters-0123456789";

    private readonly WebApplication _app;
    private readonly bool _ownsDirectory;

    private IssuerHost(WebApplication app, CallerKey key, ManualTimeProvider clock, string directory, bool ownsDirectory, RefusalLog log)
    {
        (_app, Key, Clock, Directory, _ownsDirectory, Log) = (app, key, clock, directory, ownsDirectory, log);
        Client = app.GetTestClient();
        Client.BaseAddress = new Uri(Issuer);
    }

    /// <summary>The client's key, for assertions and for proofs.</summary>
    public CallerKey Key { get; }
    public ManualTimeProvider Clock { get; }
    public string Directory { get; }
    public RefusalLog Log { get; }
    public HttpClient Client { get; }
    public IServiceProvider Services => _app.Services;

    /// <summary>Where the next request comes from; null where the server does not know.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>The certificate that the TLS layer would hand over with the next request; null for none.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The thumbprint of <see cref="Certificate"/>, as an opinion from outside.</summary>
    public string X5tS256 => ThumbprintOf(Certificate!);

    public static string ThumbprintOf(X509Certificate2 certificate) =>
        Convert.ToBase64String(SHA256.HashData(certificate.RawData)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static async Task<IssuerHost> StartAsync(Action<HoldfastIssuerOptions>? configure = null, IssuerHost? successorOf = null,
        Action<IServiceCollection>? services = null, Action<HoldfastIssuerBuilder>? extend = null)
    {
        var key = successorOf?.Key ?? new CallerKey();
        var clock = successorOf?.Clock ?? new ManualTimeProvider();
        string directory = successorOf?.Directory ?? NewDirectory();
        var log = new RefusalLog();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(clock);
        var tls = new TlsLayer();
        builder.Services.AddSingleton<IStartupFilter>(tls);
        HoldfastIssuerBuilder issuer = builder.Services.AddHoldfastIssuer(options =>
        {
            Defaults(options, key, directory);
            configure?.Invoke(options);
        });
        extend?.Invoke(issuer);
        builder.Services.AddHoldfastStorage(options => options.DataDirectory = directory);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapHoldfastIssuer();
        await app.StartAsync();
        return tls.Host = new IssuerHost(app, key, clock, directory, successorOf is null, log);
    }

    public static void Defaults(HoldfastIssuerOptions options, CallerKey key, string directory)
    {
        options.Issuer = Issuer;
        options.DataDirectory = directory;
        options.SingleInstance = true;
        options.NoPredecessor = true;
        options.Resources.Add(new() { Identifier = Orders, Scopes = ["orders.read", "orders.write", "orders.admin"] });
        options.Resources.Add(new() { Identifier = "https://stock.example/v1", Scopes = ["stock.read"] });
        options.Clients.Add(new() { ClientId = ClientId, Jwks = key.Jwks(), Scopes = ["orders.read", "orders.write"], Resources = [Orders] });
    }

    public static string NewDirectory() => Path.Combine(Path.GetTempPath(), "holdfast-issuer-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public string Proof(string? nonce = null, Action<JsonObject, JsonObject>? change = null) => Key.Proof(TokenEndpoint, Clock.UtcNow, nonce, change);

    public string Assertion(Action<JsonObject, JsonObject>? change = null) => Key.Assertion(ClientId, Issuer, Clock.UtcNow, change);

    /// <summary>A good form; a null value removes a parameter, others replace or add.</summary>
    public Dictionary<string, string> Form(string? assertion = null, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion ?? Assertion(),
        };
        foreach ((string name, string? value) in changes)
        {
            if (value is null)
                form.Remove(name);
            else
                form[name] = value;
        }
        return form;
    }

    /// <summary>What a client sends that authenticates by certificate.</summary>
    public static Dictionary<string, string> CertificateForm(string? clientId, params (string Name, string Value)[] more)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (clientId is not null)
            form["client_id"] = clientId;
        foreach ((string name, string value) in more)
            form[name] = value;
        return form;
    }

    /// <summary>Asks for a token with this certificate alone, without a proof.</summary>
    public Task<TokenAnswer> AskWithAsync(X509Certificate2? certificate, string? clientId, params (string Name, string Value)[] more)
    {
        Certificate = certificate;
        return AskAsync(proof: "", form: CertificateForm(clientId, more));
    }

    /// <summary>Asks for a token, with a good form and a good proof unless others are given; an empty proof sends none.</summary>
    public Task<TokenAnswer> AskAsync(string? proof = null, IEnumerable<KeyValuePair<string, string>>? form = null, AuthenticationHeaderValue? authorization = null) =>
        SendAsync(new FormUrlEncodedContent(form ?? Form()), proof ?? Proof(), authorization);

    public async Task<TokenAnswer> SendAsync(HttpContent content, string? proof = null, AuthenticationHeaderValue? authorization = null,
        string path = "/token", HttpMethod? method = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = content };
        if ((proof ?? Proof()) is { Length: > 0 } value)
            request.Headers.TryAddWithoutValidation("DPoP", value);
        request.Headers.Authorization = authorization;
        change?.Invoke(request);
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await TokenAnswer.ReadAsync(response);
    }

    public async Task StopAsync() => await _app.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_ownsDirectory && System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>Stands for the server's TLS, which the in-memory one does not have: before everything that the application adds.</summary>
internal sealed class TlsLayer : IStartupFilter
{
    public IssuerHost? Host { get; set; }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, pipeline) =>
        {
            context.Connection.RemoteIpAddress = Host?.Address;
            if (Host?.Certificate is { } certificate)
                context.Features.Set<ITlsConnectionFeature>(new TlsConnection { ClientCertificate = certificate });
            return pipeline(context);
        });
        next(app);
    };
}

internal sealed class TlsConnection : ITlsConnectionFeature
{
    public X509Certificate2? ClientCertificate { get; set; }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
}

/// <summary>What the token endpoint answered.</summary>
public sealed record TokenAnswer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? Error => Member("error");
    public string? Token => Member("access_token");
    public string? Nonce => Headers.TryGetValues("DPoP-Nonce", out var values) ? values.Single() : null;

    public string? Member(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;

    public static async Task<TokenAnswer> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers);
    }
}

/// <summary>The failures that were logged.</summary>
public sealed class RefusalLog : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<(string? Failure, string Line)> _entries = [];

    /// <summary>The names of the failures, in order.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_lock)
                return [.. _entries.Where(entry => entry.Failure is not null).Select(entry => entry.Failure!)];
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _entries.Select(entry => entry.Line)];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string? failure = (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(pair => pair.Key == "Failure").Value as string;
        lock (_lock)
            _entries.Add((failure, formatter(state, exception)));
    }

    public void Dispose() { }
}
