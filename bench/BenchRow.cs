namespace Holdfast.Bench;

/// <summary>One figure beside its budget.</summary>
internal sealed record BenchRow(string Row, string Budget, double Figure, bool Ok)
{
    public static BenchRow AtMost(string row, double budget, double figure, string unit = "") => new(row, $"at most {budget}{unit}", figure, figure <= budget);

    /// <summary>A figure without a budget: for the record.</summary>
    public static BenchRow Figured(string row, double figure) => new(row, "none", figure, true);

    public static BenchRow AtLeast(string row, double budget, double figure, string unit = "") => new(row, $"at least {budget}{unit}", figure, figure >= budget);
}
