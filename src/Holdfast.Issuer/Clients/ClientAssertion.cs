namespace Holdfast.Issuer;

/// <summary>A client assertion that was read (RFC 7523 §3). Being read proves nothing.</summary>
internal sealed record ClientAssertion
{
    public required string Alg { get; init; }
    public required string? Typ { get; init; }
    public required string? Kid { get; init; }
    public required string Iss { get; init; }
    public required string Sub { get; init; }
    /// <summary>Null where <c>aud</c> is absent or not a string.</summary>
    public required string? Aud { get; init; }
    public required DateTimeOffset? Iat { get; init; }
    public required DateTimeOffset? Exp { get; init; }
    public required DateTimeOffset? Nbf { get; init; }
    public required string? Jti { get; init; }
    /// <summary>The octets that were signed.</summary>
    public required byte[] SigningInput { get; init; }
    public required byte[] Signature { get; init; }
}
