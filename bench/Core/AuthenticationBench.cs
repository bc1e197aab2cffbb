using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Bench;

/// <summary>
/// Everything that authenticating a request costs besides the one signature, without a server: the scheme's handler from its creation to the principal,
/// warm key and token. Steadier than the endpoint under load, so changes are judged by it.
/// </summary>
internal static class AuthenticationBench
{
    // Short rounds: shorter than the slice of time after which another process gets the core.
    private const int Rounds = 1_600, Operations = 20;
    private const string Origin = "https://api.example.com", Path = "/orders";

    public static IReadOnlyList<BenchRow> Measure()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var caller = new Caller("https://issuer.example", Origin, Origin + Path, now);
        using ServiceProvider services = Services(caller);
        IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
        string[] proofs = new string[Rounds * Operations];
        Parallel.For(0, proofs.Length, i => proofs[i] = caller.Proof(now.AddSeconds(5)));
        (byte[] Hash, byte[] Signature)[] bare = [.. proofs.Select(proof =>
        {
            int dot = proof.LastIndexOf('.');
            return (SHA256.HashData(Encoding.ASCII.GetBytes(proof[..dot])), Base64Url.DecodeFromChars(proof.AsSpan(dot + 1)));
        })];
        string authorization = "DPoP " + caller.Token;
        using ECDsa key = ECDsa.Create(caller.Key.ExportParameters(false));

        (double added, double bytes, double bareBytes) = Bench.Rounds.Difference(Rounds, Operations,
            i =>
            {
                using IServiceScope scope = scopes.CreateScope();
                HttpContext context = Context(scope, authorization, proofs[i]);
                Demand(context.AuthenticateAsync().GetAwaiter().GetResult().Succeeded);
            },
            i =>
            {
                using IServiceScope scope = scopes.CreateScope();
                HttpContext context = Context(scope, authorization, proofs[i]);
                Demand(key.VerifyHash(bare[i].Hash, bare[i].Signature));
                GC.KeepAlive(context);
            });
        return
        [
            BenchRow.Figured("authentication_over_signature_us", added / 1000),
            BenchRow.Figured("authentication_over_signature_bytes", bytes - bareBytes),
        ];
    }

    private static ServiceProvider Services(Caller caller)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IReplayStore>(provider => new EmbeddedReplayStore(
            new() { Capacity = 10_000_000, QuotaPerKey = 10_000_000, SingleInstance = true, NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
        services.AddKeyedSingleton<IAccessTokenVerifier>(HoldfastDefaults.AuthenticationScheme, (provider, _) =>
        {
            VerifierClock clock = provider.GetRequiredService<VerifierClock>();
            var keys = new FixedIssuerKeys(IssuerKeySet.Parse(caller.IssuerJwks, JwtAccessTokenPolicy.DefaultAlgorithms));
            return new CachedAccessTokenVerifier(new JwtAccessTokenVerifier(keys, new JwtAccessTokenPolicy(), clock), clock, 1000);
        });
        services.AddAuthentication().AddHoldfast(o => (o.Issuer, o.Audience, o.SingleInstance) = ("https://issuer.example", Origin, true));
        return services.BuildServiceProvider();
    }

    private static DefaultHttpContext Context(IServiceScope scope, string authorization, string proof)
    {
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = Path;
        context.Request.Method = "GET";
        context.Request.Headers.Authorization = authorization;
        context.Request.Headers[DPoPFields.DPoP] = proof;
        return context;
    }

    private static void Demand(bool good)
    {
        if (!good)
            throw new InvalidOperationException("The bench measures acceptances, and this was refused.");
    }
}
