namespace Holdfast.Issuer;

/// <summary>An authorization request that this issuer could answer with a code, once the person has signed in and agreed.</summary>
internal sealed record AcceptedRequest
{
    public required string CodeChallenge { get; init; }
    /// <summary>The key that the code will be bound to; null for none.</summary>
    public required JwkThumbprint? DPoPJkt { get; init; }
    public required AuthorizationPrompt Prompt { get; init; }
    /// <summary>How long ago the person may have signed in; null: as long as the host's sign-in lasts.</summary>
    public required TimeSpan? MaxAge { get; init; }
    public required string? Nonce { get; init; }
    public required IReadOnlyList<IssuerResource> Resources { get; init; }
    /// <summary>What is asked for, <c>openid</c> among it.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}
