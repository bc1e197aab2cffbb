namespace Holdfast;

/// <summary>Where and how a listener's proxy hands its client's certificate on. Immutable.</summary>
public sealed record ForwardedCertificateConfig
{
    /// <summary>The one format of the listener.</summary>
    public required ForwardedCertificateFormat Format { get; init; }

    /// <summary>Another name for the field with the certificate; where null, the format's own. The fields beside it keep their names.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// For <see cref="ForwardedCertificateFormat.EnvoyXfcc"/>: how many Envoys in a row stand before this server, 1 (the default) to 16. It is the
    /// number of elements that the field must have, and so which element, counted from the end, is the client's (FWD-30): the nearest
    /// Envoy writes the last one, about its own peer.
    /// </summary>
    public int XfccHops { get; init; } = 1;
}
