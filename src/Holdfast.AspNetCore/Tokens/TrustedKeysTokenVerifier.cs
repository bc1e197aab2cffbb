using System.Diagnostics.CodeAnalysis;

namespace Holdfast.AspNetCore;

/// <summary>
/// Remembers verified tokens only as long as every key that signed them is published: when the issuer withdraws one, the whole
/// memory is dropped and each token is verified anew.
/// </summary>
internal sealed class TrustedKeysTokenVerifier : IAccessTokenVerifier
{
    private readonly IssuerKeys _keys;
    private volatile CachedAccessTokenVerifier _cached;

    public TrustedKeysTokenVerifier(IssuerKeys keys, IAccessTokenVerifier inner, int capacity, VerifierClock clock)
    {
        _keys = keys;
        _cached = new(inner, clock, capacity);
        // A verification still under way with the old keys fills the old cache, which nobody asks any more.
        keys.KeyWithdrawn = () => _cached = new(inner, clock, capacity);
    }

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken)
    {
        _keys.RefreshWhenDue();
        return _cached.VerifyAsync(token, resource, cancellationToken);
    }

    public bool TryRecall(ReadOnlySpan<char> token, ResourceConfig resource, [NotNullWhen(true)] out AccessToken? verified)
    {
        // Here and not only on a miss: where every token is remembered, nobody else would notice that a key is gone.
        _keys.RefreshWhenDue();
        return _cached.TryRecall(token, resource, out verified);
    }
}
