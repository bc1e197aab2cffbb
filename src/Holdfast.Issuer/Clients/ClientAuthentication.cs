namespace Holdfast.Issuer;

/// <summary>The outcome of client authentication. The default value is a refusal.</summary>
internal readonly record struct ClientAuthentication
{
    private readonly Refusal? _refusal;

    private ClientAuthentication(IssuerClient? client, ClientAssertion? assertion, Refusal? refusal, string? claimed) =>
        (Client, Assertion, _refusal, ClaimedClientId) = (client, assertion, refusal, claimed);

    /// <summary>The client, where it is authenticated.</summary>
    public IssuerClient? Client { get; }

    /// <summary>The assertion to be spent, or null where it authenticated by secret.</summary>
    public ClientAssertion? Assertion { get; }

    /// <summary>Who the caller says it is: for the signal, not to be believed.</summary>
    public string? ClaimedClientId { get; }

    /// <summary>Why not, or null where it is authenticated.</summary>
    public Refusal? Refusal => Client is null ? _refusal ?? Holdfast.Refusal.Unspecified : null;

    /// <summary>How long to wait, where it was told to.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static ClientAuthentication Authenticated(IssuerClient client, ClientAssertion? assertion) => new(client, assertion, null, client.ClientId);

    public static ClientAuthentication Refused(Refusal refusal, string? claimed) => new(null, null, refusal, claimed);

    public static ClientAuthentication RefusedFor(TimeSpan wait, string? claimed, string expected) =>
        Refused(new Refusal(VerificationFailure.RateLimited, expected, claimed), claimed) with { RetryAfter = wait };

    public static ClientAuthentication Refused(VerificationFailure failure, string? claimed, string? expected = null, string? seen = null) =>
        Refused(new Refusal(failure, expected, seen), claimed);
}
