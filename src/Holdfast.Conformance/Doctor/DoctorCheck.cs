using System.Globalization;

namespace Holdfast.Conformance;

/// <summary>One question, and how it is answered.</summary>
internal sealed record DoctorCheck(string Id, string Question, Func<Patient, CancellationToken, Task<DoctorFinding>> Examine)
{
    /// <summary>False where the check means nothing unless an honest request is let in.</summary>
    public bool WithoutAdmission { get; init; }

    public static string Describe(RawResponse response) => response.Status == 0
        ? "no answer"
        : string.Create(CultureInfo.InvariantCulture, $"{response.Status} {response.Error}").TrimEnd();
}

/// <summary>Findings in short.</summary>
internal static class Finding
{
    public static DoctorFinding Ok(this DoctorCheck check, string seen) => check.As(DoctorResult.Ok, seen, null);

    public static DoctorFinding Warning(this DoctorCheck check, string seen, string fix) => check.As(DoctorResult.Warning, seen, fix);

    public static DoctorFinding Problem(this DoctorCheck check, string seen, string fix) => check.As(DoctorResult.Problem, seen, fix);

    public static DoctorFinding Skipped(this DoctorCheck check, string seen) => check.As(DoctorResult.Skipped, seen, null);

    private static DoctorFinding As(this DoctorCheck check, DoctorResult result, string seen, string? fix) =>
        new() { Check = check.Id, Question = check.Question, Result = result, Seen = seen, Fix = fix };
}
