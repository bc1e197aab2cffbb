namespace Holdfast.AspNetCore;

/// <summary>What is demanded of JWT access tokens besides the resource's issuer and audience: immutable.</summary>
public sealed record JwtAccessTokenPolicy
{
    /// <summary>What is accepted unless an operator says otherwise; RFC 9068 §2.1 wants RS256 supported (AT-01).</summary>
    public static readonly IReadOnlyList<string> DefaultAlgorithms = ["ES256", "ES384", "PS256", "PS384", "RS256"];

    /// <summary>What is implemented: asymmetric only, so <c>none</c> and MACs cannot be chosen (AT-01, AT-14).</summary>
    public static readonly IReadOnlyList<string> ImplementedAlgorithms =
        ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    /// <summary>The longest token, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The algorithms accepted (AT-16).</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = DefaultAlgorithms;

    /// <summary>The leeway for <c>exp</c>, <c>nbf</c> and <c>iat</c> (AT-10).</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(10);
}
