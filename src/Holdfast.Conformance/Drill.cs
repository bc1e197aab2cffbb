using System.Security.Cryptography;

namespace Holdfast.Conformance;

/// <summary>
/// Robs a client of its token and proofs, over HTTP and with its own proof builder, and reports what the thief got: from an API that
/// Holdfast protects, and from a plain bearer API that it hosts for comparison.
/// </summary>
public static class Drill
{
    /// <summary>Holds the drill. Each finished row goes to <paramref name="progress"/> at once.</summary>
    /// <exception cref="DrillFailedException">The drill could not be held; see its message.</exception>
    public static async Task<DrillResult> RunAsync(
        DrillTarget target, DrillOptions? options = null, IProgress<DrillRow>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new DrillOptions();
        using var victimKey = ReadKey(target.ClientKeyPem);
        using var thiefKey = SigningKey.Create();
        var authorities = target.CaPem is null ? null : CertificateFiles.ReadAuthorities(target.CaPem);
        var http = new RawHttpClient(options.RequestTimeout, authorities);
        var victim = new HonestClient(target, victimKey, http, options.TimeProvider);

        await victim.DiscoverAsync(cancellationToken);
        var (leak, intercepted) = await LeakAsync(target, victim, options, cancellationToken);
        using var robbery = target.HasCertificates ? await CertificateRobbery.CommitAsync(target, victim, http, options, cancellationToken) : null;
        var thief = new Thief(target, Loot.From(leak), intercepted, thiefKey, options) { Certificates = robbery?.Thief };
        await using var twin = await BearerTwin.StartAsync(target, victim.MetadataUrl, authorities, cancellationToken);
        var raid = new Raid(target, thief, twin.Origin, http, options);

        List<DrillRow> rows = [];
        foreach (var attack in AttackTable.For(thief))
        {
            var row = await raid.RunAsync(attack, cancellationToken);
            rows.Add(row);
            progress?.Report(row);
        }

        IReadOnlyList<string> notes = robbery is null ? [CertificateRobbery.NoClient] : robbery.Note is { } note ? [note] : [];
        return new DrillResult(rows, leak.Evidence(options.ShowTokens), notes);
    }

    // The honest part: a token, one call that must succeed, and what of it reaches the thief.
    private static async Task<(Leak Leak, Interception Intercepted)> LeakAsync(
        DrillTarget target, HonestClient victim, DrillOptions options, CancellationToken cancellationToken)
    {
        var path = $"{target.BasePath}/orders";
        var otherToken = await victim.ObtainTokenAsync(cancellationToken);
        var token = await victim.ObtainTokenAsync(cancellationToken);
        var (request, response) = await victim.CallAsync("GET", path, token, cancellationToken);
        var now = options.TimeProvider.GetUtcNow();

        // Undelivered, because a delivered proof is refused as a replay before anyone asks for its age. A proof that is dated back carries no
        // nonce: with a valid one its age would be that of the nonce, and it would rightly be accepted.
        var old = options.WaitForWindow
            ? victim.Proof("GET", path, token)
            : victim.Proof("GET", path, token, now - options.ProofWindow + TimeSpan.FromSeconds(2), withNonce: false);
        var dies = !options.WaitForWindow ? now + TimeSpan.FromSeconds(5)
            : now + TimeSpan.FromSeconds(2) + (victim.Nonce is null ? options.ProofWindow : options.NonceLifetime);

        var intercepted = new Interception(
            victim.TokenEndpoint,
            Interception.FirstOrderId(response.Body),
            old,
            dies,
            () => victim.Proof("GET", path, token),
            () => victim.Proof("GET", path, otherToken),
            () => victim.TokenRequest().Body!,
            async cancellation => Leak.Of(
                (await victim.CallAsync("GET", path, token, cancellation)).Request, victim.DeliveredTokenRequest!, options.TimeProvider.GetUtcNow()));
        return (Leak.Of(request, victim.DeliveredTokenRequest!, now), intercepted);
    }

    private static SigningKey ReadKey(string path)
    {
        try
        {
            return SigningKey.FromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new DrillFailedException($"the client's key {path} cannot be used: {e.Message}", e);
        }
    }
}
