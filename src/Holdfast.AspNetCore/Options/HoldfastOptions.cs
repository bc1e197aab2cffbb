using Microsoft.AspNetCore.Authentication;

namespace Holdfast.AspNetCore;

/// <summary>
/// What an API demands of its callers. Validated when the host starts, all problems at once, then turned into immutable
/// configuration: later changes have no effect.
/// </summary>
public sealed class HoldfastOptions : AuthenticationSchemeOptions
{
    /// <summary>The issuer, exactly as in its tokens (RFC 9068 §4): https, without query and fragment. Required.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The audience that tokens must name (RFC 9068 §4). Where it is an http(s) URL its origin is the public origin by default. Required.</summary>
    public string Audience { get; set; } = "";

    /// <summary>A short name for logs, meters and signals. Default: the audience.</summary>
    public string? ResourceName { get; set; }

    /// <summary>What happens to tokens without a binding. Default: they are refused.</summary>
    public SenderConstraintMode Mode { get; set; } = SenderConstraintMode.Require;

    /// <summary>Named exemptions with an end date: the only way to a looser mode.</summary>
    public IList<SenderConstraintExemption> Exemptions { get; set; } = [];

    /// <summary>The algorithms accepted in proofs, in order of preference. Default (null): ES256, ES384, PS256, PS384. Null and not a list, because
    /// configuration would add to a list instead of taking its place.</summary>
    public IList<string>? Algorithms { get; set; }

    /// <summary>The algorithms accepted in access tokens. Default (null): ES256, ES384, PS256, PS384, RS256 (which RFC 9068 §2.1 wants supported).</summary>
    public IList<string>? TokenAlgorithms { get; set; }

    /// <summary>When nonces are demanded. Default (null): <see cref="NonceMode.OnDemand"/> for a declared single instance and with <c>UsePostgreSqlReplay</c>,
    /// otherwise <see cref="NonceMode.Always"/>, so that an API that is scaled out without thinking is still safe.</summary>
    public NonceMode? NonceMode { get; set; }

    /// <summary>True where exactly one process ever serves this API at a time, also while a new version replaces an old one. Spares clients nonces and the wait for
    /// a draining predecessor.</summary>
    public bool SingleInstance { get; set; }

    /// <summary>How many processes serve this API at a time. More than one and proofs that are kept in memory do not go together, unless every proof carries a nonce
    /// of the process it is sent to: such an application does not start. Default 1, which promises nothing: that is what <see cref="SingleInstance"/> does.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>The public base URLs under which clients call this API (DPOP-V-21). Default: the origin of an <see cref="Audience"/> that is a URL.</summary>
    public IList<PublicOrigin> PublicOrigins { get; set; } = [];

    /// <summary>True to also take scheme and host as ASP.NET Core's forwarded-headers middleware sets them. Only with known proxies and a list
    /// of allowed hosts without wildcards.</summary>
    public bool UseForwardedHeaders { get; set; }

    /// <summary>
    /// True where clients may prove possession by a TLS client certificate as well (RFC 8705): said in the metadata and by a <c>Bearer</c> challenge
    /// beside <c>DPoP</c>, because certificate-bound tokens travel by that scheme, in <see cref="SenderConstraintMode.Require"/> too. From here on
    /// certificate fields of strangers are removed, counted and signalled. Implied by <c>AddClientCertificates</c> and
    /// <c>AddForwardedClientCertificates</c>. Default false: such a token with its certificate is accepted then too, and nothing is said of it.
    /// </summary>
    public bool UseClientCertificates { get; set; }

    /// <summary>The scopes published in the resource's metadata (RFC 9728 §2). Enforce them with authorization policies.</summary>
    public IList<string> ScopesSupported { get; set; } = [];

    /// <summary>How many accepted proofs are remembered at once; past it proofs are refused, never forgotten. Default 4,000,000, at most 40 bytes each.
    /// A shared store has a capacity of its own.</summary>
    public int ReplayCapacity { get; set; } = 4_000_000;

    /// <summary>How many of them one proof key may have, so that one caller cannot fill the memory for all. Default (null): an eighth.</summary>
    public int? ReplayQuotaPerKey { get; set; }

    /// <summary>How many verified tokens are remembered. Default 10,000.</summary>
    public int TokenCacheCapacity { get; set; } = 10_000;

    /// <summary>The leeway for <c>exp</c>, <c>nbf</c> and <c>iat</c> of access tokens. Default 10 s, at most 5 minutes.</summary>
    public TimeSpan TokenClockSkew { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the issuer's keys are read again. Default one hour.</summary>
    public TimeSpan JwksRefreshInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often, at most, an unknown <c>kid</c> makes the keys be read again. Default 30 s, at most a day.</summary>
    public TimeSpan UnknownKeyRefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The claim that becomes <c>Identity.Name</c>. Default <c>sub</c>.</summary>
    public string NameClaimType { get; set; } = "sub";

    /// <summary>The claim that <c>IsInRole</c> reads. Default <c>roles</c>.</summary>
    public string RoleClaimType { get; set; } = "roles";

    /// <summary>Allows an http issuer or public origin that is not on loopback. Tokens and proofs then travel in the clear. Logs a warning at start.</summary>
    public bool DangerouslyAllowHttp { get; set; }
}
