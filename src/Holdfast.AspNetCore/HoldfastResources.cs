using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Builds each scheme's resource once. Clock, replay store and nonces are one for the process, so that a proof is spent for all schemes.</summary>
internal sealed class HoldfastResources(
    IOptionsMonitor<HoldfastOptions> options, IOptions<ForwardedHeadersOptions> forwarded, IHttpClientFactory clients, IReplayStore replay,
    VerifierClock clock, ResourceNonces nonces, ClientCertificateUse certificates, HoldfastSchemes schemes, TimeProvider timeProvider,
    ILoggerFactory loggers, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Lazy<HoldfastResource>> _built = new(StringComparer.Ordinal);

    public HoldfastResource Get(string scheme) =>
        _built.TryGetValue(scheme, out Lazy<HoldfastResource>? known)
            ? known.Value
            : _built.GetOrAdd(scheme, name => new(() => Build(name, options.Get(name)))).Value;

    /// <summary>The mode in force: the safe default depends on what was declared about the deployment.</summary>
    public static NonceMode NonceModeOf(HoldfastOptions options) =>
        options.NonceMode ?? (options.SingleInstance ? NonceMode.OnDemand : NonceMode.Always);

    /// <summary>What a resource is called in logs, meters and signals.</summary>
    public static string NameOf(HoldfastOptions options) => options.ResourceName ?? options.Audience;

    private HoldfastResource Build(string scheme, HoldfastOptions settings)
    {
        var config = new ResourceConfig
        {
            Name = NameOf(settings),
            Issuer = settings.Issuer,
            Audience = settings.Audience,
            Mode = settings.Mode,
            Exemptions = [.. settings.Exemptions],
        };
        var policy = new DPoPProofPolicy { Algorithms = [.. settings.Algorithms?.Distinct(StringComparer.Ordinal) ?? DPoPAlgorithms.Default], NonceMode = NonceModeOf(settings) };
        var proofs = new DPoPProofVerifier(VerifierRole.ResourceServer, policy, clock, replay, policy.NonceMode == NonceMode.Off ? null : nonces.Nonces);
        PublicTargets targets = BuildTargets(settings);
        bool usesCertificates = settings.UseClientCertificates || certificates.IsDeclared;
        ResourceMetadata? metadata = schemes.Foreign.Contains(scheme) ? null : ResourceMetadata.TryCreate(settings, config, policy, targets, usesCertificates);
        return new HoldfastResource
        {
            Config = config,
            Verifier = new RequestVerifier(services.GetKeyedService<IAccessTokenVerifier>(scheme) ?? BuildTokenVerifier(settings), proofs, clock),
            Proofs = proofs,
            Targets = targets,
            Challenges = new Challenges(policy.Algorithms, metadata?.Url),
            Metadata = metadata,
            UsesClientCertificates = usesCertificates,
            NameClaimType = settings.NameClaimType,
            RoleClaimType = settings.RoleClaimType,
        };
    }

    private PublicTargets BuildTargets(HoldfastOptions settings)
    {
        IEnumerable<PublicOrigin> origins = settings.PublicOrigins;
        // DPOP-V-21: by default the audience's origin; its path names the resource and is no prefix.
        if (settings.PublicOrigins.Count == 0 && PublicOrigin.TrySplit(settings.Audience, out string origin, out _))
            origins = [origin];
        return new PublicTargets(origins, settings.UseForwardedHeaders ? forwarded.Value.AllowedHosts : null);
    }

    private TrustedKeysTokenVerifier BuildTokenVerifier(HoldfastOptions settings)
    {
        var documents = new IssuerDocuments(() => clients.CreateClient(HoldfastDefaults.IssuerHttpClient), settings.Issuer, settings.DangerouslyAllowHttp);
        var policy = new JwtAccessTokenPolicy { Algorithms = [.. settings.TokenAlgorithms ?? [.. JwtAccessTokenPolicy.DefaultAlgorithms]], ClockSkew = settings.TokenClockSkew };
        var keys = new IssuerKeys(settings.Issuer, documents.FetchKeySetAsync, policy.Algorithms,
            new IssuerKeysSchedule(settings.JwksRefreshInterval, settings.UnknownKeyRefreshInterval), timeProvider, loggers.CreateLogger<IssuerKeys>());
        return new TrustedKeysTokenVerifier(keys, new JwtAccessTokenVerifier(keys, policy, clock), settings.TokenCacheCapacity, clock);
    }
}

/// <summary>The nonces of the resource server role: one source for the process, or the application's, where nodes share a replay store and with
/// it the key of their nonces.</summary>
internal sealed class ResourceNonces
{
    public ResourceNonces(VerifierClock clock, IServiceProvider services)
    {
        IDPoPNonces? own = services.GetKeyedService<IDPoPNonces>(VerifierRole.ResourceServer);
        (Nonces, AreTheApplications) = (own ?? DPoPNonces.CreateForProcess(clock, VerifierRole.ResourceServer), own is not null);
    }

    public IDPoPNonces Nonces { get; }

    /// <summary>True where the key may be known to other processes, so that a nonce says nothing about who saw the proof.</summary>
    public bool AreTheApplications { get; }
}
