using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Bench;

/// <summary>An honest caller with pre-made proofs, and the token they belong to.</summary>
internal sealed class Caller : IDisposable
{
    public const string IssuerKid = "k1";

    private readonly ECDsa _issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), _forgersKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _issuer, _audience;
    private readonly DateTimeOffset _now;

    public Caller(string issuer, string audience, string url, DateTimeOffset now)
    {
        (_issuer, _audience, _now) = (issuer, audience, now);
        Url = url;
        Signer = ProofSigner.Create(Key);
        Token = IssueToken(_issuerKey, IssuerKid, Signer.Thumbprint.ToString());
        BearerToken = IssueToken(_issuerKey, IssuerKid, null);
    }

    public string Url { get; }
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public IProofSigner Signer { get; }
    public string Token { get; }
    public string BearerToken { get; }
    public string IssuerJwks => $$"""{"keys":[{{PublicJwk(_issuerKey, $"\"kid\":\"{IssuerKid}\",\"alg\":\"ES256\",\"use\":\"sig\",")}}]}""";

    public string Proof(DateTimeOffset iat, string? nonce = null, string? url = null) => Write(Signer, iat, nonce, url);

    /// <summary>A good proof by a key that the token is not bound to.</summary>
    public string ForeignProof(DateTimeOffset iat)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Write(ProofSigner.Create(key), iat, null, null);
    }

    /// <summary>A token that is good but for its signature.</summary>
    public string ForgedToken(string kid) => IssueToken(_forgersKey, kid, Signer.Thumbprint.ToString());

    public void Dispose()
    {
        Key.Dispose();
        _issuerKey.Dispose();
        _forgersKey.Dispose();
    }

    private string Write(IProofSigner signer, DateTimeOffset iat, string? nonce, string? url) =>
        DPoPProofWriter.WriteAsync(signer, new DPoPProofClaims { Htm = "GET", Htu = url ?? Url, Iat = iat, AccessToken = Token, Nonce = nonce }, CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();

    private string IssueToken(ECDsa key, string kid, string? jkt)
    {
        long iat = _now.ToUnixTimeSeconds();
        string cnf = jkt is null ? "" : $$$""","cnf":{"jkt":"{{{jkt}}}"}""";
        string header = $$"""{"typ":"at+jwt","alg":"ES256","kid":"{{kid}}"}""";
        string payload = $$"""{"iss":"{{_issuer}}","sub":"bench","client_id":"bench","aud":"{{_audience}}","iat":{{iat}},"exp":{{iat + 3600}},"jti":"{{Guid.NewGuid():N}}","scope":"orders:read"{{cnf}}}""";
        string input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string PublicJwk(ECDsa key, string more)
    {
        ECParameters p = key.ExportParameters(false);
        return $$"""{{{more}}"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(p.Q.X!)}}","y":"{{Base64Url.EncodeToString(p.Q.Y!)}}"}""";
    }
}
