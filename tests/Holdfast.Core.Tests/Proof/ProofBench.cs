using System.Security.Cryptography;
using Holdfast.Testing;

namespace Holdfast.Core.Tests;

/// <summary>A verifier with a settable clock and a scripted store, and one honest caller.</summary>
internal sealed class ProofBench : IReplayStore
{
    public const string Url = "https://api.example.com/orders/7";
    public const string Token = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";

    public ProofBench(NonceMode mode = NonceMode.OnDemand, VerifierRole role = VerifierRole.ResourceServer, params string[] algorithms)
    {
        Clock = new VerifierClock(Time);
        Nonces = DPoPNonces.CreateForProcess(Clock, role);
        var policy = new DPoPProofPolicy { NonceMode = mode, Algorithms = algorithms.Length > 0 ? algorithms : DPoPAlgorithms.Default };
        Verifier = new DPoPProofVerifier(role, policy, Clock, this, Nonces);
    }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    public VerifierClock Clock { get; }
    public DPoPNonces Nonces { get; }
    public DPoPProofVerifier Verifier { get; }
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public ReplayResult Answer { get; set; } = ReplayResult.Added;
    public List<ReplayRecord> Filed { get; } = [];

    public ForgedProof Proof() => new(Key, "GET", Url, Time.GetUtcNow(), Token);

    public ProofOutcome Verify(FieldLines proof, string method = "GET", string url = Url, JwkThumbprint? boundTo = null, string? token = Token)
    {
        HttpTarget.TryParse(url, out HttpTarget target).ShouldBeTrue();
        return Verifier.Verify(proof, method, [target], token is null ? null : AccessTokenHash.Of(token), boundTo);
    }

    public VerificationFailure? Judge(FieldLines proof, string method = "GET", string url = Url, JwkThumbprint? boundTo = null, string? token = Token) =>
        Verify(proof, method, url, boundTo, token).Recorded?.Failure;

    /// <summary>Accepts a proof and keeps its key, as the second request of a caller finds it.</summary>
    public void Accept(string proof) =>
        Verifier.SpendAsync(Verify(proof), null, CancellationToken.None).AsTask().GetAwaiter().GetResult().Passed.ShouldBeTrue();

    public ValueTask<ReplayResult> TryAddAsync(ReplayRecord record, CancellationToken cancellationToken)
    {
        Filed.Add(record);
        return ValueTask.FromResult(Answer);
    }
}
