using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Bench;

/// <summary>What the check of a client certificate adds to looking up the token: the verifier with a certificate-bound token, warm, over the token cache alone.</summary>
internal sealed class CertificateBench : IAccessTokenVerifier
{
    private const int Rounds = 40, Operations = 20_000;
    private const double BudgetMicroseconds = 5;

    private readonly ResourceConfig _resource = new() { Name = "orders", Issuer = "https://issuer.example", Audience = "https://api.example.com" };
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly string _token = new('t', 900);
    private readonly ClientCertificate _certificate;

    private CertificateBench()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256).CreateSelfSigned(_now.AddDays(-1), _now.AddDays(1));
        _certificate = ClientCertificate.From(certificate);
    }

    public static IReadOnlyList<BenchRow> Measure()
    {
        var bench = new CertificateBench();
        var clock = new VerifierClock(TimeProvider.System);
        var tokens = new CachedAccessTokenVerifier(bench, clock, 1000);
        var store = new EmbeddedReplayStore(new() { SingleInstance = true, NoPredecessor = true }, clock);
        var proofs = new DPoPProofVerifier(VerifierRole.ResourceServer, new() { NonceMode = NonceMode.Off }, clock, store, null);
        var verifier = new RequestVerifier(tokens, proofs, clock);
        var request = new PresentedRequest
        {
            Method = "GET", Targets = [], Authorization = "Bearer " + bench._token, Certificate = PresentedCertificate.Of(bench._certificate),
        };
        (double added, _, _) = Bench.Rounds.Difference(Rounds, Operations,
            _ => Demand(verifier.VerifyAsync(request, bench._resource, CancellationToken.None).Result.IsAccepted),
            _ => Demand(tokens.VerifyAsync(bench._token, bench._resource, CancellationToken.None).Result.TryGet(out AccessToken? _, out Refusal? _)));
        return [BenchRow.AtMost("certificate_verification_over_token_lookup_us", BudgetMicroseconds, added / 1000, " us")];
    }

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AccessTokenResult.Verified(new AccessToken
        {
            Issuer = resource.Issuer, Subject = "bench", ClientId = "bench", ExpiresAt = _now.AddHours(1),
            Confirmation = new Confirmation { X5tS256 = _certificate.Thumbprint },
        }));

    private static void Demand(bool good)
    {
        if (!good)
            throw new InvalidOperationException("The bench measures acceptances, and this was refused.");
    }
}
