using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Holdfast.AspNetCore.Tests.Certificates;
using Holdfast.Testing;
using Holdfast.Testing.Vectors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests.Vectors;

/// <summary>An API with the policy of a vector, on a real socket. Whatever is authenticated gets 200.</summary>
internal sealed class VectorApi : IAsyncDisposable
{
    private const string ProxySecret = "the-secret-of-the-proxy-before-the-vectors";

    private readonly WebApplication _app;
    private readonly VectorPolicy _policy;
    private readonly ManualTimeProvider _time;
    private readonly Recorder _recorder;
    private readonly int _port;
    private readonly int _tlsPort;

    private VectorApi(WebApplication app, VectorPolicy policy, ManualTimeProvider time, Recorder recorder)
    {
        (_app, _policy, _time, _recorder) = (app, policy, time, recorder);
        _port = app.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == "http").Port;
        _tlsPort = app.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == "https").Port;
    }

    /// <summary>Starts it; <paramref name="door"/> adds another door than the usual one.</summary>
    public static async Task<VectorApi> StartAsync(TestVector vector, long start, Action<IServiceCollection, TestVector>? door = null)
    {
        VectorPolicy policy = vector.Policy;
        var time = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(start));
        var recorder = new Recorder();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificates.Server, https => https.AcceptClientCertificates()));
        });
        IServiceCollection services = builder.Services;
        services.AddRouting().AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IVerificationObserver>(recorder);
        services.AddSingleton(provider => VectorStores.Create(policy.ReplayStore, provider.GetRequiredService<VerifierClock>()));
        if (policy.NonceKey is { } key)
        {
            services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.ResourceServer,
                (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.ResourceServer, Convert.FromHexString(key)));
        }
        if (policy.ForwardedCertificate is { } forwarded)
        {
            services.AddForwardedClientCertificates(proxy =>
            {
                (proxy.Format, proxy.Field, proxy.XfccHops) = (forwarded.Format, forwarded.Field, forwarded.Hops);
                proxy.Trust.Addresses = ["127.0.0.1"];
                proxy.Trust.Secrets = [ProxySecret];
            });
        }
        (door ?? AddHoldfast)(services, vector);

        WebApplication app = builder.Build();
        app.UseHttpMethodOverride();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Run(context => Task.CompletedTask);
        await app.StartAsync();
        return new VectorApi(app, policy, time, recorder);
    }

    private static void AddHoldfast(IServiceCollection services, TestVector vector)
    {
        VectorPolicy policy = vector.Policy;
        if (policy.Token is not null)
        {
            services.AddKeyedSingleton<IAccessTokenVerifier>(HoldfastDefaults.AuthenticationScheme,
                (provider, _) => new VectorTokenVerifier(policy, provider.GetRequiredService<VerifierClock>()));
        }
        services.AddAuthentication().AddHoldfast(options =>
        {
            options.Issuer = policy.Issuer!;
            options.Audience = policy.Audience!;
            options.PublicOrigins = [.. (policy.Origins ?? [vector.Request.Origin]).Select(PublicOrigin.FromString)];
            options.Mode = policy.ConstraintMode;
            options.UseClientCertificates = true;
            options.NonceMode = policy.Nonces;
            options.Algorithms = [.. policy.Algorithms ?? DPoPAlgorithms.Default];
        });
        var issuer = new TestIssuer(policy.Issuer!)
        {
            KeySetText = policy.IssuerKeys?.GetRawText(),
            IsDown = policy.IssuerKeys is not { ValueKind: JsonValueKind.Object },
        };
        services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => issuer.Handler);
    }

    /// <summary>Sends the request octet for octet and reads what was recorded and answered.</summary>
    public async Task<VectorOutcome> RunAsync(long now, VectorRequest request)
    {
        _time.UtcNow = DateTimeOffset.FromUnixTimeSeconds(now);
        _recorder.Signals.Clear();
        Answer answer = await SendAsync(request);
        ILookup<bool, VerificationSignal> signals = _recorder.Signals.ToLookup(signal => signal.Failure.Failure == VerificationFailure.CertificateHeaderUntrusted);
        // FWD-20: what a stranger may not send is dropped and signalled, and the request is judged without it.
        signals[true].ShouldAllBe(signal => !signal.Refused);
        if (!_policy.IsPeerTrusted && request.Headers.Any(line => line[0] is not ("Authorization" or "DPoP")))
            signals[true].ShouldHaveSingleItem();
        if (answer.Status == 200)
        {
            signals[false].ShouldAllBe(signal => !signal.Refused);
            return VectorOutcome.Accepted;
        }
        VerificationSignal refused = signals[false].ShouldHaveSingleItem($"the answer is {answer.Status}");
        refused.Refused.ShouldBeTrue();
        // DPOP-RS-09, DPOP-RS-11, RFC 9449 §7.1: a 401 names the scheme, and the algorithms for its proofs.
        if (answer.Status == 401)
            answer.Lines("WWW-Authenticate").ShouldContain(line => line.StartsWith("DPoP ") && line.Contains("algs=\""));
        // RFC 9449 §9, §8.2: a challenge for a nonce brings one, and nobody may store it.
        if (answer.Error == "use_dpop_nonce")
        {
            answer.Lines("DPoP-Nonce").ShouldHaveSingleItem().ShouldNotBeEmpty();
            answer.Lines("Cache-Control").ShouldHaveSingleItem().ShouldContain("no-store");
        }
        // A 503 challenges nobody: what the caller learns is to come again.
        if (answer.Status == 503)
        {
            answer.Lines("WWW-Authenticate").ShouldBeEmpty();
            answer.Lines("Retry-After").ShouldHaveSingleItem();
        }
        return new VectorOutcome(refused.Failure.Name, answer.Status == 503 ? refused.Answered.WireError : answer.Error, answer.Status);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // No HTTP client: it would join, trim, escape or refuse what a vector sends.
    private async Task<Answer> SendAsync(VectorRequest request)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append(' ').Append(request.RawTarget.Length == 0 ? "/" : request.RawTarget).Append(" HTTP/1.1\r\nHost: ").Append(request.Authority).Append("\r\n");
        foreach (IReadOnlyList<string> line in request.Headers)
            text.Append(line[0]).Append(": ").Append(line[1]).Append("\r\n");
        // Everybody comes from loopback, so the secret tells the proxy.
        if (_policy.ForwardedCertificate is not null && _policy.IsPeerTrusted)
            text.Append(ProxyTrust.SecretField).Append(": ").Append(ProxySecret).Append("\r\n");
        text.Append(request.Method is "POST" or "PUT" ? "Content-Length: 0\r\n" : "").Append("Connection: close\r\n\r\n");

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, request.Certificate is null ? _port : _tlsPort);
        await using Stream stream = request.Certificate is null ? client.GetStream() : await ProveAsync(client, VectorCertificates.WithKey(request.Certificate));
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text.ToString()));
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        return new Answer(Encoding.Latin1.GetString(received.ToArray()));
    }

    // MTLS-23: the handshake proves the key, as a client would.
    private static async Task<SslStream> ProveAsync(TcpClient client, X509Certificate2 certificate)
    {
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        });
        return tls;
    }

    private sealed class Answer(string text)
    {
        private readonly string[] _head = text.Split("\r\n\r\n", 2)[0].Split("\r\n");

        public int Status => int.Parse(_head[0].Split(' ')[1]);

        /// <summary>The code in the challenge.</summary>
        public string? Error
        {
            get
            {
                string[] challenges = Lines("WWW-Authenticate");
                string[] errors = [.. challenges.Where(line => line.Contains(" error=\"")).Select(line => line.Split(" error=\"")[1].Split('"')[0]).Distinct()];
                return errors.Length == 0 ? null : errors.ShouldHaveSingleItem();
            }
        }

        public string[] Lines(string name) => [.. _head.Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];
    }
}
