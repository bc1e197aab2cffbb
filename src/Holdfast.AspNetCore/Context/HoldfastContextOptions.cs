using Microsoft.AspNetCore.Authentication;

namespace Holdfast.AspNetCore;

/// <summary>
/// What an upstream behind a guard demands of its requests. Validated when the host starts, all problems at once, then turned into immutable
/// configuration: later changes have no effect.
/// </summary>
public sealed class HoldfastContextOptions : AuthenticationSchemeOptions
{
    /// <summary>The guards whose contexts are taken; several where each proxy has its own. Required.</summary>
    public IList<ContextGuard> Guards { get; set; } = [];

    /// <summary>The audience that contexts must name: the <c>upstream</c> of the guard's routes to this service. Required.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The peers that may bring a context: the proxy. Default (null): whoever reaches this service, so let nobody but the proxy reach it.</summary>
    public TrustedProxyOptions? TrustedPeers { get; set; }

    /// <summary>
    /// The public base URLs of this service, with what the proxy strips or adds, as for <see cref="HoldfastOptions.PublicOrigins"/>. Default (empty): the
    /// path arrives as the client sent it, under whatever name.
    /// </summary>
    public IList<PublicOrigin> PublicOrigins { get; set; } = [];

    /// <summary>The leeway for the times of contexts: how far this clock and the guard's may be apart. Default 5 s, at most 10 s.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many contexts are remembered as used, two minutes each; past it requests are refused with 503. Default 1,000,000 (about 40 MB).</summary>
    public int MemoryCapacity { get; set; } = 1_000_000;

    /// <summary>How often a guard's keys are read again. Default 5 minutes: a guard announces a key at least an hour before it signs.</summary>
    public TimeSpan KeyRefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often, at most, an unknown key makes them be read again. Default 5 s.</summary>
    public TimeSpan UnknownKeyRefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The claim that becomes <c>Identity.Name</c>. Default <c>sub</c>.</summary>
    public string NameClaimType { get; set; } = "sub";

    /// <summary>The claim that <c>IsInRole</c> reads. Default <c>roles</c>.</summary>
    public string RoleClaimType { get; set; } = "roles";

    /// <summary>Allows keys to be fetched over http beyond loopback: whoever can change them can be anybody. Logs a warning at start.</summary>
    public bool DangerouslyAllowHttp { get; set; }
}
