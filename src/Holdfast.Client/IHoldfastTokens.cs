namespace Holdfast.Client;

/// <summary>Gives tokens to code that does not go through an <see cref="HttpClient"/>. The same tokens, from the same cache.</summary>
public interface IHoldfastTokens
{
    /// <summary>A token that is alive: from the cache, or from the authorization server. Cancelling one caller does not disturb the others.</summary>
    /// <param name="clientName">The name given to <c>AddHoldfastClient</c> or <c>AddHoldfast</c>.</param>
    /// <param name="cancellationToken">Ends the waiting, not the request that others may wait for.</param>
    /// <exception cref="HoldfastClientException">There is none to be had.</exception>
    ValueTask<HoldfastToken> GetTokenAsync(string clientName, CancellationToken cancellationToken = default);
}
