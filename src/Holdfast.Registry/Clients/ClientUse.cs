namespace Holdfast.Registry;

/// <summary>What a client was last used for. Kept to the minute or so: it serves to find what is forgotten.</summary>
/// <param name="ClientId">Which client.</param>
/// <param name="At">When a token was last issued to it.</param>
/// <param name="GrantType">By which grant.</param>
/// <param name="Resource">For which resource.</param>
/// <param name="Binding">Bound how: <c>dpop</c>, <c>certificate</c>, <c>dpop+certificate</c> or <c>none</c>.</param>
/// <param name="Address">From which address, as far as that can be told.</param>
public sealed record ClientUse(string ClientId, DateTimeOffset At, string GrantType, string? Resource, string Binding, string? Address);
