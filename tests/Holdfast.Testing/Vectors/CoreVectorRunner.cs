namespace Holdfast.Testing.Vectors;

/// <summary>Runs one vector through the verifier of the core, as a door would.</summary>
public sealed class CoreVectorRunner
{
    private readonly VectorPolicy _policy;
    private readonly ManualTimeProvider _time;
    private readonly DPoPProofVerifier _proofs;
    private readonly RequestVerifier _requests;
    private readonly ResourceConfig _resource;
    private readonly ForwardedCertificateDecoder? _forwarded;

    public CoreVectorRunner(TestVector vector)
    {
        _policy = vector.Policy;
        _time = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(_policy.Previous is [var first, ..] ? first.Now : vector.Now));
        var clock = new VerifierClock(_time);
        VerifierRole role = _policy.IsTokenEndpoint ? VerifierRole.AuthorizationServer : VerifierRole.ResourceServer;
        var proofPolicy = new DPoPProofPolicy { NonceMode = _policy.Nonces };
        if (_policy.Algorithms is { } algorithms)
            proofPolicy = proofPolicy with { Algorithms = algorithms };
        DPoPNonces? nonces = _policy.NonceKey is { } key ? new DPoPNonces(clock, role, Convert.FromHexString(key)) : null;
        _forwarded = _policy.ForwardedCertificate is { } declared ? ForwardedCertificateDecoder.Create(declared.Config) : null;
        _proofs = new DPoPProofVerifier(role, proofPolicy, clock, VectorStores.Create(_policy.ReplayStore, clock), nonces);
        _requests = new RequestVerifier(new VectorTokenVerifier(_policy, clock), _proofs, clock);
        _resource = new ResourceConfig { Name = "vectors", Issuer = _policy.Issuer ?? "", Audience = _policy.Audience ?? "", Mode = _policy.ConstraintMode };
    }

    public async Task<VectorOutcome> RunAsync(long now, VectorRequest request)
    {
        _time.UtcNow = DateTimeOffset.FromUnixTimeSeconds(now);
        HttpTarget[] targets = [.. (_policy.Origins ?? [request.Origin]).Select(origin => Target(origin, request.RawTarget))];
        if (_policy.IsTokenEndpoint)
        {
            ProofOutcome outcome = _proofs.Verify(request.Field("DPoP"), request.Method, targets, null, null);
            if (outcome.Passed)
                outcome = await _proofs.SpendAsync(outcome, null, CancellationToken.None);
            return outcome.Passed ? VectorOutcome.Accepted : Refused(outcome.Recorded!.Failure, outcome.Answered);
        }
        Verdict verdict = await _requests.VerifyAsync(new PresentedRequest
        {
            Method = request.Method,
            Targets = targets,
            Authorization = request.Field("Authorization"),
            DPoP = request.Field("DPoP"),
            Certificate = CertificateOf(request),
            TokenOutsideHeader = HasTokenInQuery(request.RawTarget),
        }, _resource, CancellationToken.None);
        return verdict.IsAccepted ? VectorOutcome.Accepted : Refused(verdict.Recorded!.Failure, verdict.Answered);
    }

    // FWD-20, FWD-42: where a proxy is declared, its fields if it is the peer, and never the connection's own certificate.
    private PresentedCertificate CertificateOf(VectorRequest request)
    {
        if (_forwarded is not null)
            return _policy.IsPeerTrusted ? _forwarded.Decode(request.Field) : PresentedCertificate.None;
        return request.Certificate is { } certificate
            ? PresentedCertificate.Of(ClientCertificate.TryRead(Convert.FromBase64String(certificate)) ?? throw new InvalidOperationException("request.certificate"))
            : PresentedCertificate.None;
    }

    private VectorOutcome Refused(VerificationFailure recorded, VerificationFailure answered)
    {
        FailureInfo told = FailureCatalog.Get(answered);
        return new(FailureCatalog.Get(recorded).Name, told.WireError, _policy.IsTokenEndpoint ? told.IssuerStatus : told.ResourceStatus);
    }

    private static HttpTarget Target(string origin, string rawTarget) =>
        HttpTarget.TryCreate(origin, rawTarget, out HttpTarget target) ? target : throw new InvalidOperationException($"{origin}{rawTarget}");

    private static bool HasTokenInQuery(string rawTarget)
    {
        int query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        return query >= 0 && rawTarget[(query + 1)..].Split('&').Any(pair => Uri.UnescapeDataString(pair.Split('=')[0]) == "access_token");
    }
}
