using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Builds the verifier of each scheme once.</summary>
internal sealed class ContextVerifiers(
    IOptionsMonitor<HoldfastContextOptions> options, IHttpClientFactory clients, VerifierClock clock, TimeProvider timeProvider, ILoggerFactory loggers, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Lazy<ContextVerifier>> _built = new(StringComparer.Ordinal);

    public ContextVerifier Get(string scheme) => _built.GetOrAdd(scheme, name => new(() => Build(name, options.Get(name)))).Value;

    private ContextVerifier Build(string scheme, HoldfastContextOptions settings)
    {
        if (settings.DangerouslyAllowHttp)
            HoldfastLog.LogDangerousContextKeys(loggers.CreateLogger<ContextVerifier>(), settings.Audience);
        ProxyTrust? peers = settings.TrustedPeers is { } trusted ? ProxyTrust.TryCreate(trusted, nameof(settings.TrustedPeers), []) : null;
        IReplayStore used = services.GetKeyedService<IReplayStore>(scheme) ?? new EmbeddedReplayStore(
            // A context lives for seconds, so there is no predecessor worth a fence; and a guard is no client that needs a quota.
            new EmbeddedReplayStoreOptions { Capacity = settings.MemoryCapacity, QuotaPerKey = settings.MemoryCapacity, NoPredecessor = true }, clock);
        return new ContextVerifier(settings, settings.Guards.ToDictionary(guard => guard.Name, guard => KeysOf(guard, settings), StringComparer.Ordinal), peers, used, clock);
    }

    private IssuerKeys KeysOf(ContextGuard guard, HoldfastContextOptions settings) => new(
        guard.Name,
        async cancellationToken =>
        {
            using HttpClient http = clients.CreateClient(HoldfastDefaults.GuardHttpClient);
            return await http.GetStringAsync(new Uri(guard.EffectiveKeysUrl), cancellationToken);
        },
        [ContextClaims.Alg],
        new IssuerKeysSchedule(settings.KeyRefreshInterval, settings.UnknownKeyRefreshInterval),
        timeProvider,
        loggers.CreateLogger<IssuerKeys>());
}
