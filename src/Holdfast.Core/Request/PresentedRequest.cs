namespace Holdfast;

/// <summary>What a caller presented, as raw as the door can give it. Nothing in it is trusted yet.</summary>
public readonly record struct PresentedRequest
{
    /// <summary>The method the client really sent, octet for octet (RFC 9110 §9.1).</summary>
    public required string Method { get; init; }

    /// <summary>
    /// The public URLs this request may have been sent to: from declared public origins or trusted proxies, never from headers
    /// that anyone may send (DPOP-V-21). Empty where none could be derived: then no proof can match.
    /// </summary>
    public required IReadOnlyList<HttpTarget> Targets { get; init; }

    /// <summary>The raw <c>Authorization</c> lines.</summary>
    public FieldLines Authorization { get; init; }

    /// <summary>The raw <c>DPoP</c> lines.</summary>
    public FieldLines DPoP { get; init; }

    /// <summary>The client certificate of the connection, or as a trusted proxy handed it on; never from a field that anyone may send.</summary>
    public PresentedCertificate Certificate { get; init; }

    /// <summary>True where an <c>access_token</c> parameter was found in the query or in a form body (RFC 6750 §2.2, §2.3).</summary>
    public bool TokenOutsideHeader { get; init; }

    /// <summary>The mode that the route asks for, or null where it asks for none; the strictest applicable mode wins.</summary>
    public SenderConstraintMode? RouteMode { get; init; }
}
