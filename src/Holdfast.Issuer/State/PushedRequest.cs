namespace Holdfast.Issuer;

/// <summary>A pushed authorization request (RFC 9126 §2.2).</summary>
public sealed record PushedRequest
{
    /// <summary>The hash of its <c>request_uri</c>.</summary>
    public required SecretHash Reference { get; init; }

    /// <summary>Who pushed it, and may use it.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its parameters, JSON of <see cref="AuthorizationRequest"/>.</summary>
    public required string Parameters { get; init; }

    /// <summary>From when it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether a code was issued for it. Set by the store.</summary>
    public bool IsUsed { get; init; }
}
