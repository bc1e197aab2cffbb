namespace Holdfast.Issuer;

/// <summary>
/// Remembers the client assertions that were used (RFC 7523 §3, <c>jti</c>), so that a captured one is worthless: durably, also after
/// a crash and a restart. One atomic operation: of any number of calls with the same assertion exactly one is answered
/// <see cref="SpendResult.Spent"/>.
/// </summary>
public interface ISpentAssertionStore
{
    /// <summary>
    /// Spends an assertion; the answer comes when the record is safe. A store that cannot answer says
    /// <see cref="SpendResult.Unavailable"/> instead of throwing; only cancellation throws, and then the assertion may have been spent.
    /// </summary>
    /// <param name="assertion">Which one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<SpendResult> TrySpendAsync(SpentAssertion assertion, CancellationToken cancellationToken);
}

/// <summary>The answer of the store. The default value is a refusal.</summary>
public enum SpendResult
{
    /// <summary>Nothing is known; refused.</summary>
    Unavailable = 0,

    /// <summary>First use, and now remembered.</summary>
    Spent = 1,

    /// <summary>Used before.</summary>
    Replayed = 2,
}
