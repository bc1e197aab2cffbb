namespace Holdfast.Bench;

/// <summary>The verifier as a door composes it, with a token that is already in the cache.</summary>
internal sealed class CoreRig : IAccessTokenVerifier
{
    private const string Issuer = "https://issuer.example", Audience = "https://api.example.com", Url = Audience + "/orders/7";
    private readonly HttpTarget[] _targets;
    private readonly string _authorization;
    private readonly ResourceConfig _resource = new() { Name = "orders", Issuer = Issuer, Audience = Audience };
    private readonly RequestVerifier _verifier;

    public CoreRig()
    {
        Now = TimeProvider.System.GetUtcNow();
        Caller = new Caller(Issuer, Audience, Url, Now);
        var clock = new VerifierClock(TimeProvider.System);
        var store = new EmbeddedReplayStore(new() { Capacity = 10_000_000, QuotaPerKey = 10_000_000, SingleInstance = true, NoPredecessor = true }, clock);
        var proofs = new DPoPProofVerifier(VerifierRole.ResourceServer, new() { NonceMode = NonceMode.OnDemand }, clock, store,
            DPoPNonces.CreateForProcess(clock, VerifierRole.ResourceServer));
        _verifier = new(new CachedAccessTokenVerifier(this, clock, 1000), proofs, clock);
        HttpTarget.TryParse(Url, out HttpTarget target);
        _targets = [target];
        _authorization = "DPoP " + Caller.Token;
    }

    public DateTimeOffset Now { get; }
    public Caller Caller { get; }

    public Verdict Verify(string proof)
    {
        var request = new PresentedRequest { Method = "GET", Targets = _targets, Authorization = _authorization, DPoP = proof };
        ValueTask<Verdict> verdict = _verifier.VerifyAsync(request, _resource, CancellationToken.None);
        return verdict.IsCompletedSuccessfully ? verdict.Result : verdict.AsTask().GetAwaiter().GetResult();
    }

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        ValueTask.FromResult(string.Equals(token, Caller.Token, StringComparison.Ordinal)
            ? AccessTokenResult.Verified(new AccessToken
            {
                Issuer = Issuer, Subject = "bench", ClientId = "bench", ExpiresAt = Now.AddHours(1),
                Confirmation = new Confirmation { Jkt = Caller.Signer.Thumbprint },
            })
            : AccessTokenResult.Refused(VerificationFailure.TokenSignatureInvalid));
}
