using System.Net.Http.Headers;

namespace Holdfast.Chaos;

/// <summary>A proof that an honest client has sent, as anyone on the way sees it.</summary>
/// <param name="JtiHash">The hash of its identifier.</param>
/// <param name="Token">The access token beside it.</param>
/// <param name="Proof">The proof.</param>
/// <param name="HasNonce">Whether it carries a nonce.</param>
/// <param name="At">When it was sent.</param>
/// <param name="IsRaced">Whether the attacker sends it at the same time.</param>
internal sealed record SentProof(string JtiHash, string Token, string Proof, bool HasNonce, DateTimeOffset At, bool IsRaced)
{
    public HttpRequestMessage ToRequest(Uri url, string who)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", Token);
        request.Headers.TryAddWithoutValidation("DPoP", Proof);
        request.Headers.TryAddWithoutValidation(AcceptedLog.WhoField, who);
        return request;
    }
}
