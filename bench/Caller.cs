using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Bench;

/// <summary>An honest caller with pre-made proofs, and the token they belong to.</summary>
internal sealed class Caller : IDisposable
{
    private readonly ECDsa _issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Caller(string issuer, string audience, string url, DateTimeOffset now)
    {
        Url = url;
        Signer = ProofSigner.Create(Key);
        Token = IssueToken(issuer, audience, now, Signer.Thumbprint.ToString());
        BearerToken = IssueToken(issuer, audience, now, null);
    }

    public string Url { get; }
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public IProofSigner Signer { get; }
    public string Token { get; }
    public string BearerToken { get; }
    public string IssuerJwks => $$"""{"keys":[{{PublicJwk(_issuerKey, "\"kid\":\"k1\",\"alg\":\"ES256\",\"use\":\"sig\",")}}]}""";

    public string Proof(DateTimeOffset iat, string? nonce = null) =>
        DPoPProofWriter.WriteAsync(Signer, new DPoPProofClaims { Htm = "GET", Htu = Url, Iat = iat, AccessToken = Token, Nonce = nonce }, CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();

    public void Dispose()
    {
        Key.Dispose();
        _issuerKey.Dispose();
    }

    private string IssueToken(string issuer, string audience, DateTimeOffset now, string? jkt)
    {
        long iat = now.ToUnixTimeSeconds();
        string cnf = jkt is null ? "" : $$$""","cnf":{"jkt":"{{{jkt}}}"}""";
        string header = """{"typ":"at+jwt","alg":"ES256","kid":"k1"}""";
        string payload = $$"""{"iss":"{{issuer}}","sub":"bench","client_id":"bench","aud":"{{audience}}","iat":{{iat}},"exp":{{iat + 3600}},"jti":"{{Guid.NewGuid():N}}","scope":"orders:read"{{cnf}}}""";
        string input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Base64Url.EncodeToString(_issuerKey.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string PublicJwk(ECDsa key, string more)
    {
        ECParameters p = key.ExportParameters(false);
        return $$"""{{{more}}"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(p.Q.X!)}}","y":"{{Base64Url.EncodeToString(p.Q.Y!)}}"}""";
    }
}
