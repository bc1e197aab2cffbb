using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.Testing.Vectors;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Guard.Tests.Vectors;

/// <summary>A guard with the policy of a vector, asked as HAProxy asks: it is told every status as it is.</summary>
internal sealed class VectorGuard : IAsyncDisposable
{
    private readonly TestGuard _guard;
    private readonly VectorPolicy _policy;

    private VectorGuard(TestGuard guard, VectorPolicy policy) => (_guard, _policy) = (guard, policy);

    public static async Task<VectorGuard> StartAsync(TestVector vector, long start)
    {
        VectorPolicy policy = vector.Policy;
        var issuer = new TestIssuer(policy.Issuer!)
        {
            KeySetText = policy.IssuerKeys?.GetRawText(),
            IsDown = policy.IssuerKeys is not { ValueKind: JsonValueKind.Object },
        };
        TestGuard guard = await TestGuard.StartAsync(_ => Yaml(vector), issuer, services =>
        {
            services.AddSingleton(provider => VectorStores.Create(policy.ReplayStore, provider.GetRequiredService<VerifierClock>()));
            if (policy.NonceKey is { } key)
            {
                services.AddKeyedSingleton<IDPoPNonces>(VerifierRole.ResourceServer,
                    (provider, _) => new DPoPNonces(provider.GetRequiredService<VerifierClock>(), VerifierRole.ResourceServer, Convert.FromHexString(key)));
            }
            if (policy.Token is not null)
                services.AddKeyedSingleton<IAccessTokenVerifier>("vectors", (provider, _) => new VectorTokenVerifier(policy, provider.GetRequiredService<VerifierClock>()));
        }, new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(start)), isFenced: true);
        return new(guard, policy);
    }

    /// <summary>Tells the request octet for octet and reads what was recorded and answered.</summary>
    public async Task<VectorOutcome> RunAsync(long now, VectorRequest request)
    {
        _guard.Clock.UtcNow = DateTimeOffset.FromUnixTimeSeconds(now);
        _guard.Recorded.Signals.Clear();
        GuardAnswer answer = await _guard.AskAsync("/authorize/haproxy", Lines(request));
        VerificationSignal[] signals = [.. _guard.Recorded.Signals.Where(signal => signal.Failure.Failure != VerificationFailure.CertificateHeaderUntrusted)];
        answer.Status.ShouldBe(answer.Meant);
        // FWD-61
        answer.Lines("Cache-Control").ShouldBe(["no-store"]);
        if (answer.Status == 200)
        {
            signals.ShouldAllBe(signal => !signal.Refused);
            ReadContext.Parse(answer.Context).String("htm").ShouldBe(request.Method);
            return VectorOutcome.Accepted;
        }
        // FWD-56
        answer.Context.ShouldBeEmpty();
        VerificationSignal refused = signals.ShouldHaveSingleItem($"the answer is {answer.Status}");
        refused.Refused.ShouldBeTrue();
        answer.Failure.ShouldBe(refused.Answered.Name);
        string[] errors = [.. answer.Challenges.Where(line => line.Contains(" error=\"")).Select(line => line.Split(" error=\"")[1].Split('"')[0]).Distinct()];
        // RFC 9449 §9: a challenge for a nonce brings one.
        if (errors is ["use_dpop_nonce"])
            answer.Nonce.ShouldNotBeNullOrEmpty();
        return new(refused.Failure.Name, answer.Status == 503 ? refused.Answered.WireError : errors.SingleOrDefault(), answer.Status);
    }

    public ValueTask DisposeAsync() => _guard.DisposeAsync();

    private IEnumerable<string> Lines(VectorRequest request) =>
    [
        "Host: guard", $"X-Original-Method: {request.Method}", $"X-Original-Scheme: {request.Origin.Split("://")[0]}", $"X-Original-Host: {request.Authority}",
        $"X-Original-URI: {(request.RawTarget.Length == 0 ? "/" : request.RawTarget)}",
        // The proxy ended the client's TLS, and hands its certificate on in place of what the client says of one.
        .. request.Headers.Where(line => request.Certificate is null || _policy.ForwardedCertificate is not null || line[0] is "Authorization" or "DPoP").Select(line => $"{line[0]}: {line[1]}"),
        .. request.Certificate is { } certificate && _policy.ForwardedCertificate is null ? [$"Client-Cert: :{certificate}:"] : Array.Empty<string>(),
        .. _policy.IsPeerTrusted ? [$"Holdfast-Proxy-Secret: {TestGuard.Secret}"] : Array.Empty<string>(),
    ];

    private static string Yaml(TestVector vector)
    {
        VectorPolicy policy = vector.Policy;
        string certificate = policy.ForwardedCertificate is { } forwarded
            ? $"certificate: {{ format: {forwarded.Format}, hops: {forwarded.Hops}{(forwarded.Field is { } field ? $", field: {field}" : "")} }}"
            : vector.Request.Certificate is not null ? "certificate: { format: rfc9440 }" : "";
        bool hasCertificates = certificate.Length > 0;
        return $$"""
            name: guard
            data_directory: data
            listeners:
              - address: 127.0.0.1:{{(hasCertificates ? FreePort.Take(1)[0] : 0)}}
                adapters: [haproxy]
                {{(hasCertificates ? certificate : "dangerously_allow_plaintext: false")}}
                trust:
                  addresses: [127.0.0.1]
                  secrets: [{ file: secret }]
            issuers:
              - issuer: {{policy.Issuer}}
            resources:
              - name: vectors
                issuer: {{policy.Issuer}}
                audience: {{policy.Audience}}
                mode: {{policy.Mode}}
                proof_algorithms: [{{string.Join(", ", policy.Algorithms ?? DPoPAlgorithms.Default)}}]
            routes:
              - origin: '{{vector.Request.Origin}}'
                resource: vectors
                upstream: upstream
                public_origins: [{{string.Join(", ", (policy.Origins ?? [vector.Request.Origin]).Select(origin => $"{{ url: '{origin}' }}"))}}]
            nonces: {{policy.NonceMode}}
            """;
    }
}
