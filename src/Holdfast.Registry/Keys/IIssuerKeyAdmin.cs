namespace Holdfast.Registry;

/// <summary>
/// What an operator does with the signing keys of the issuer. Implemented by the issuer; the admin API calls it. Faults of the database are
/// <see cref="StateUnavailableException"/>.
/// </summary>
public interface IIssuerKeyAdmin
{
    /// <summary>Every key that is known, the newest first; also those that are gone.</summary>
    ValueTask<IReadOnlyList<IssuerKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes a new key and publishes it; it signs as soon as every verifier can have read it (LIFE-04). Where one is waiting for that already,
    /// <see cref="IssuerKeyAnswer.Refused"/>.
    /// </summary>
    ValueTask<IssuerKeyResult> RotateAsync(RegistryActor actor, CancellationToken cancellationToken);

    /// <summary>Ends a key.</summary>
    /// <param name="kid">Which.</param>
    /// <param name="immediately">False: it signs no more and stays published until what it signed has expired (LIFE-03). True: it is taken out at once, and
    /// everything it signed counts for nothing (LIFE-09).</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IssuerKeyResult> RetireAsync(string kid, bool immediately, RegistryActor actor, CancellationToken cancellationToken);
}

/// <summary>How a change of the signing keys ended. The default value says that nothing was changed.</summary>
public enum IssuerKeyAnswer
{
    /// <summary>Nothing is known to be changed.</summary>
    Unspecified = 0,

    /// <summary>It is done.</summary>
    Done = 1,

    /// <summary>There is no such key.</summary>
    NotFound = 2,

    /// <summary>It cannot be done as things stand; the problem says why.</summary>
    Refused = 3,
}

/// <summary>The result of a change of the signing keys.</summary>
/// <param name="Answer">How it ended.</param>
/// <param name="Key">The key that was made or ended, as it is now.</param>
/// <param name="Problem">Why it was refused, in one sentence that names the fix.</param>
public sealed record IssuerKeyResult(IssuerKeyAnswer Answer, IssuerKey? Key = null, string? Problem = null);
