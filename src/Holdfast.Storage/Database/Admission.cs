using Holdfast.Issuer;

namespace Holdfast.Storage;

/// <summary>What every write of the issuer begins with, in its transaction: it was decided by the registry as it is, and its assertion is spent by it.</summary>
internal static class Admission
{
    /// <summary>Spends <c>@key</c>.</summary>
    public const string Spend = "INSERT INTO assertion (key, expires_at) VALUES (@key, @expiresAt) ON CONFLICT DO NOTHING";

    /// <summary>What an assertion is known by.</summary>
    public static byte[] KeyOf(SpentAssertion assertion) => StoredKey.Of(assertion.ClientId, assertion.Jti);

    /// <summary><see cref="StoreAnswer.Done"/> where the write may go on.</summary>
    public static async Task<StoreAnswer> AdmitAsync(StateSession session, Spending spending)
    {
        Here here = await session.HereAsync();
        StoreAnswer judged = Judge(here, spending);
        if (judged != StoreAnswer.Done || spending.Assertion is not { } assertion)
            return judged;
        // AT-94, RFC 7523 §3: of any number of uses of one jti one counts; the row decides which.
        return await session.ExecuteAsync(Spend, new { key = KeyOf(assertion), expiresAt = StoredTime.Of(assertion.ExpiresAt) }) == 1
            ? StoreAnswer.Done : StoreAnswer.AssertionReplayed;
    }

    /// <summary>What can be told without the assertion's row.</summary>
    public static StoreAnswer Judge(Here here, Spending spending)
    {
        // A client that was disabled by another node meanwhile gets nothing: its request is decided again. Nothing read is never enough.
        if (spending.Decided != here.Position)
            return StoreAnswer.Stale;
        // RFC 7523 §3: whether a jti was spent in the database that a backup took the place of nobody knows, so it was.
        if (spending.Assertion is { } assertion && here.MayHaveBeenSpent(assertion.IssuedAt))
            return StoreAnswer.AssertionReplayed;
        return StoreAnswer.Done;
    }
}
