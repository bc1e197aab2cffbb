using System.Collections.Concurrent;
using System.Net;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests.Fakes;

/// <summary>What a server saw of one request.</summary>
public sealed record Seen(string Method, string PathAndQuery, IHeaderDictionary Headers, string Body)
{
    public string? Authorization => Headers.Authorization.Count == 0 ? null : Headers.Authorization.ToString();
    public SeenJws Proof => SeenJws.Parse(Headers["DPoP"].ShouldHaveSingleItem()!);
    public bool HasProof => Headers.ContainsKey("DPoP");
    public Dictionary<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
    public SeenJws Assertion => SeenJws.Parse(Form["client_assertion"]);

    /// <summary>The thumbprint of the certificate that the connection presented.</summary>
    public string? Certificate { get; init; }
    public required string Connection { get; init; }
    public required string Protocol { get; init; }
    public required int Port { get; init; }
}

/// <summary>A real server on this machine that remembers every request and answers as the test says.</summary>
public abstract class FakeServer(ManualTimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Seen> _seen = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _connections = new();
    private WebApplication? _app;

    public string Origin { get; private set; } = "";

    /// <summary>The listener that asks for a client certificate and takes any; the other one never asks. Empty without TLS.</summary>
    public string MtlsOrigin { get; private set; } = "";

    /// <summary>What came along with each client certificate.</summary>
    public ConcurrentQueue<string[]> Chains { get; } = new();

    /// <summary>What the server believes beyond the test's clock.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>Called when the head of a request is here and its body perhaps is not.</summary>
    public Action Arrived { get; set; } = () => { };

    public DateTimeOffset Now => time.GetUtcNow() + ClockAhead;

    public IReadOnlyList<Seen> Requests => [.. _seen];

    /// <summary>Ends when that connection ends.</summary>
    public Task ClosedAsync(string connection) => _connections.GetOrAdd(connection, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async Task StartAsync(TestPki? pki = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Limits.MaxRequestBodySize = null);
        if (pki is null)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(o => Listen(o, pki));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async context =>
        {
            context.Response.Headers.Date = Now.ToString("r");
            Arrived();
            // A copy, since the server reuses its objects.
            var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value));
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            var seen = new Seen(context.Request.Method, context.Request.Path.ToUriComponent() + context.Request.QueryString, headers, body)
            {
                Certificate = context.Connection.ClientCertificate is { } certificate ? TestPki.Thumbprint(certificate) : null,
                Connection = context.Connection.Id,
                Protocol = context.Request.Protocol,
                Port = context.Connection.LocalPort,
            };
            await AnswerAsync(seen, context);
        });
        await _app.StartAsync();
        string[] addresses = [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        (Origin, MtlsOrigin) = pki is null ? (addresses.Single(), "") : (OfLocalhost(addresses[0]), OfLocalhost(addresses[1]));
    }

    private void Listen(KestrelServerOptions options, TestPki pki)
    {
        foreach (ClientCertificateMode mode in new[] { ClientCertificateMode.NoCertificate, ClientCertificateMode.AllowCertificate })
        {
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Use(next => async connection =>
                {
                    await next(connection);
                    _connections.GetOrAdd(connection.ConnectionId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                });
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = pki.Server;
                    https.SslProtocols = pki.Versions;
                    https.ClientCertificateMode = mode;
                    if (mode == ClientCertificateMode.AllowCertificate)
                    {
                        https.ClientCertificateValidation = (_, chain, _) =>
                        {
                            Chains.Enqueue([.. chain!.ChainPolicy.ExtraStore.Select(TestPki.Thumbprint)]);
                            return true;
                        };
                    }
                });
            });
        }
    }

    private static string OfLocalhost(string address) => address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    protected void Remember(Seen seen) => _seen.Enqueue(seen);

    protected abstract Task AnswerAsync(Seen seen, HttpContext context);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A resource. Unless told otherwise it answers 200.</summary>
public sealed class FakeApi(ManualTimeProvider time) : FakeServer(time)
{
    public Func<Seen, HttpContext, Task> Answer { get; set; } = (_, context) => context.Response.WriteAsync("ok");

    /// <summary>A challenge as RFC 9449 §9 writes it.</summary>
    public static void Challenge(HttpContext context, string error, string? nonce = null, int status = 401)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.WWWAuthenticate = $"DPoP error=\"{error}\", error_description=\"no, not \\\"so\\\"\", future=1, algs=\"ES256\"";
        if (nonce is not null)
            context.Response.Headers["dpop-nonce"] = nonce;
    }

    protected override Task AnswerAsync(Seen seen, HttpContext context)
    {
        Remember(seen);
        return Answer(seen, context);
    }
}

/// <summary>An authorization server that binds opaque tokens to the key of the proof.</summary>
public sealed class FakeIssuer(ManualTimeProvider time) : FakeServer(time)
{
    private int _tokens;

    public string Path { get; set; } = "";
    public string Issuer => Origin + Path;
    public string? NamedIssuer { get; set; }
    public string TokenType { get; set; } = "DPoP";
    public string ExpiresIn { get; set; } = "300";
    public string ExtraMetadata { get; set; } = "";
    public string[] WellKnown { get; set; } = ["/.well-known/oauth-authorization-server"];
    public List<string> DiscoveryRequests { get; } = [];
    public string? TokenEndpoint { get; set; }

    /// <summary>Where TLS is: the members that a server with certificate-bound tokens adds.</summary>
    public string MutualTlsMetadata =>
        $$""","mtls_endpoint_aliases":{"token_endpoint":"{{MtlsOrigin}}/token"},"tls_client_certificate_bound_access_tokens":true""";

    /// <summary>The tokens that were issued, and the certificate of the connection that each was issued over.</summary>
    public ConcurrentDictionary<string, string?> Bound { get; } = new();

    /// <summary>True where it answered itself; otherwise a token is issued.</summary>
    public Func<Seen, HttpContext, Task<bool>> Before { get; set; } = (_, _) => Task.FromResult(false);

    public static Task<bool> Refuse(HttpContext context, string error, string? nonce = null, int status = 400)
    {
        context.Response.StatusCode = status;
        if (nonce is not null)
            context.Response.Headers["DPoP-Nonce"] = nonce;
        return Json(context, $$"""{"error":"{{error}}","error_description":"because"}""");
    }

    public static async Task<bool> Json(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
        return true;
    }

    protected override async Task AnswerAsync(Seen seen, HttpContext context)
    {
        if (seen.Method == "GET")
        {
            lock (DiscoveryRequests)
                DiscoveryRequests.Add(seen.PathAndQuery);
            if (!WellKnown.Contains(seen.PathAndQuery))
            {
                context.Response.StatusCode = 404;
                return;
            }
            await Json(context, $$"""{"issuer":"{{NamedIssuer ?? Issuer}}","token_endpoint":"{{TokenEndpoint ?? Origin + "/token"}}"{{ExtraMetadata}}}""");
            return;
        }
        Remember(seen);
        if (await Before(seen, context))
            return;
        string token = $"opaque~{Interlocked.Increment(ref _tokens)}";
        Bound[token] = seen.Certificate;
        await Json(context, $$"""{"access_token":"{{token}}","token_type":"{{TokenType}}","expires_in":{{ExpiresIn}},"scope":"orders"}""");
    }
}
