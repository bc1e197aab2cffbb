using System.Diagnostics.CodeAnalysis;

namespace Holdfast;

/// <summary>Decides whether a token is genuine, for us and alive. Knows nothing of proofs.</summary>
public interface IAccessTokenVerifier
{
    /// <summary>
    /// Verifies <paramref name="token"/> for <paramref name="resource"/>. Bad tokens and unreachable issuers are results, not
    /// exceptions; only cancellation throws.
    /// </summary>
    ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken);

    /// <summary>
    /// Answers from memory where there is one, and never waits: what <see cref="VerifyAsync"/> would answer for a token that was verified before and is
    /// still good. Asked first, with the text as it stands in the request, so that a known token is never copied. False by default, and wherever
    /// <see cref="VerifyAsync"/> has to be asked.
    /// </summary>
    bool TryRecall(ReadOnlySpan<char> token, ResourceConfig resource, [NotNullWhen(true)] out AccessToken? verified)
    {
        verified = null;
        return false;
    }
}

/// <summary>A verified token or a refusal. The default value is a refusal.</summary>
public readonly struct AccessTokenResult
{
    private readonly AccessToken? _token;
    private readonly Refusal? _refusal;

    private AccessTokenResult(AccessToken? token, Refusal? refusal) => (_token, _refusal) = (token, refusal);

    /// <summary>A genuine token.</summary>
    public static AccessTokenResult Verified(AccessToken token) => new(token, null);

    /// <summary>A refusal with the operator's detail.</summary>
    public static AccessTokenResult Refused(VerificationFailure failure, string? expected = null, string? seen = null) =>
        new(null, new Refusal(failure, expected, seen));

    /// <summary>True and the token, or false and the refusal.</summary>
    public bool TryGet([NotNullWhen(true)] out AccessToken? token, [NotNullWhen(false)] out Refusal? refusal)
    {
        token = _token;
        refusal = _token is null ? _refusal ?? Refusal.Unspecified : null;
        return _token is not null;
    }
}
