namespace Holdfast.AspNetCore;

/// <summary>Names that the door uses unless told otherwise.</summary>
public static class HoldfastDefaults
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string AuthenticationScheme = "Holdfast";

    /// <summary>The named <see cref="HttpClient"/> that fetches the issuer's metadata and keys; configure it to add a proxy or a private root.</summary>
    public const string IssuerHttpClient = "Holdfast.Issuer";

    /// <summary>Where <c>MapHoldfastDiagnostics</c> answers, unless told otherwise.</summary>
    public const string DiagnosticsPath = "/.well-known/holdfast/diagnostics";

    /// <summary>The scope that it asks for, unless told otherwise.</summary>
    public const string DiagnosticsScope = "holdfast:diagnose";

    /// <summary>The name of the authentication scheme of an upstream behind a guard.</summary>
    public const string ContextScheme = "HoldfastContext";

    /// <summary>The named <see cref="HttpClient"/> that fetches the keys of guards; configure it to add a private root or to go by a unix socket.</summary>
    public const string GuardHttpClient = "Holdfast.Guard";

    /// <summary>Where protected-resource metadata lives (RFC 9728 §3).</summary>
    public const string MetadataPath = "/.well-known/oauth-protected-resource";
}
