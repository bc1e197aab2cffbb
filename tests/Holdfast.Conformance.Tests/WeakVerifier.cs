using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Conformance.Tests;

/// <summary>
/// The checks of RFC 9449 §4.3 written once more, plainly, so that each can be left out. Answers the failure's name, or null for acceptance.
/// </summary>
internal sealed class WeakVerifier(Weakness weakness, Func<string, Binding?> boundTo, WeakCertificates certificates, TimeProvider timeProvider)
{
    private const string Nonce = "the-only-nonce";
    private readonly HashSet<string> _seen = [];

    public async Task<string?> VerifyAsync(HttpRequest request)
    {
        if (Has(Weakness.RefusesEverybody))
            return "token_audience_wrong";
        if (Has(Weakness.AcceptsTokenInQuery) && request.Query["access_token"] is [{ } queried] && boundTo(queried) is not null)
            return null;
        var lines = request.Headers.Authorization;
        if (lines.Count == 0)
            return "credentials_missing";
        if (lines.Count > 1 && !Has(Weakness.TakesFirstAuthorization))
            return "authorization_repeated";
        var credentials = lines[0]!.Split(' ');
        if (boundTo(credentials[1]) is not { } binding)
            return "token_malformed";
        var (jkt, isBearer) = (binding.Jkt, credentials[0] == "Bearer");
        if (jkt.Length > 0 && isBearer && Has(Weakness.AcceptsBearer))
            return null;
        if (jkt.Length > 0 && isBearer && !(Has(Weakness.CertificateReplacesProof) && certificates.Presents(request)))
            return "bound_token_as_bearer";
        if (jkt.Length == 0 && !isBearer)
            return Has(Weakness.AcceptsCertificateTokenByDPoP) ? null : "unbound_token_with_dpop";
        if (certificates.FailureOf(request, binding) is { } mismatch)
            return mismatch;
        if (isBearer || (binding.X5t.Length > 0 && Has(Weakness.CertificateIsEnough)))
            return null;

        var proofs = request.Headers["DPoP"];
        if (proofs.Count == 0)
            return Has(Weakness.ProofIsOptional) ? null : "proof_missing";
        if (proofs.Count > 1 && Has(Weakness.BreaksOnTwoProofs))
            throw new InvalidOperationException("two proofs");
        if (proofs.Count > 1 && !Has(Weakness.TakesFirstProof))
            return "proof_repeated";
        try
        {
            return await VerifyProofAsync(request, CompactJws.Parse(proofs[0]!), credentials[1], jkt);
        }
        catch (Exception e) when (e is FormatException or JsonException or CryptographicException)
        {
            return "proof_malformed";
        }
    }

    public static string Thumbprint(JsonObject jwk) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $$"""{"crv":"{{jwk["crv"]}}","kty":"{{jwk["kty"]}}","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""")));

    public static string NonceOf(Weakness weakness) => weakness.HasFlag(Weakness.AlwaysNonce) ? Nonce : "";

    private async Task<string?> VerifyProofAsync(HttpRequest request, CompactJws proof, string token, string jkt)
    {
        var (header, claims) = (proof.HeaderObject, proof.PayloadObject);
        var (algorithm, jwk) = ((string?)header["alg"], header["jwk"]!.AsObject());
        var url = $"{request.Scheme}://{request.Host}{request.Path}";
        var now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        if (!(algorithm == "ES256" || (algorithm == "none" && Has(Weakness.AcceptsAlgNone)) || (algorithm == "HS256" && Has(Weakness.AcceptsHs256))))
            return "proof_algorithm_not_allowed";
        if (jwk.ContainsKey("d") && !Has(Weakness.AcceptsPrivateKey))
            return "proof_key_private";
        if ((string?)claims["htm"] != request.Method && !Has(Weakness.NoMethodCheck))
            return "method_mismatch";
        if ((string?)claims["htu"] != url && !Has(Weakness.NoTargetCheck))
            return "target_mismatch";
        if ((string?)claims["ath"] != ProofBuilder.AccessTokenHash(token) && !Has(Weakness.NoAthCheck))
            return "token_hash_mismatch";
        if (Has(Weakness.AlwaysNonce) && (string?)claims["nonce"] != Nonce)
            return "nonce_missing";
        if (((long)claims["iat"]! < now - 60 || (long)claims["iat"]! > now + 10) && !Has(Weakness.NoWindow))
            return "proof_expired";
        if (Thumbprint(jwk) != jkt && !Has(Weakness.NoBinding))
            return "key_mismatch";
        if (!Has(Weakness.NoSignatureCheck) && !SignatureVerifies(proof, algorithm, jwk))
            return "proof_signature_invalid";
        return Has(Weakness.NoReplayCheck) || await FirstTimeAsync(request, (string)claims["jti"]!) ? null : "proof_replayed";
    }

    private async Task<bool> FirstTimeAsync(HttpRequest request, string jti)
    {
        var key = Has(Weakness.ReplayBySpelling) ? $"{jti} {request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}" : jti;
        if (Has(Weakness.RacyReplayCheck))
        {
            // Look, be slow, then write: every request that came in the meantime passes.
            lock (_seen)
            {
                if (_seen.Contains(key))
                    return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        lock (_seen)
            return _seen.Add(key) || Has(Weakness.RacyReplayCheck);
    }

    private bool SignatureVerifies(CompactJws proof, string? algorithm, JsonObject jwk)
    {
        var data = Encoding.ASCII.GetBytes($"{proof.Header}.{proof.Payload}");
        var signature = Base64Url.DecodeFromChars(proof.Signature);
        if (algorithm == "none")
            return signature.Length == 0;
        if (algorithm == "HS256")
            return SigningKey.PublicKeyAsSecret(jwk).Any(secret => HMACSHA256.HashData(secret, data).AsSpan().SequenceEqual(signature));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string)jwk["x"]!), Y = Base64Url.DecodeFromChars((string)jwk["y"]!) },
        });
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private bool Has(Weakness one) => weakness.HasFlag(one);
}
