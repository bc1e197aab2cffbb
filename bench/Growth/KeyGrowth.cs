using System.Security.Cryptography;

namespace Holdfast.Bench;

/// <summary>
/// A whole DPoP verification by one to a hundred thousand distinct keys in turn, over one <c>ECDsa.VerifyHash</c>: up to ten thousand keys and tokens are
/// remembered, beyond that each comes too late and is read, imported and verified anew.
/// </summary>
internal static class KeyGrowth
{
    private const string Issuer = "https://issuer.example", Audience = "https://api.example.com", Url = Audience + "/orders/7";
    private const int Verifications = 4_000, SliceLength = 10;
    private static readonly int[] Counts = [1, 10, 100, 1_000, 5_000, 10_000, 100_000];

    public static void Run(string folder)
    {
        List<(double, double)> ratios = [];
        ECDsa[] keys = TokenClient.NewKeys(Counts[^1]);
        IProofSigner[] signers = new IProofSigner[keys.Length];
        Parallel.For(0, keys.Length, i => signers[i] = ProofSigner.Create(keys[i]));
        foreach (int count in Counts)
        {
            double ratio = Measure(signers.AsSpan(0, count).ToArray());
            Console.WriteLine($"      {count} distinct keys: {ratio:0.00} times one signature verification");
            ratios.Add((count, ratio));
        }
        Array.ForEach(keys, key => key.Dispose());
        Plot.Write(Path.Combine(folder, "distinct-keys.svg"), "A DPoP verification, by the number of distinct keys", "distinct keys, in turn", "multiples of one ES256 verification",
            new Series("whole verification", ratios));
    }

    // A token's text stands for its key; the signature of a token is not what is measured, so the inner verifier answers at once.
    private static double Measure(IProofSigner[] signers)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var clock = new VerifierClock(TimeProvider.System);
        var store = new EmbeddedReplayStore(new() { SingleInstance = true, NoPredecessor = true }, clock);
        var proofs = new DPoPProofVerifier(VerifierRole.ResourceServer, new() { NonceMode = NonceMode.Off }, clock, store, null);
        var resource = new ResourceConfig { Name = "orders", Issuer = Issuer, Audience = Audience };
        var verifier = new RequestVerifier(new CachedAccessTokenVerifier(new TokensByKey(signers, now), clock, 10_000), proofs, clock);
        HttpTarget.TryParse(Url, out HttpTarget target);
        HttpTarget[] targets = [target];
        int next = 0;

        // Every key once, so that what can be remembered is; not more than it takes to overrun the memory of keys and tokens.
        int warm = Math.Min(signers.Length, 25_000);
        foreach (PresentedRequest request in Requests(warm))
            Demand(verifier.VerifyAsync(request, resource, CancellationToken.None));
        PresentedRequest[] measured = Requests(Verifications);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] hash = SHA256.HashData("proof"u8), signature = key.SignHash(hash);
        (double ratio, _, _) = Bench.Rounds.Compare(Verifications / SliceLength, SliceLength,
            i => Demand(verifier.VerifyAsync(measured[i], resource, CancellationToken.None)),
            _ => key.VerifyHash(hash, signature));
        return ratio;

        PresentedRequest[] Requests(int count)
        {
            var requests = new PresentedRequest[count];
            int first = next;
            next += count;
            Parallel.For(0, count, i =>
            {
                int index = (first + i) % signers.Length;
                string token = TokensByKey.TokenOf(index), proof = DPoPProofWriter.WriteAsync(signers[index],
                    new DPoPProofClaims { Htm = "GET", Htu = Url, Iat = now, AccessToken = token }, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                requests[i] = new PresentedRequest { Method = "GET", Targets = targets, Authorization = "DPoP " + token, DPoP = proof };
            });
            return requests;
        }
    }

    private static void Demand(ValueTask<Verdict> verdict)
    {
        if (!verdict.Result.IsAccepted)
            throw new InvalidOperationException($"The bench measures acceptances, and this was refused: {verdict.Result.Recorded}.");
    }

    private sealed class TokensByKey(IProofSigner[] signers, DateTimeOffset now) : IAccessTokenVerifier
    {
        private static readonly string Filling = new('t', 600);

        public static string TokenOf(int index) => Filling + FormattableString.Invariant($"{index:D8}");

        public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
            ValueTask.FromResult(AccessTokenResult.Verified(new AccessToken
            {
                Issuer = Issuer, Subject = "bench", ClientId = "bench", ExpiresAt = now.AddHours(1),
                Confirmation = new Confirmation { Jkt = signers[int.Parse(token.AsSpan(Filling.Length), System.Globalization.CultureInfo.InvariantCulture)].Thumbprint },
            }));
    }
}
