namespace Holdfast.AspNetCore;

/// <summary>
/// One listener whose requests come from proxies that end TLS and hand their clients' certificates on. Nothing is guessed: where, from whom, and
/// in which format is declared. Validated at start, the problems of all listeners together.
/// </summary>
/// <remarks>
/// On such a listener the TLS certificate of the connection is the proxy's own and never its client's (FWD-42), and a request that does not
/// come from the declared proxies counts as one without a certificate: its fields are removed, counted and signalled.
/// </remarks>
public sealed class ForwardedClientCertificateOptions
{
    /// <summary>The local port. Null, and no <see cref="UnixSocket"/>: every listener of this process.</summary>
    public int? Port { get; set; }

    /// <summary>The path of the unix socket, as the server listens on it. Needs <see cref="TrustedProxyOptions.UnixSocket"/>.</summary>
    public string? UnixSocket { get; set; }

    /// <summary>
    /// The format, by its name (<see cref="ForwardedCertificateFormats"/>): <c>rfc9440</c>, <c>nginx</c>, <c>envoy-xfcc</c>, <c>haproxy</c>, <c>apache</c>,
    /// <c>traefik</c>, <c>caddy</c>, <c>aws-alb</c> or <c>azure-arr</c>. Required. For <c>envoy-xfcc</c> the Envoy that clients reach must be set to
    /// <c>SANITIZE_SET</c>, which throws a client's own field away; <c>APPEND_FORWARD</c> is for the Envoys behind it only (FWD-32).
    /// </summary>
    public string Format { get; set; } = "";

    /// <summary>Another name for the field with the certificate. Default (null): that of the format.</summary>
    public string? Field { get; set; }

    /// <summary>For <c>envoy-xfcc</c>: how many Envoys in a row stand before this server (FWD-30). Default 1, at most 16.</summary>
    public int XfccHops { get; set; } = 1;

    /// <summary>Who the proxies are. Required: nobody is trusted by default, and everybody cannot be.</summary>
    public TrustedProxyOptions Trust { get; set; } = new();
}
