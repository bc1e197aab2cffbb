namespace Holdfast.Issuer;

/// <summary>How often clients may ask, and fail, before they are told to wait (429 and <c>Retry-After</c>). Nonce challenges count nowhere. Each node counts for itself.</summary>
public sealed class IssuerRateLimitOptions
{
    /// <summary>
    /// Failed client authentications a minute, of one address in the name of one client: 1 to 1,000,000, by default 30. Other addresses are not affected.
    /// </summary>
    public int FailedAuthenticationsPerMinute { get; set; } = 30;

    /// <summary>Token requests of one client a minute; of a public client, of one address: 1 to 1,000,000,000, by default 100,000.</summary>
    public int TokenRequestsPerMinute { get; set; } = 100_000;

    internal void Check(List<string> problems)
    {
        if (FailedAuthenticationsPerMinute is < 1 or > 1_000_000)
            problems.Add($"RateLimits:FailedAuthenticationsPerMinute: {FailedAuthenticationsPerMinute} is outside 1 to 1000000.");
        if (TokenRequestsPerMinute is < 1 or > 1_000_000_000)
            problems.Add($"RateLimits:TokenRequestsPerMinute: {TokenRequestsPerMinute} is outside 1 to 1000000000.");
    }
}

/// <summary>The same, immutable.</summary>
internal sealed record IssuerRateLimitConfig(int FailedAuthenticationsPerMinute, int TokenRequestsPerMinute);
