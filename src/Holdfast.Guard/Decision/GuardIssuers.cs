using Holdfast.AspNetCore;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard.Internal;

/// <summary>The issuers' keys, read from each once for all of its resources.</summary>
internal sealed class GuardIssuers
{
    /// <summary>Verified tokens kept for each issuer.</summary>
    private const int TokenCache = 10_000;

    private readonly Dictionary<string, (IssuerKeys Keys, IAccessTokenVerifier Tokens)> _issuers;

    public GuardIssuers(GuardConfig config, IHttpClientFactory clients, VerifierClock clock, TimeProvider timeProvider, ILoggerFactory loggers) =>
        _issuers = config.Issuers.ToDictionary(issuer => issuer.Issuer, issuer => Build(issuer, clients, clock, timeProvider, loggers), StringComparer.Ordinal);

    /// <summary>Verifies tokens of this issuer, for any of its resources.</summary>
    public IAccessTokenVerifier TokensOf(string issuer) => _issuers[issuer].Tokens;

    /// <summary>The issuers whose keys were never obtained. Starts to fetch them where none is under way.</summary>
    public IReadOnlyList<string> Missing() => [.. _issuers.Where(issuer => !IsKnown(issuer.Value.Keys)).Select(issuer => issuer.Key)];

    // The answer is there at once where keys are known; a fetch that is begun goes on by itself.
    private static bool IsKnown(IssuerKeys keys) => keys.GetAsync(CancellationToken.None).AsTask() is { IsCompletedSuccessfully: true, Result: not null };

    private static (IssuerKeys, IAccessTokenVerifier) Build(GuardIssuer issuer, IHttpClientFactory clients, VerifierClock clock, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        var documents = new IssuerDocuments(() => clients.CreateClient(HoldfastDefaults.IssuerHttpClient), issuer.Issuer, issuer.DangerouslyAllowHttp);
        var keys = new IssuerKeys(issuer.Issuer, documents.FetchKeySetAsync, issuer.TokenAlgorithms, new IssuerKeysSchedule(issuer.KeyRefresh, issuer.UnknownKeyRefresh),
            timeProvider, loggers.CreateLogger<IssuerKeys>());
        var policy = new JwtAccessTokenPolicy { Algorithms = issuer.TokenAlgorithms, ClockSkew = issuer.ClockSkew };
        return (keys, new TrustedKeysTokenVerifier(keys, new JwtAccessTokenVerifier(keys, policy, clock), TokenCache, clock));
    }
}
