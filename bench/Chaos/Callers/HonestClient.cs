using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Holdfast.Chaos;

/// <summary>
/// A client that does all as it should: a fresh proof for each request, one retry with a fresh proof where a nonce is asked for, and nothing more. One in two
/// keeps the nonces it learns, as RFC 9449 wants; the others use one only when asked, so that proofs without nonces are about at all times.
/// </summary>
internal sealed partial class HonestClient : IDisposable
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
        (bool raced, HonestAnswer answer) = await SendAsync(onWire, _keepsNonces ? _nonce : null);
        // RFC 9449 §9: the error says that a nonce is wanted; one may come with any answer.
        bool challenged = answer is { Status: 401, Error: "use_dpop_nonce", Nonce: not null };
        if (challenged)
            (raced, answer) = await SendAsync(onWire, answer.Nonce);
        return new(start, TimeProvider.System.GetUtcNow(), answer.Status switch
        {
            200 => HonestResult.Accepted,
            // nginx answers these where nobody answered it.
            null or 500 or 502 or 504 => HonestResult.Lost,
            503 => HonestResult.Unavailable,
            _ => HonestResult.Refused,
        }, challenged, answer.Error, raced);
    }

    private async Task<(bool Raced, HonestAnswer Answer)> SendAsync(IWire onWire, string? nonce)
    {
        string jti = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string text = await DPoPProofWriter.WriteAsync(_signer,
            new DPoPProofClaims { Htm = "GET", Htu = DPoPProofClaims.HtuOf(_orders), Iat = now, AccessToken = _token, Nonce = nonce, Jti = jti }, default);
        SentProof proof = onWire.Sending(new(SceneIssuer.JtiHash(jti), _token, text, nonce is not null, now, IsRaced: false));
        HonestAnswer answer = await SendAsync(proof);
        onWire.Answered(proof);
        return (proof.IsRaced, answer);
    }

    private async Task<HonestAnswer> SendAsync(SentProof proof)
    {
        try
        {
            using HttpRequestMessage request = proof.ToRequest(_orders, "honest");
            using HttpResponseMessage response = await _http.SendAsync(request);
            string? nonce = response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.First() : null;
            if (nonce is not null && _keepsNonces)
                _nonce = nonce;
            string? error = ErrorOf().Match(response.Headers.WwwAuthenticate.ToString()) is { Success: true } match ? match.Groups[1].Value : null;
            return new((int)response.StatusCode, error, nonce);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new(null, null, null);
        }
    }

    [GeneratedRegex("error=\"([^\"]*)\"")]
    private static partial Regex ErrorOf();

    private sealed record HonestAnswer(int? Status, string? Error, string? Nonce);

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }
}
