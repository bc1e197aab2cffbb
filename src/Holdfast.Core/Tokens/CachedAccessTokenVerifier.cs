using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>
/// Remembers verified tokens until they expire, by (resource, SHA-256 of the token); bounded, the least used leave first. Only tokens that
/// passed are kept, so a stranger cannot fill it. A hit saves the token's own signature check and nothing else: the proof is
/// checked on every request (AT-35).
/// </summary>
public sealed class CachedAccessTokenVerifier : IAccessTokenVerifier
{
    private readonly IAccessTokenVerifier _inner;
    private readonly VerifierClock _clock;
    private readonly BoundedCache<Key, AccessToken> _cache;

    /// <summary>Wraps a verifier. <paramref name="capacity"/> is the number of tokens kept.</summary>
    public CachedAccessTokenVerifier(IAccessTokenVerifier inner, VerifierClock clock, int capacity)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(clock);
        (_inner, _clock, _cache) = (inner, clock, new(capacity));
    }

    /// <inheritdoc/>
    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(resource);
        Key key = new(resource, AccessTokenHash.Of(token));
        return TryRecall(key, out AccessToken? cached)
            ? ValueTask.FromResult(AccessTokenResult.Verified(cached))
            : VerifyAndKeepAsync(key, token, resource, cancellationToken);
    }

    /// <inheritdoc/>
    public bool TryRecall(ReadOnlySpan<char> token, ResourceConfig resource, [NotNullWhen(true)] out AccessToken? verified)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return TryRecall(new Key(resource, AccessTokenHash.Of(token)), out verified);
    }

    private bool TryRecall(in Key key, [NotNullWhen(true)] out AccessToken? verified)
    {
        if (!_cache.TryGet(key, out verified))
            return false;
        if (_clock.Now < verified.ExpiresAt)
            return true;
        _cache.Remove(key);
        return false;
    }

    private async ValueTask<AccessTokenResult> VerifyAndKeepAsync(Key key, string token, ResourceConfig resource, CancellationToken cancellationToken)
    {
        AccessTokenResult result = await _inner.VerifyAsync(token, resource, cancellationToken);
        if (!result.TryGet(out AccessToken? verified, out _))
            return result;
        verified = verified with { Hash = key.Token };
        _cache.Set(key, verified);
        return AccessTokenResult.Verified(verified);
    }

    // The resource is compared by reference: a changed configuration is another object, and its tokens are verified anew.
    private readonly record struct Key(ResourceConfig Resource, AccessTokenHash Token)
    {
        public bool Equals(Key other) => ReferenceEquals(Resource, other.Resource) && Token == other.Token;

        public override int GetHashCode() => Token.GetHashCode() ^ RuntimeHelpers.GetHashCode(Resource);
    }
}
