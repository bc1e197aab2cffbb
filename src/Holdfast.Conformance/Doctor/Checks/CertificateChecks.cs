namespace Holdfast.Conformance;

/// <summary>Whether the client certificate arrives, is compared, and comes from the TLS connection alone.</summary>
internal static class CertificateChecks
{
    public static DoctorCheck Arrives { get; } = new("certificate_arrives", "does the client certificate reach the API", async (patient, cancellationToken) =>
    {
        if (patient.Bound is not { } bound)
            return Arrives!.Skipped(patient.WhyNotBound);
        var honest = await patient.AskAsync(() => bound.Request(patient.Plain()) with { Certificate = bound.Certificate }, cancellationToken);
        var view = (await patient.DiagnoseAsync(plain => bound.Request(plain) with { Certificate = bound.Certificate }, cancellationToken))?.Certificate;
        if (patient.IsIn(honest))
            return Arrives!.Ok($"{DoctorCheck.Describe(honest)}: the token bound to it was accepted") with { Operator = view };
        return (honest.IsAlert
            ? Arrives!.Problem("TLS ended with an alert: the hop that ends it does not take this certificate",
                "Let that hop ask for certificates without insisting on an authority of its own, where possession is all that is wanted. " + ProxyFixes.PassCertificate(patient.Proxy))
            : Arrives!.Problem($"{DoctorCheck.Describe(honest)}: the token bound to it was refused", ProxyFixes.PassCertificate(patient.Proxy))) with { Operator = view };
    })
    { WithoutAdmission = true };

    public static DoctorCheck Compared { get; } = new("certificate_compared", "is a certificate-bound token refused with another certificate, and with none", async (patient, cancellationToken) =>
    {
        if (patient.Bound is not { } bound)
            return Compared!.Skipped(patient.WhyNotBound);
        using var stranger = ForgedCertificates.SelfSigned(bound.Certificate);
        var none = await patient.AskAsync(() => bound.Request(patient.Plain()), cancellationToken);
        var another = await patient.AskAsync(() => bound.Request(patient.Plain()) with { Certificate = stranger }, cancellationToken);
        return !patient.IsIn(none) && !patient.IsIn(another)
            ? Compared!.Ok($"none: {DoctorCheck.Describe(none)}; another: {DoctorCheck.Describe(another)}{(another.IsAlert ? ", by an alert" : "")}")
            : Compared!.Problem($"let in with {(patient.IsIn(none) ? "none" : "another")}",
                "Compare x5t#S256 of the token with the certificate of the connection on every route, also where certificates are optional.");
    })
    { WithoutAdmission = true };

    public static DoctorCheck Forged { get; } = new("forged_certificate", "is a certificate that the client itself wrote into a header ignored", async (patient, cancellationToken) =>
    {
        if (patient.Bound is not { } bound)
            return Forged!.Skipped(patient.WhyNotBound);
        List<string> believed = [];
        foreach (var lines in ForgedFields.Of(bound.Certificate))
        {
            if (patient.IsIn(await patient.AskAsync(() => With(bound.Request(patient.Plain()), lines), cancellationToken)))
                believed.Add(lines[0].Name);
        }
        // With the certificate too, so that the API tells; what it drops is the forgery.
        var first = ForgedFields.Of(bound.Certificate)[0];
        var dropped = (await patient.DiagnoseAsync(plain => With(bound.Request(plain), first) with { Certificate = bound.Certificate }, cancellationToken))?.Dropped;
        return (believed.Count == 0
            ? Forged!.Ok("refused in every spelling")
            : Forged!.Problem($"let in with the certificate in {string.Join(", ", believed.Distinct(StringComparer.Ordinal))}: anyone with the token and the public certificate gets in",
                ProxyFixes.StripForged(patient.Proxy, believed[0]))) with { Operator = dropped };
    })
    { WithoutAdmission = true };

    private static RawRequest With(RawRequest request, IReadOnlyList<FieldLine> lines) =>
        lines.Aggregate(request, (so, line) => so.With(line.Name, line.Value));
}
