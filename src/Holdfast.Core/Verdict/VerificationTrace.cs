namespace Holdfast;

/// <summary>
/// Records which checks passed, in order, for <c>explain</c> and for tests. The hot path passes null and pays nothing.
/// </summary>
public sealed class VerificationTrace
{
    private readonly List<VerificationCheck> _passed = [];

    /// <summary>The checks that passed, in order; the next one failed or was not reached.</summary>
    public IReadOnlyList<VerificationCheck> Passed => _passed;

    internal void Pass(VerificationCheck check) => _passed.Add(check);
}
