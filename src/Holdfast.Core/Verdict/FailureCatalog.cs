namespace Holdfast;

/// <summary>The one table that maps each failure to wire error, status, severity, owner, name and page.</summary>
public static class FailureCatalog
{
    /// <summary>The row of a failure.</summary>
    public static FailureInfo Get(VerificationFailure failure) => throw new NotImplementedException();

    /// <summary>Every row, in the order of the numbers.</summary>
    public static IReadOnlyList<FailureInfo> All => throw new NotImplementedException();
}
