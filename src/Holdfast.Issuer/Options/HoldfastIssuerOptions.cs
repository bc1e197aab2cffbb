using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// The settings of the issuer. Validated at start, all problems together; read once. Everything may come from configuration.
/// </summary>
public sealed class HoldfastIssuerOptions
{
    /// <summary>
    /// The issuer identifier (RFC 8414 §2): an https URL without query and fragment, such as <c>https://id.example.com</c>. It is compared
    /// character by character everywhere. Plain http is taken on a loopback host only.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>Takes an http issuer on any host: tokens then travel in the clear. Default false.</summary>
    public bool DangerouslyAllowHttp { get; set; }

    /// <summary>
    /// Where the key ring of the signing keys is kept (<see cref="IssuerKeyOptions.KeyRingDirectory"/>). Created, owner-only, where it does not exist. Back it up: without
    /// it the signing keys in the database cannot be used.
    /// </summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>How long an access token lives: 1 minute to 1 hour, 5 minutes by default (DPOP-AS-37).</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a refresh token may lie unused (RFC 9700 §2.2.2): 1 hour to 1 year, 30 days by default. Each use begins anew, until
    /// <see cref="GrantLifetime"/> has passed.
    /// </summary>
    public TimeSpan RefreshTokenIdleLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>After which time a person has to sign in again, however often a refresh token was used: 1 hour to 5 years, 90 days by default.</summary>
    public TimeSpan GrantLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The rules that every client is held to. A client may be held to stricter ones, never to looser ones. Default <see cref="SecurityProfile.Default"/>.</summary>
    public SecurityProfile Profile { get; set; }

    /// <summary>RFC 9126 §5: authorization requests are pushed, or refused, whoever the client is. Default false; always so under <see cref="SecurityProfile.Fapi2"/>.</summary>
    public bool RequirePushedAuthorizationRequests { get; set; }

    /// <summary>The keys that sign tokens.</summary>
    public IssuerKeyOptions Keys { get; set; } = new();

    /// <summary>Says that one process at a time serves this issuer: no other node, and no overlap while a new version starts.</summary>
    public bool SingleInstance { get; set; }

    /// <summary>
    /// Says that no process served this issuer in the last minutes, so that proofs from before the start cannot have been accepted by one.
    /// For first starts and tests; default false.
    /// </summary>
    public bool NoPredecessor { get; set; }

    /// <summary>
    /// When proofs must carry a nonce (RFC 9449 §8). Unset: <see cref="Holdfast.NonceMode.OnDemand"/> for a declared
    /// <see cref="SingleInstance"/> and where an <see cref="ISharedReplayStore"/> is registered, otherwise <see cref="Holdfast.NonceMode.Always"/>.
    /// </summary>
    public NonceMode? NonceMode { get; set; }

    /// <summary>The algorithms taken in proofs, in order of preference; unset: <see cref="DPoPAlgorithms.Default"/>. Published as enforced.</summary>
    public IList<string>? Algorithms { get; set; }

    /// <summary>The algorithms taken in client assertions; unset: <see cref="DPoPAlgorithms.Default"/>. Published as enforced.</summary>
    public IList<string>? AssertionAlgorithms { get; set; }

    /// <summary>
    /// Lets clients that are set up for it authenticate with a shared secret (<c>client_secret_basic</c>, <c>client_secret_post</c>). Default false: a secret can
    /// be stolen and used anywhere.
    /// </summary>
    public bool AllowClientSecrets { get; set; }

    /// <summary>How often clients may ask, and fail.</summary>
    public IssuerRateLimitOptions RateLimits { get; set; } = new();

    /// <summary>Client certificates.</summary>
    public IssuerMutualTlsOptions MutualTls { get; set; } = new();

    /// <summary>
    /// Lets a client's <see cref="IssuerClientOptions.JwksUri"/> lead to loopback, private and other addresses that are not on the public internet.
    /// Default false: whoever sets or resolves such a URL could make the issuer ask machines that trust it.
    /// </summary>
    public bool DangerouslyAllowInternalJwksUris { get; set; }

    /// <summary>The clients.</summary>
    public IList<IssuerClientOptions> Clients { get; set; } = [];

    /// <summary>The resources that tokens can be issued for.</summary>
    public IList<IssuerResourceOptions> Resources { get; set; } = [];

    /// <summary>What is wrong with the configuration that these were read from.</summary>
    internal List<string> ConfigurationProblems { get; } = [];
}
