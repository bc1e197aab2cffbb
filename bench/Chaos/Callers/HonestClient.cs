using System.Security.Cryptography;

namespace Holdfast.Chaos;

/// <summary>
/// A client that does all as it should: a fresh proof for each request, one retry with a fresh proof where a nonce is asked for, and nothing more. One in two
/// keeps the nonces it learns, as RFC 9449 wants; the others use one only when asked, so that proofs without nonces are about at all times.
/// </summary>
internal sealed class HonestClient : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly IProofSigner _signer;
    private readonly Uri _orders;
    private readonly string _token;
    private readonly bool _keepsNonces;
    private volatile string? _nonce;

    public HonestClient(SceneIssuer issuer, string origin, bool keepsNonces)
    {
        _signer = ProofSigner.Create(_key);
        _orders = new Uri(origin + "/orders");
        _token = issuer.IssueToken(origin, _signer.Thumbprint.ToString(), TimeProvider.System.GetUtcNow());
        _keepsNonces = keepsNonces;
    }

    /// <summary>One request by way of the balancer. Whatever is sent is told to <paramref name="onWire"/> first, and its answer after it.</summary>
    public async Task<HonestOutcome> CallAsync(IWire onWire)
    {
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        (bool raced, int? status, string? challenge) = await SendAsync(onWire, _keepsNonces ? _nonce : null);
        bool challenged = status == 401 && challenge is not null;
        if (challenged)
        {
            (bool racedAgain, status, _) = await SendAsync(onWire, challenge);
            raced = racedAgain;
        }
        return new(start, TimeProvider.System.GetUtcNow(), status switch
        {
            200 => HonestResult.Accepted,
            // nginx answers these where nobody answered it.
            null or 500 or 502 or 504 => HonestResult.Lost,
            503 => HonestResult.Unavailable,
            _ => HonestResult.Refused,
        }, challenged, raced);
    }

    private async Task<(bool Raced, int? Status, string? Challenge)> SendAsync(IWire onWire, string? nonce)
    {
        string jti = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string text = await DPoPProofWriter.WriteAsync(_signer,
            new DPoPProofClaims { Htm = "GET", Htu = DPoPProofClaims.HtuOf(_orders), Iat = now, AccessToken = _token, Nonce = nonce, Jti = jti }, default);
        SentProof proof = onWire.Sending(new(SceneIssuer.JtiHash(jti), _token, text, nonce is not null, now, IsRaced: false));
        (int? status, string? challenge) = await SendAsync(proof);
        onWire.Answered(proof, status);
        return (proof.IsRaced, status, challenge);
    }

    private async Task<(int? Status, string? Challenge)> SendAsync(SentProof proof)
    {
        try
        {
            using HttpRequestMessage request = proof.ToRequest(_orders, "honest");
            using HttpResponseMessage response = await _http.SendAsync(request);
            string? nonce = response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.First() : null;
            if (nonce is not null && _keepsNonces)
                _nonce = nonce;
            // RFC 9449 §9: the error says that a nonce is wanted; one may come with any answer.
            bool wantsNonce = response.Headers.WwwAuthenticate.ToString().Contains("use_dpop_nonce", StringComparison.Ordinal);
            return ((int)response.StatusCode, wantsNonce ? nonce : null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (null, null);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }
}
