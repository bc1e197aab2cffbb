namespace Holdfast;

/// <summary>What a client assertion says (RFC 7523 §3). One object for one assertion; servers spend each <c>jti</c> once.</summary>
public sealed record ClientAssertionClaims
{
    /// <summary>The client, both <c>iss</c> and <c>sub</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>The issuer identifier of the authorization server, the only <c>aud</c>, so that no other server can use the assertion.</summary>
    public required string Audience { get; init; }

    /// <summary>The time of creation.</summary>
    public required DateTimeOffset Iat { get; init; }

    /// <summary>How long it lives; 60 s by default, above zero. Servers here accept five minutes at most.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The name that the server knows the key by. Null, the default, is the key's thumbprint.</summary>
    public string? Kid { get; init; }

    /// <summary>The identifier. Null, the default, draws 128 random bits.</summary>
    public string? Jti { get; init; }
}
