namespace Holdfast.Control;

/// <summary>Where the admin API is, and whose tokens it takes. Validated when the host starts.</summary>
public sealed class HoldfastControlOptions
{
    /// <summary>The issuer whose registry this is, exactly as in its tokens. Required.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The audience that tokens must name. Default (null): the issuer followed by <c>/admin</c>. Register it as a resource with the scopes of <see cref="HoldfastControlDefaults"/>.</summary>
    public string? Audience { get; set; }

    /// <summary>The path of the admin API below the issuer's own. Default <c>/admin</c>.</summary>
    public string Path { get; set; } = "/admin";

    /// <summary>When proofs must carry a nonce. Default (null): as for any API, by whether one process serves it.</summary>
    public NonceMode? NonceMode { get; set; }

    /// <summary>True where exactly one process ever serves this at a time.</summary>
    public bool SingleInstance { get; set; }

    /// <summary>Allows an http issuer that is not on loopback. Logs a warning at start.</summary>
    public bool DangerouslyAllowHttp { get; set; }

    /// <summary>The audience in force.</summary>
    internal string EffectiveAudience => Audience ?? Issuer.TrimEnd('/') + "/admin";
}
