using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Conformance.Tests;

/// <summary>An issuer and an API on real ports, with the weaknesses asked for, and the files that a drill's target names.</summary>
internal sealed class WeakWorld : IAsyncDisposable
{
    private readonly Weakness _weakness;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("drill-");
    private readonly SkippingTimeProvider _time = new();
    private readonly SigningKey _issuerKey = SigningKey.Create();
    private readonly ConcurrentDictionary<string, Binding> _tokens = new();
    private readonly HashSet<string> _spent = [];
    private readonly WeakCertificates _certificates;
    private readonly WeakVerifier _verifier;
    private readonly WebApplication _issuer;
    private readonly WebApplication _api;

    private WeakWorld(Weakness weakness)
    {
        _weakness = weakness;
        _certificates = new WeakCertificates(weakness, _directory.FullName);
        _verifier = new WeakVerifier(weakness, token => _tokens.GetValueOrDefault(token), _certificates, _time);
        _issuer = Host(IssuerAsync);
        _api = Host(ApiAsync);
    }

    public DrillTarget Target { get; private set; } = null!;

    public DrillOptions Options => new() { TimeProvider = _time, ParallelAttempts = 20 };

    private string Issuer => Url(_issuer, "http:");

    private static string Url(WebApplication app, string scheme) => app.Urls.Single(url => url.StartsWith(scheme, StringComparison.Ordinal));

    public static async Task<WeakWorld> StartAsync(Weakness weakness = Weakness.None)
    {
        var world = new WeakWorld(weakness);
        await world._issuer.StartAsync();
        await world._api.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = Path.Combine(world._directory.FullName, "client.pem");
        await File.WriteAllTextAsync(pem, key.ExportPkcs8PrivateKeyPem());
        world.Target = new DrillTarget
        {
            Issuer = world.Issuer,
            Resource = Url(world._api, "http:"),
            Audience = Url(world._api, "http:"),
            Scope = "orders",
            ClientId = "robbed",
            ClientKeyPem = pem,
            Signals = Path.Combine(world._directory.FullName, "signals.jsonl"),
        };
        if (!weakness.HasFlag(Weakness.HasNoCertificates))
            world.Target = world._certificates.AddTo(world.Target, Url(world._api, "https:"));
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        await _api.DisposeAsync();
        _issuerKey.Dispose();
        _certificates.Dispose();
        _directory.Delete(recursive: true);
    }

    private WebApplication Host(RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, _certificates.Serve);
        });
        var app = builder.Build();
        app.Run(handle);
        return app;
    }

    private async Task ApiAsync(HttpContext context)
    {
        // As a proxy in front does.
        if (_weakness.HasFlag(Weakness.MalformedToProxy) && context.Request.Headers.Authorization.Count > 1)
        {
            await SignalAsync(context, "authorization_repeated");
            context.Response.StatusCode = 400;
            return;
        }

        if (_certificates.HasIgnoredField(context.Request))
            await SignalAsync(context, "certificate_header_untrusted");
        var failure = await _verifier.VerifyAsync(context.Request);
        if (WeakVerifier.NonceOf(_weakness) is { Length: > 0 } nonce)
            context.Response.Headers["DPoP-Nonce"] = nonce;
        if (failure is null)
        {
            await context.Response.WriteAsync("""[{"id":7}]""");
            return;
        }

        await SignalAsync(context, failure);
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = failure switch
        {
            "credentials_missing" => "DPoP algs=\"ES256\"",
            "nonce_missing" => "DPoP error=\"use_dpop_nonce\"",
            "key_mismatch" or "bound_token_as_bearer" or "certificate_missing" or "certificate_mismatch" => "DPoP error=\"invalid_token\"",
            _ => "DPoP error=\"invalid_dpop_proof\"",
        };
    }

    private async Task IssuerAsync(HttpContext context)
    {
        if (context.Request.Path == "/jwks")
        {
            var jwk = _issuerKey.PublicJwk;
            jwk["kid"] = "1";
            await context.Response.WriteAsync(new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString());
        }
        else if (context.Request.Path == "/token")
        {
            await TokenAsync(context, await context.Request.ReadFormAsync());
        }
        else
        {
            var metadata = new JsonObject
            {
                ["issuer"] = Issuer,
                ["token_endpoint"] = Issuer + "/token",
                ["jwks_uri"] = Issuer + "/jwks",
                ["mtls_endpoint_aliases"] = new JsonObject { ["token_endpoint"] = Url(_issuer, "https:") + "/token" },
            };
            await context.Response.WriteAsync(metadata.ToJsonString());
        }
    }

    private async Task TokenAsync(HttpContext context, IFormCollection form)
    {
        if (form["client_id"] == WeakCertificates.ClientId)
        {
            await TokenByCertificateAsync(context);
            return;
        }

        var jti = (string)CompactJws.Parse(form["client_assertion"]!).PayloadObject["jti"]!;
        var proof = (string?)context.Request.Headers["DPoP"];
        var first = _weakness.HasFlag(Weakness.AcceptsAssertionTwice) || Spend(jti);
        if (!first || (proof is null && !_weakness.HasFlag(Weakness.IssuesUnbound)))
        {
            await SignalAsync(context, first ? "binding_required" : "assertion_replayed");
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(first ? """{"error":"invalid_dpop_proof"}""" : """{"error":"invalid_client"}""");
            return;
        }

        var jkt = proof is null ? "" : WeakVerifier.Thumbprint(CompactJws.Parse(proof).HeaderObject["jwk"]!.AsObject());
        var token = IssueToken(new Binding(jkt, ""));
        var type = _weakness.HasFlag(Weakness.IssuesBearerTokens) ? "Bearer" : "DPoP";
        await context.Response.WriteAsync(new JsonObject { ["access_token"] = token, ["token_type"] = type }.ToJsonString());
    }

    private async Task TokenByCertificateAsync(HttpContext context)
    {
        if (_certificates.HasIgnoredField(context.Request, atIssuer: true))
            await SignalAsync(context, "certificate_header_untrusted");
        var proof = (string?)context.Request.Headers["DPoP"];
        var failure = _certificates.AuthenticationFailureOf(context.Request)
            ?? (proof is not null && _weakness.HasFlag(Weakness.GivesNoTokenForBoth) ? "binding_not_allowed" : null);
        if (failure is not null)
        {
            await SignalAsync(context, failure);
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"error":"invalid_client"}""");
            return;
        }

        var jkt = proof is null ? "" : WeakVerifier.Thumbprint(CompactJws.Parse(proof).HeaderObject["jwk"]!.AsObject());
        var x5t = _weakness.HasFlag(Weakness.IssuesUnboundToCertificate) ? "" : _certificates.ClientThumbprint;
        await context.Response.WriteAsync(
            new JsonObject { ["access_token"] = IssueToken(new Binding(jkt, x5t)), ["token_type"] = jkt.Length > 0 ? "DPoP" : "Bearer" }.ToJsonString());
    }

    private bool Spend(string jti)
    {
        lock (_spent)
            return _spent.Add(jti);
    }

    private string IssueToken(Binding binding)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var confirmation = new JsonObject();
        if (binding.Jkt.Length > 0)
            confirmation["jkt"] = binding.Jkt;
        if (binding.X5t.Length > 0)
            confirmation["x5t#S256"] = binding.X5t;
        var token = CompactJws.Create(
            new JsonObject { ["typ"] = "at+jwt", ["alg"] = "ES256", ["kid"] = "1" },
            new JsonObject
            {
                ["iss"] = Issuer,
                ["aud"] = Target.Audience,
                ["exp"] = now + 300,
                ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(8)),
                ["cnf"] = confirmation,
            },
            data => { lock (_issuerKey) return _issuerKey.Sign(data); }).ToString();
        _tokens[token] = binding;
        return token;
    }

    private async Task SignalAsync(HttpContext context, string failure)
    {
        if (_weakness.HasFlag(Weakness.SaysNothing) || (string?)context.Request.Headers["traceparent"] is not { } trace)
            return;
        var line = new JsonObject { ["trace_id"] = trace.Split('-')[1], ["failure"] = failure, ["severity"] = "suspicious" };
        lock (_spent)
            File.AppendAllText(Target.Signals!, "not a signal\n{\"trace_id\":1}\n" + line.ToJsonString() + "\n");
        await Task.CompletedTask;
    }
}
