namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>
/// What an API that keeps its JWT bearer scheme demands besides: names and defaults are those of <see cref="HoldfastOptions"/>. Validated when
/// the host starts, all problems at once, then turned into immutable configuration: later changes have no effect.
/// </summary>
public sealed class SenderConstraintOptions
{
    /// <summary>A short name for logs, meters and signals. Default: the scheme's audience, or else the scheme's name.</summary>
    public string? ResourceName { get; set; }

    /// <summary>What happens to tokens without a binding. Default: they are refused. Tokens with one are enforced in both modes.</summary>
    public SenderConstraintMode Mode { get; set; } = SenderConstraintMode.Require;

    /// <summary>Named exemptions with an end date: the only way to a looser mode. The client is the token's <c>client_id</c>, or else its
    /// <c>azp</c>, <c>appid</c> or <c>cid</c>.</summary>
    public IList<SenderConstraintExemption> Exemptions { get; set; } = [];

    /// <summary>The algorithms accepted in proofs, in order of preference. Default (null): ES256, ES384, PS256, PS384.</summary>
    public IList<string>? Algorithms { get; set; }

    /// <summary>When nonces are demanded. Default (null): <see cref="Holdfast.NonceMode.OnDemand"/> for a declared single instance and with
    /// <c>UsePostgreSqlReplay</c>, otherwise <see cref="Holdfast.NonceMode.Always"/>.</summary>
    public NonceMode? NonceMode { get; set; }

    /// <summary>True where exactly one process ever serves this API at a time, also while a new version replaces an old one. Spares clients nonces and the wait for
    /// a draining predecessor.</summary>
    public bool SingleInstance { get; set; }

    /// <summary>How many processes serve this API at a time. More than one and proofs that are kept in memory do not go together, unless every proof carries a nonce
    /// of the process it is sent to: such an application does not start. Default 1, which promises nothing.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>The public base URLs under which clients call this API (DPOP-V-21). Default: the origin of the scheme's audience, where that is one http(s) URL.</summary>
    public IList<PublicOrigin> PublicOrigins { get; set; } = [];

    /// <summary>True to also take scheme and host as ASP.NET Core's forwarded-headers middleware sets them. Only with known proxies and a list
    /// of allowed hosts without wildcards.</summary>
    public bool UseForwardedHeaders { get; set; }

    /// <summary>True where clients may prove possession by a TLS client certificate as well (RFC 8705): said by a <c>Bearer</c> challenge beside <c>DPoP</c>,
    /// and from here on certificate fields of strangers are removed, counted and signalled. Implied by <c>AddClientCertificates</c> and
    /// <c>AddForwardedClientCertificates</c>. Default false: such a token with its certificate is accepted then too, and nothing is said of it.</summary>
    public bool UseClientCertificates { get; set; }

    /// <summary>How many accepted proofs are remembered at once; past it proofs are refused, never forgotten. Default 4,000,000, at most 40 bytes each.</summary>
    public int ReplayCapacity { get; set; } = 4_000_000;

    /// <summary>How many of them one proof key may have, so that one caller cannot fill the memory for all. Default (null): an eighth.</summary>
    public int? ReplayQuotaPerKey { get; set; }

    /// <summary>Allows an http public origin that is not on loopback. Tokens and proofs then travel in the clear. Logs a warning at start.</summary>
    public bool DangerouslyAllowHttp { get; set; }

    /// <summary>Unbound tokens go on as before; what <see cref="Require"/> would refuse is recorded, and counted by client and route.</summary>
    public void Observe() => Mode = SenderConstraintMode.Observe;

    /// <summary>Unbound tokens are refused: the default.</summary>
    public void Require() => Mode = SenderConstraintMode.Require;
}
