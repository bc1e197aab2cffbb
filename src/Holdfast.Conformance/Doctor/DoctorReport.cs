namespace Holdfast.Conformance;

/// <summary>The findings, in the order in which the checks were made.</summary>
/// <param name="Url">What was examined.</param>
/// <param name="Proxy">The proxy that the fixes are written for.</param>
/// <param name="HasDiagnostics">True where the API answered with the operator's detail.</param>
/// <param name="Findings">The findings.</param>
public sealed record DoctorReport(string Url, ProxyKind Proxy, bool HasDiagnostics, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>True where nothing is broken or open.</summary>
    public bool IsHealthy => Findings.All(finding => finding.Result != DoctorResult.Problem);
}
