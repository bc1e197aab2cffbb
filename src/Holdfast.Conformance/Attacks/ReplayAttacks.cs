namespace Holdfast.Conformance;

/// <summary>Attacks with proofs that the client really made.</summary>
internal static class ReplayAttacks
{
    public static Attack Again { get; } = new("captured_proof_again", "the captured proof again", thief => thief.With(thief.Loot.Proof));

    public static Attack OtherUrl { get; } = new("captured_proof_other_url", "the captured proof, and an undelivered one, on another URL", thief =>
    [
        thief.With(thief.Loot.Proof, path: thief.OtherPath),
        thief.With(thief.Intercepted.NewProof(), path: thief.OtherPath),
    ]);

    public static Attack OtherMethod { get; } = new("captured_proof_other_method", "the captured proof, and an undelivered one, with another method", thief =>
    [
        thief.With(thief.Loot.Proof, method: "POST"),
        thief.With(thief.Intercepted.NewProof(), method: "POST"),
    ]);

    public static Attack AfterWindow { get; } = new(
        "proof_after_window", "an intercepted proof, never delivered, after its window", thief => thief.With(thief.Intercepted.OldProof))
    {
        NotBefore = thief => thief.Intercepted.OldProofDies,
        Note = thief => thief.Options.WaitForWindow || thief.Nonce is null
            ? null
            : "the API hands out nonces: this proof is older than its first one and carries none",
    };

    public static Attack CapturedInParallel { get; } = new(
        "captured_proof_50_parallel", "the captured proof, many times at once", thief =>
            [.. Enumerable.Repeat(thief.With(thief.Loot.Proof), thief.Options.ParallelAttempts)])
    {
        Together = true,
    };

    public static Attack InterceptedInParallel { get; } = new(
        "intercepted_proof_50_parallel", "an intercepted proof, never delivered, many times at once", thief =>
            [.. Enumerable.Repeat(thief.With(thief.Intercepted.NewProof()), thief.Options.ParallelAttempts)])
    {
        Together = true,
        Allowed = 1,
        Note = _ => "one may get in: a proof that was never delivered is good for one request, whoever delivers it",
    };

    public static Attack Malleated { get; } = new(
        "captured_proof_other_signature", "the captured proof with its signature re-encoded, and malleated (s to n-s)", thief =>
        [
            .. new[] { thief.Loot.Proof.WithRespelledSignature(), thief.Loot.Proof.WithMalleatedSignature() }
                .OfType<CompactJws>().Select(proof => thief.With(proof)),
        ]);

    public static Attack RespelledUrl { get; } = new(
        "captured_proof_respelled_url", "the captured proof at other spellings of its own URL", thief =>
        [
            .. Respellings(thief.Loot.Path, thief.Url(thief.Loot.Path)).Select(path => thief.With(thief.Loot.Proof, path: path)),
        ]);

    public static Attack ForOtherToken { get; } = new(
        "proof_for_other_token", "an intercepted proof that was made for another token of the same client", thief =>
            thief.With(thief.Intercepted.ProofForOtherToken()));

    // RFC 3986 §6.2.2: one resource, many spellings. All of them belong to one replay record.
    private static IEnumerable<string> Respellings(string path, string url)
    {
        var name = path.LastIndexOf('/') + 1;
        var (folder, file) = (path[..name], path[name..]);
        yield return url;
        yield return $"{folder}%{(int)file[0]:X2}{file[1..]}";
        yield return $"{folder}%{(int)file[0]:x2}{file[1..]}";
        yield return $"{folder}./{file}";
        yield return $"{folder}x/../{file}";
        yield return $"{path}?again=1";
    }
}
