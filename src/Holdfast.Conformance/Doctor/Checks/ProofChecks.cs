namespace Holdfast.Conformance;

/// <summary>Whether a proof arrives as it was sent, and is held to what it says.</summary>
internal static class ProofChecks
{
    public static DoctorCheck Arrives { get; } = new("proof_arrives", "does the DPoP field arrive, once and unaltered", async (patient, cancellationToken) =>
    {
        var honest = await patient.AskAsync(() => patient.Honest(), cancellationToken);
        if (patient.IsIn(honest))
            return Arrives!.Ok($"{DoctorCheck.Describe(honest)}: the proof was verified");
        if (honest.Error is "invalid_token")
        {
            return Arrives!.Problem($"{DoctorCheck.Describe(honest)}: the API does not accept the token itself",
                "Compare issuer, audience and scope of the token with what the API is set up for; a token bound to a certificate too needs it presented.");
        }
        if (Says(honest, "proof is required"))
            return Arrives!.Problem($"{DoctorCheck.Describe(honest)}: it does not arrive", ProxyFixes.PassProof(patient.Proxy));
        if (Says(honest, "More than one DPoP"))
            return Arrives!.Problem($"{DoctorCheck.Describe(honest)}: it arrives twice", ProxyFixes.PassProofOnce(patient.Proxy));
        if (Says(honest, "malformed") || Says(honest, "signature"))
            return Arrives!.Problem($"{DoctorCheck.Describe(honest)}: it arrives altered", ProxyFixes.PassProofOnce(patient.Proxy));
        if (await patient.FindSeenUrlAsync(cancellationToken) is not null)
            return Arrives!.Ok("it arrives, and was refused for the URL that it names");
        // The same answer with a proof and without one: then nobody saw it.
        var without = await patient.AskAsync(patient.WithToken, cancellationToken);
        return honest.Status == without.Status && Same(honest, without)
            ? Arrives!.Problem($"{DoctorCheck.Describe(honest)}, the same as without a proof: it does not arrive, or not as it was sent", ProxyFixes.PassProof(patient.Proxy))
            : Arrives!.Ok($"{DoctorCheck.Describe(honest)}: it arrives, and something else is wrong with it");
    });

    public static DoctorCheck PublicUrl { get; } = new("public_url", "does the API know the URL that clients call", async (patient, cancellationToken) =>
    {
        var view = (await patient.DiagnoseProofAsync(cancellationToken))?.Target;
        if (patient.Admitted is not null && patient.ProofUrl == patient.Target.Url)
            return PublicUrl!.Ok(patient.Target.Url) with { Operator = view };
        if (await patient.FindSeenUrlAsync(cancellationToken) is { } seen)
        {
            return PublicUrl!.Problem($"no: proofs for {seen} are accepted, and those for {patient.Target.Url} are not",
                ProxyFixes.PublicUrl(patient.Proxy, UrlCandidates.BaseOf(patient.Target.Url, seen), seen)) with { Operator = view };
        }
        return PublicUrl!.Problem("no honest request was let in, whatever URL its proof named", ProxyFixes.PublicUrl(patient.Proxy, UrlCandidates.BaseOf(patient.Target.Url, null), null))
            with { Operator = view };
    });

    public static DoctorCheck Once { get; } = new("two_proofs", "are two proofs in one request refused, in two lines or joined into one", async (patient, cancellationToken) =>
    {
        var lines = await patient.AskAsync(() => patient.Honest().With("DPoP", patient.Proof()), cancellationToken);
        var joined = await patient.AskAsync(() => patient.WithToken().With("DPoP", $"{patient.Proof()}, {patient.Proof()}"), cancellationToken);
        return !patient.IsIn(lines) && !patient.IsIn(joined)
            ? Once!.Ok($"{DoctorCheck.Describe(lines)}; joined {DoctorCheck.Describe(joined)}")
            : Once!.Problem($"let in: {(patient.IsIn(lines) ? "two lines" : "joined by a comma")}", ProxyFixes.PassProofOnce(patient.Proxy));
    });

    public static DoctorCheck Replay { get; } = new("replay", "is a proof refused the second time", async (patient, cancellationToken) =>
    {
        if (patient.Admitted is not { } request)
            return Replay!.Skipped("no honest request was let in");
        // Several times, because a balancer may send each to another node.
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            if (patient.IsIn(await patient.RepeatAsync(request, cancellationToken)))
            {
                return Replay!.Problem($"let in again, at repetition {attempt}",
                    "Switch the replay check on; with several nodes use a store they share, or nonces that each node demands for itself. Look for a proxy that caches answers.");
            }
        }
        return Replay!.Ok("refused, five times");
    });

    public static DoctorCheck Downgrade { get; } = new("bearer_downgrade", "is the bound token refused as a bearer token", async (patient, cancellationToken) =>
    {
        var bearer = await patient.AskAsync(patient.AsBearer, cancellationToken);
        return patient.IsIn(bearer)
            ? Downgrade!.Problem($"let in ({DoctorCheck.Describe(bearer)}): whoever steals the token can use it",
                "Enforce the binding by the token's cnf, never by the scheme that the caller chose; a second, bearer-only verifier at the gateway needs the same rule.")
            : Downgrade!.Ok(DoctorCheck.Describe(bearer));
    });

    public static DoctorCheck ForgedUrl { get; } = new("forged_url", "are forwarded headers that a client wrote itself ignored", async (patient, cancellationToken) =>
    {
        const string Host = "attacker.example";
        var url = $"https://{Host}{patient.Target.Path}";
        (string Field, string Value)[] forged =
        [
            ("X-Forwarded-Host", Host), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "443"), ("Forwarded", $"host={Host};proto=https"),
            ("X-Original-Host", Host), ("X-Original-Scheme", "https"), ("X-Original-URI", patient.Target.Path), ("X-Forwarded-Uri", patient.Target.Path),
            ("X-Forwarded-Method", "GET"), ("X-Original-Method", "GET"),
        ];
        var answer = await patient.AskAsync(() => forged.Aggregate(patient.Honest(url), (request, field) => request.With(field.Field, field.Value)), cancellationToken);
        return patient.IsIn(answer)
            ? ForgedUrl!.Problem($"let in ({DoctorCheck.Describe(answer)}): a proof for {url} was accepted",
                ProxyFixes.StripForged(patient.Proxy, "X-Forwarded-Host"))
            : ForgedUrl!.Ok(DoctorCheck.Describe(answer));
    });

    private static bool Says(RawResponse response, string words) =>
        response.Values("WWW-Authenticate").Any(value => value.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static bool Same(RawResponse left, RawResponse right) =>
        left.Values("WWW-Authenticate").SequenceEqual(right.Values("WWW-Authenticate"), StringComparer.Ordinal);
}
