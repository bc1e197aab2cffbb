using System.Security.Cryptography;

namespace Holdfast.Conformance;

/// <summary>
/// Examines a deployed path from outside, with a client's own credentials: what arrives at the API, what it compares, what it believes. Works
/// against any resource server; one of Holdfast's own adds the operator's detail where the caller may ask for it.
/// </summary>
public static class Doctor
{
    private static readonly DoctorCheck[] Checks =
    [
        AnswerChecks.Protected,
        AnswerChecks.Clock,
        ProofChecks.Arrives,
        ProofChecks.PublicUrl,
        ProofChecks.Once,
        ProofChecks.Replay,
        ProofChecks.Downgrade,
        ProofChecks.ForgedUrl,
        CertificateChecks.Arrives,
        CertificateChecks.Compared,
        CertificateChecks.Forged,
        AnswerChecks.Browser,
    ];

    /// <summary>Examines. Each finding goes to <paramref name="progress"/> at once. A check that cannot be made is skipped, and says why.</summary>
    /// <exception cref="DrillFailedException">Nothing could be examined: a key cannot be read, or no token is to be had.</exception>
    public static async Task<DoctorReport> ExamineAsync(
        DoctorTarget target, DoctorOptions? options = null, IProgress<DoctorFinding>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new DoctorOptions();
        var authorities = target.CaPem is null ? null : CertificateFiles.ReadAuthorities(target.CaPem);
        var http = new RawHttpClient(options.RequestTimeout, authorities);
        using var key = target.ClientKeyPem is null ? null : ReadKey(target.ClientKeyPem);
        var tokens = new DoctorTokens(target, http, options.TimeProvider);
        using var patient = new Patient(target, key, key is null ? null : await tokens.BoundToKeyAsync(key, cancellationToken), http, options.TimeProvider);
        await patient.MeetAsync(cancellationToken);
        await patient.BindAsync(tokens, cancellationToken);

        List<DoctorFinding> findings = [];
        foreach (var check in Checks)
        {
            var finding = !check.WithoutAdmission && key is null
                ? check.Skipped("no key was given (--key): nothing to make proofs with")
                : await check.Examine(patient, cancellationToken);
            findings.Add(finding);
            progress?.Report(finding);
        }
        return new DoctorReport(target.Url, patient.Proxy, patient.HasDiagnostics, findings);
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
